using Dapper;
using Npgsql;

namespace Booking.Data.Swaps;

/// <summary>Swaps of guaranteed seats between departments, as the use cases write them and the pages read them.</summary>
public sealed class SwapRepository(NpgsqlDataSource dataSource)
{
    private const string SelectView =
        """
        select swap_id, reference, seat_swaps.status, from_department_id, giver.name as from_department, to_department_id,
            taker.name as to_department, offered_seats, offered.code as offered_run, offered_course.title as offered_course,
            offered.starts_at as offered_starts_at, offered.status = 'cancelled' as is_offered_run_cancelled, wanted_seats, wanted.code as wanted_run, wanted_course.title as wanted_course,
            wanted.starts_at as wanted_starts_at, proposed_at, expires_at, decided_at, offered.time_zone
        from seat_swaps
        join departments giver on giver.department_id = from_department_id
        join departments taker on taker.department_id = to_department_id
        join runs offered on offered.run_id = offered_run_id
        join courses offered_course on offered_course.course_id = offered.course_id
        left join runs wanted on wanted.run_id = wanted_run_id
        left join courses wanted_course on wanted_course.course_id = wanted.course_id
        """;

    /// <summary>Swaps that some departments propose or are asked for: open ones first, then the latest.</summary>
    /// <param name="departmentIds">Only these departments: the secretary's own.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<SwapView>> ListAsync(
        IReadOnlyCollection<long> departmentIds, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<SwapView>(new CommandDefinition(
            $"""
            {SelectView}
            where from_department_id = any(@departmentIds) or to_department_id = any(@departmentIds)
            order by seat_swaps.status = 'proposed' desc, coalesce(decided_at, proposed_at) desc, swap_id desc
            limit @limit
            """,
            new { departmentIds = departmentIds.ToArray(), limit },
            cancellationToken: cancellationToken))];
    }

    /// <summary>One swap for a mail.</summary>
    /// <exception cref="InvalidOperationException">There is no such swap.</exception>
    public async Task<SwapView> GetAsync(long swapId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<SwapView>(new CommandDefinition(
            $"{SelectView} where swap_id = @swapId", new { swapId }, cancellationToken: cancellationToken));
    }

    /// <summary>A swap that one of these departments may answer or take back; null when there is none. Not locked.</summary>
    internal async Task<SeatSwap?> FindAsync(
        NpgsqlTransaction transaction, Guid reference, IReadOnlyCollection<long> departmentIds, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<SeatSwap>(new CommandDefinition(
            $"""
            select {SeatSwap.Columns} from seat_swaps
            where reference = @reference and (from_department_id = any(@departmentIds) or to_department_id = any(@departmentIds))
            """,
            new { reference, departmentIds = departmentIds.ToArray() },
            transaction,
            cancellationToken: cancellationToken));

    internal async Task<SeatSwap> InsertAsync(NpgsqlTransaction transaction, NewSwap swap, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<SeatSwap>(new CommandDefinition(
            $"""
            insert into seat_swaps (from_department_id, to_department_id, offered_run_id, offered_seats, wanted_run_id, wanted_seats,
                proposed_by, proposed_at, expires_at)
            values (@FromDepartmentId, @ToDepartmentId, @OfferedRunId, @OfferedSeats, @WantedRunId, @WantedSeats, @ProposedBy, @ProposedAt, @ExpiresAt)
            returning {SeatSwap.Columns}
            """,
            swap,
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Answers, takes back or ends a proposal, once: whoever comes second changes no row.</summary>
    /// <returns>Whether it was open until now.</returns>
    internal async Task<bool> DecideAsync(
        NpgsqlTransaction transaction, long swapId, string status, string decidedBy, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update seat_swaps set status = @status, decided_by = @decidedBy, decided_at = @now
            where swap_id = @swapId and status = 'proposed'
            """,
            new { swapId, status, decidedBy, now },
            transaction,
            cancellationToken: cancellationToken)) == 1;

    /// <summary>Ends proposals whose time is over, or one of whose runs is not published any more.</summary>
    internal async Task<IReadOnlyList<SeatSwap>> ExpireAsync(NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<SeatSwap>(new CommandDefinition(
            $"""
            with due as materialized (
                select swap_id from seat_swaps
                where status = 'proposed'
                  and (expires_at <= @now or exists (
                    select from runs where run_id in (offered_run_id, wanted_run_id) and (status <> 'published' or released_at is not null)))
                for update skip locked)
            update seat_swaps set status = 'expired', decided_by = 'swaps', decided_at = @now
            where swap_id in (select swap_id from due)
            returning {SeatSwap.Columns}
            """,
            new { now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>The addresses of a department's secretaries.</summary>
    internal async Task<IReadOnlyList<string>> ListSecretariesAsync(
        NpgsqlTransaction transaction, long departmentId, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            "select email from department_secretaries where department_id = @departmentId order by lower(email)",
            new { departmentId },
            transaction,
            cancellationToken: cancellationToken))];
}

internal sealed record NewSwap(
    long FromDepartmentId, long ToDepartmentId, long OfferedRunId, int OfferedSeats, long? WantedRunId, int WantedSeats,
    string ProposedBy, DateTimeOffset ProposedAt, DateTimeOffset ExpiresAt);
