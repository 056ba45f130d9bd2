using Dapper;
using Npgsql;

namespace Booking.Data.Allotments;

/// <summary>Guaranteed seats that change hands after they were allotted.</summary>
public sealed class SeatTransferRepository
{
    /// <summary>Turns unused guaranteed seats of one department into open ones.</summary>
    /// <remarks>
    /// <c>skip locked</c>, because a reservation that has one of them in hand may want the run's lock, which this transaction
    /// has. The last seats first: reservations take the first ones.
    /// </remarks>
    /// <returns>How many seats.</returns>
    internal async Task<int> OpenUnusedAsync(
        NpgsqlTransaction transaction, long runId, long departmentId, int? seats, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            with unused as materialized (
                select number from seats
                where run_id = @runId and pool = 'department' and department_id = @departmentId and status = 'free'
                order by number desc
                limit (select @seats::integer)
                for update skip locked
            )
            update seats set pool = 'open', department_id = null
            from unused
            where seats.run_id = @runId and seats.number = unused.number
            """,
            new { runId, departmentId, seats },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Notes a hand back: the department's guarantee is smaller from now on.</summary>
    internal async Task InsertHandBackAsync(NpgsqlTransaction transaction, HandBack handBack, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into seat_transfers (run_id, from_department_id, seats, kind, at, actor)
            values (@RunId, @DepartmentId, @Seats, 'hand_back', @At, @Actor)
            """,
            handBack,
            transaction,
            cancellationToken: cancellationToken));
}

internal sealed record HandBack(long RunId, long DepartmentId, int Seats, DateTimeOffset At, string Actor);
