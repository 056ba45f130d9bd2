using Dapper;
using Npgsql;

namespace Booking.Data.Allotments;

/// <summary>Seats that leave a run, and what stands in the way of it.</summary>
public sealed class SeatRemovalRepository
{
    /// <summary>
    /// Takes free seats that are promised to no department out of a run: open ones first and, when asked for, those of the
    /// external sectors; of each kind those that nobody ever had first.
    /// </summary>
    /// <remarks>
    /// The caller has the run locked, so no seat becomes free meanwhile. A seat that a reservation holds right now is as good as
    /// taken. A seat that somebody had once stays as a closed row, because the cancelled booking still tells of it.
    /// </remarks>
    internal async Task<RemovedSeats> RemoveAsync(
        NpgsqlTransaction transaction, long runId, int wanted, bool alsoExternal, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<RemovedSeats>(new CommandDefinition(
            """
            with picked as materialized (
                select number, pool, exists (
                    select from bookings where bookings.run_id = seats.run_id and bookings.seat_number = seats.number) as was_used
                from seats
                where run_id = @runId and status = 'free' and (pool = 'open' or (@alsoExternal and pool = 'external'))
                order by pool = 'external', was_used, number desc
                limit @wanted
                for update skip locked
            ), deleted as (
                delete from seats
                using picked
                where seats.run_id = @runId and seats.number = picked.number and not picked.was_used
            ), closed as (
                update seats set status = 'closed'
                from picked
                where seats.run_id = @runId and seats.number = picked.number and picked.was_used
            )
            select count(*)::int as seats, count(*) filter (where pool = 'external')::int as external_seats
            from picked
            """,
            new { runId, wanted, alsoExternal },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>A published run has fewer seats now.</summary>
    /// <remarks>After the release the number of external seats is history, and may be more than the seats that are left.</remarks>
    internal async Task LowerCapacityAsync(
        NpgsqlTransaction transaction, long runId, RemovedSeats removed, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update runs
            set capacity = capacity - @Seats, external_seats = least(external_seats - @ExternalSeats, capacity - @Seats)
            where run_id = @runId
            """,
            new { runId, removed.Seats, removed.ExternalSeats },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Who has the seats of a run: the departments in Danish order, then the external sectors, then everybody.</summary>
    internal async Task<IReadOnlyList<SeatHolder>> ListHoldersAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, long runId, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<SeatHolder>(new CommandDefinition(
            """
            select seats.pool, seats.department_id, departments.name as department_name,
                count(*) filter (where seats.status = 'taken')::int as taken,
                count(*) filter (where seats.status = 'free')::int as free
            from seats
            left join departments on departments.department_id = seats.department_id
            where seats.run_id = @runId and seats.status <> 'closed'
            group by seats.pool, seats.department_id, departments.name
            order by array_position(array['department', 'external', 'open'], seats.pool), departments.name collate "da-x-icu"
            """,
            new { runId },
            transaction,
            cancellationToken: cancellationToken))];
}

/// <summary>Seats that left a run.</summary>
internal sealed record RemovedSeats
{
    public required int Seats { get; init; }

    /// <summary>How many of them were the external sectors'.</summary>
    public required int ExternalSeats { get; init; }
}

/// <summary>The seats of one pool of a run.</summary>
public sealed record SeatHolder
{
    /// <summary><c>department</c>, <c>external</c> or <c>open</c>.</summary>
    public required string Pool { get; init; }

    /// <summary>The department of a department's pool.</summary>
    public long? DepartmentId { get; init; }

    /// <summary>Its name.</summary>
    public string? DepartmentName { get; init; }

    /// <summary>Seats that somebody has.</summary>
    public required int Taken { get; init; }

    /// <summary>Seats that nobody has; of a department or the sectors: guaranteed and unused.</summary>
    public required int Free { get; init; }
}
