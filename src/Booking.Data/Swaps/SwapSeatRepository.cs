using Dapper;
using Npgsql;

namespace Booking.Data.Swaps;

/// <summary>Guaranteed seats that change hands, and which there are to be swapped.</summary>
public sealed class SwapSeatRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Runs on which departments have unused guaranteed seats before the release, the next first.</summary>
    /// <param name="departmentIds">Only these departments.</param>
    /// <param name="now">Runs whose release time is later.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<UnusedSeats>> ListUnusedAsync(
        IReadOnlyCollection<long> departmentIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<UnusedSeats>(new CommandDefinition(
            """
            select seats.department_id, runs.code as run_code, courses.title as course_title, runs.starts_at, runs.time_zone, count(*) as seats
            from seats
            join runs on runs.run_id = seats.run_id and runs.status = 'published' and runs.released_at is null and runs.release_at > @now
            join courses on courses.course_id = runs.course_id
            where seats.department_id = any(@departmentIds) and seats.pool = 'department' and seats.status = 'free'
            group by seats.department_id, runs.run_id, courses.course_id
            order by runs.starts_at, runs.code
            """,
            new { departmentIds = departmentIds.ToArray(), now },
            cancellationToken: cancellationToken))];
    }

    /// <summary>All departments but these, in Danish order: whom a swap can be proposed to.</summary>
    public async Task<IReadOnlyList<Runs.DepartmentName>> ListOthersAsync(
        IReadOnlyCollection<long> departmentIds, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<Runs.DepartmentName>(new CommandDefinition(
            """
            select department_id, code, name from departments
            where department_id <> all(@departmentIds)
              and exists (select from department_secretaries where department_secretaries.department_id = departments.department_id)
            order by name collate "da-x-icu"
            """,
            new { departmentIds = departmentIds.ToArray() },
            cancellationToken: cancellationToken))];
    }

    /// <summary>A run as a swap needs it; null when there is none of this code that seats of can still be swapped.</summary>
    internal async Task<SwapRun?> FindRunAsync(
        NpgsqlTransaction transaction, string code, long departmentId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<SwapRun>(new CommandDefinition(
            """
            select run_id, release_at,
                (select count(*) from seats
                 where seats.run_id = runs.run_id and pool = 'department' and department_id = @departmentId and seats.status = 'free') as free_seats
            from runs
            where code = @code and status = 'published' and released_at is null and release_at > @now
            """,
            new { code, departmentId, now },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Gives unused guaranteed seats of one department to another.</summary>
    /// <remarks>
    /// The run is locked; reservations do not lock it, so the seat rows are: a seat that is being taken is passed over, and
    /// one that is given away here is not free to be taken by its old department any more.
    /// </remarks>
    /// <returns>How many changed hands: fewer than wanted when there are fewer, and then the caller rolls back.</returns>
    internal async Task<int> GiveAsync(NpgsqlTransaction transaction, SeatTransfer transfer, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            with own as materialized (
                select number from seats
                where run_id = @RunId and pool = 'department' and department_id = @FromDepartmentId and status = 'free'
                order by number
                limit @Seats
                for update skip locked)
            update seats set department_id = @ToDepartmentId
            from own
            where seats.run_id = @RunId and seats.number = own.number
            """,
            transfer,
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Remembers that guarantees changed hands.</summary>
    internal async Task InsertTransferAsync(NpgsqlTransaction transaction, SeatTransfer transfer, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into seat_transfers (run_id, from_department_id, to_department_id, seats, kind, at, actor)
            values (@RunId, @FromDepartmentId, @ToDepartmentId, @Seats, 'swap', @At, @Actor)
            """,
            transfer,
            transaction,
            cancellationToken: cancellationToken));
}

/// <summary>Unused guaranteed seats of one department on one run.</summary>
public sealed record UnusedSeats
{
    /// <summary>Whose they are.</summary>
    public required long DepartmentId { get; init; }

    /// <summary>The run's code.</summary>
    public required string RunCode { get; init; }

    /// <summary>Its course.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>When it starts.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>The zone its times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>How many.</summary>
    public required long Seats { get; init; }
}

internal sealed record SwapRun
{
    public required long RunId { get; init; }

    public required DateTimeOffset ReleaseAt { get; init; }

    public required long FreeSeats { get; init; }
}

internal sealed record SeatTransfer(long RunId, long FromDepartmentId, long ToDepartmentId, int Seats, DateTimeOffset At, string Actor);
