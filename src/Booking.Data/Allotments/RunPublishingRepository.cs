using Dapper;
using Npgsql;

namespace Booking.Data.Allotments;

/// <summary>Runs as publishing, raising and releasing see them. Whoever needs more than one kind of row locks the run first.</summary>
public sealed class RunPublishingRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Runs whose unused guaranteed seats are to be released now, the longest due first.</summary>
    public async Task<IReadOnlyList<long>> ListDueForReleaseAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(
            """
            select run_id from runs
            where status = 'published' and released_at is null and release_at <= @now
            order by release_at, run_id
            """,
            new { now },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Locks those of the runs that are drafts, so that two publishers cannot both make seats for one.</summary>
    internal async Task<IReadOnlyList<RunToPublish>> LockDraftsAsync(
        NpgsqlTransaction transaction, IReadOnlyCollection<long> runIds, CancellationToken cancellationToken)
    {
        return [.. await transaction.Connection!.QueryAsync<RunToPublish>(new CommandDefinition(
            """
            select run_id, code, plan_year, starts_at, capacity, external_seats
            from runs
            where run_id = any(@runIds) and status = 'draft'
            order by run_id
            for update
            """,
            new { runIds = runIds.ToArray() },
            transaction,
            cancellationToken: cancellationToken))];
    }

    internal async Task<int> MarkPublishedAsync(
        NpgsqlTransaction transaction, IReadOnlyCollection<long> runIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        return await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update runs set status = 'published', published_at = @now where run_id = any(@runIds) and status = 'draft'",
            new { runIds = runIds.ToArray(), now },
            transaction,
            cancellationToken: cancellationToken));
    }

    /// <summary>The highest number among a run's seats; 0 when it has none.</summary>
    internal async Task<int> FindLastSeatNumberAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition(
            "select coalesce(max(number), 0) from seats where run_id = @runId",
            new { runId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>
    /// Raises a published run's capacity, and its external seats before the release; null when it is not published. The run
    /// stays locked against its release.
    /// </summary>
    internal async Task<RaisedRun?> RaiseCapacityAsync(
        NpgsqlTransaction transaction, SeatsToAdd added, CancellationToken cancellationToken)
    {
        return await transaction.Connection!.QuerySingleOrDefaultAsync<RaisedRun>(new CommandDefinition(
            """
            update runs
            set capacity = capacity + @Seats,
                external_seats = external_seats + case when released_at is null then @External else 0 end
            where run_id = @RunId and status = 'published'
            returning plan_year, capacity, released_at is not null as is_released
            """,
            added,
            transaction,
            cancellationToken: cancellationToken));
    }

    /// <summary>Gives free seats of the open pool to the external sectors, the lowest numbers first.</summary>
    /// <returns>How many.</returns>
    internal async Task<int> GiveOpenSeatsAsync(
        NpgsqlTransaction transaction, long runId, int wanted, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            with picked as (
                select number from seats
                where run_id = @runId and pool = 'open' and status = 'free'
                order by number
                limit @wanted
                -- A seat that a reservation holds right now is as good as taken.
                for update skip locked
            )
            update seats set pool = 'external'
            from picked
            where seats.run_id = @runId and seats.number = picked.number
            """,
            new { runId, wanted },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Wins or loses a run's release: of all nodes that try, one gets true.</summary>
    internal async Task<bool> MarkReleasedAsync(
        NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        return await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update runs set released_at = @now
            where run_id = @runId and status = 'published' and released_at is null and release_at <= @now
            """,
            new { runId, now },
            transaction,
            cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>Turns a run's free guaranteed seats into open ones and says which pools they came from.</summary>
    /// <remarks>
    /// The lock is taken without <c>skip locked</c> on purpose. A seat that a reservation has claimed but not committed
    /// looks free to this statement's snapshot; <c>for update</c> waits for that reservation and then looks again: taken
    /// for good, the row no longer matches and stays with its booking; rolled back, it is free and is released with the
    /// rest. Skipping such rows would leave the second kind behind in a pool that nobody may use any more.
    /// The other way round a seat that is being given back does not look free yet. Giving back takes a share lock on the
    /// run first (see SeatRepository.FreeAsync): it either ends before <see cref="MarkReleasedAsync"/> gets the run's
    /// lock, and its seat is seen here, or waits for this release and then frees the seat into the open pool.
    /// </remarks>
    internal async Task<ReleasedSeats> ReleaseFreeSeatsAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken)
    {
        return await transaction.Connection!.QuerySingleAsync<ReleasedSeats>(new CommandDefinition(
            """
            with free as materialized (
                select number, pool from seats
                where run_id = @runId and status = 'free' and pool <> 'open'
                order by number
                for update
            ), released as (
                update seats set pool = 'open', department_id = null
                from free
                where seats.run_id = @runId and seats.number = free.number
                returning free.pool
            )
            select count(*) filter (where pool = 'department') as department_seats,
                count(*) filter (where pool = 'external') as external_seats
            from released
            """,
            new { runId },
            transaction,
            cancellationToken: cancellationToken));
    }

    /// <summary>How long this transaction waits for one lock before it gives up.</summary>
    internal async Task LimitLockWaitAsync(NpgsqlTransaction transaction, TimeSpan limit, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "select set_config('lock_timeout', @milliseconds, true)",
            new { milliseconds = $"{(int)limit.TotalMilliseconds}ms" },
            transaction,
            cancellationToken: cancellationToken));
    }
}

/// <summary>A locked draft.</summary>
internal sealed record RunToPublish
{
    public required long RunId { get; init; }

    public required string Code { get; init; }

    public required int PlanYear { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required int Capacity { get; init; }

    public required int ExternalSeats { get; init; }
}

/// <summary>A locked run after its capacity was raised.</summary>
internal sealed record RaisedRun
{
    public required int PlanYear { get; init; }

    public required int Capacity { get; init; }

    public required bool IsReleased { get; init; }
}

/// <summary>What one release turned into open seats.</summary>
internal sealed record ReleasedSeats
{
    public required long DepartmentSeats { get; init; }

    public required long ExternalSeats { get; init; }
}
