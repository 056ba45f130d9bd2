using Dapper;
using Npgsql;

namespace Booking.Data.Desk;

/// <summary>What a department's secretary has on the desk: the runs on which the department has seats, bookings or people waiting.</summary>
public sealed class DeskRepository(NpgsqlDataSource dataSource)
{
    // One row per run and department, from three indexes that begin with the department.
    private const string Mine =
        """
        mine as (
            select run_id, department_id, sum(own)::integer as own_seats, sum(unused)::integer as unused_seats,
                sum(used)::integer as used_seats, sum(held)::integer as held_seats, sum(waiting)::integer as waiting,
                min(held_until) as held_until
            from (
                select run_id, department_id, 1 as own, case when status = 'free' then 1 else 0 end as unused, 0 as used, 0 as held,
                    0 as waiting, null::timestamptz as held_until
                from seats
                where department_id = any(@departmentIds) and status <> 'closed'
                union all
                select run_id, department_id, 0, 0, case when held_for = 'name' and status = 'held' then 0 else 1 end,
                    case when held_for = 'name' and status = 'held' then 1 else 0 end, 0,
                    case when held_for = 'name' and status = 'held' then held_until end
                from bookings
                where department_id = any(@departmentIds) and status <> 'cancelled'
                union all
                select run_id, department_id, 0, 0, 0, 0, 1, null
                from waiting_list_entries
                where department_id = any(@departmentIds) and status in ('waiting', 'offered')) as parts
            group by run_id, department_id)
        """;

    private const string Columns =
        """
        runs.run_id, runs.code as run_code, courses.title as course_title, departments.department_id, departments.code as department_code,
        departments.name as department_name, runs.status, runs.starts_at, runs.ends_at, runs.time_zone, runs.sign_up_opens_at,
        runs.sign_up_closes_at, runs.release_at, runs.released_at, runs.cancellation_deadline_at,
        coalesce(mine.own_seats, 0) as own_seats, coalesce(mine.unused_seats, 0) as unused_seats, coalesce(mine.used_seats, 0) as used_seats,
        coalesce(mine.held_seats, 0) as held_seats, coalesce(mine.waiting, 0) as waiting, mine.held_until
        """;

    /// <summary>One page of the desk, the next run first.</summary>
    /// <param name="departmentIds">The secretary's departments.</param>
    /// <param name="comingOnly">Only published runs that are not over.</param>
    /// <param name="now">The time.</param>
    /// <param name="page">Which rows.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<DeskPage> ListAsync(
        IReadOnlyCollection<long> departmentIds, bool comingOnly, DateTimeOffset now, DeskSlice page, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<DeskRun>(new CommandDefinition(
            $"""
            with {Mine}
            select {Columns}, count(*) over ()::integer as all_rows
            from mine
            join runs on runs.run_id = mine.run_id
            join courses on courses.course_id = runs.course_id
            join departments on departments.department_id = mine.department_id
            where runs.status <> 'draft' and (not @comingOnly or (runs.status = 'published' and runs.ends_at >= @now))
            order by case when runs.ends_at >= @now then 0 else 1 end,
                case when runs.ends_at >= @now then runs.starts_at - @now else @now - runs.starts_at end,
                runs.code, departments.name collate "da-x-icu"
            limit @Size offset @Skip
            """,
            new { departmentIds = departmentIds.ToArray(), comingOnly, now, page.Size, page.Skip },
            cancellationToken: cancellationToken))).AsList();
        return new DeskPage(rows, rows.Count == 0 ? 0 : rows[0].AllRows);
    }

    /// <summary>One run as one department's desk shows it, also when the department has nothing on it yet; null when there is none.</summary>
    public async Task<DeskRun?> FindAsync(string runCode, long departmentId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<DeskRun>(new CommandDefinition(
            $"""
            with {Mine}
            select {Columns}
            from runs
            join courses on courses.course_id = runs.course_id
            join departments on departments.department_id = @departmentId
            left join mine on mine.run_id = runs.run_id and mine.department_id = departments.department_id
            where runs.code = @runCode and runs.status <> 'draft'
            """,
            new { runCode, departmentId, departmentIds = new[] { departmentId } },
            cancellationToken: cancellationToken));
    }
}

/// <summary>Which rows of a long list.</summary>
/// <param name="Size">How many.</param>
/// <param name="Skip">How many before them.</param>
public sealed record DeskSlice(int Size, int Skip);

/// <summary>One page of the desk.</summary>
/// <param name="Runs">Its rows.</param>
/// <param name="AllRows">How many rows all pages have.</param>
public sealed record DeskPage(IReadOnlyList<DeskRun> Runs, int AllRows);

/// <summary>One run with one department's figures on it.</summary>
public sealed record DeskRun
{
    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>The run's code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>The department.</summary>
    public required long DepartmentId { get; init; }

    /// <summary>The department's code.</summary>
    public required string DepartmentCode { get; init; }

    /// <summary>The department's name.</summary>
    public required string DepartmentName { get; init; }

    /// <summary>The run's status.</summary>
    public required string Status { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The zone the run's times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>When sign-up opens.</summary>
    public required DateTimeOffset SignUpOpensAt { get; init; }

    /// <summary>The sign-up stop.</summary>
    public required DateTimeOffset SignUpClosesAt { get; init; }

    /// <summary>When unused guaranteed seats are released.</summary>
    public required DateTimeOffset ReleaseAt { get; init; }

    /// <summary>When they were.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>Until when cancelling is in time.</summary>
    public required DateTimeOffset CancellationDeadlineAt { get; init; }

    /// <summary>Guaranteed seats, used and unused; only those in use after the release.</summary>
    public required int OwnSeats { get; init; }

    /// <summary>Guaranteed seats that nobody has.</summary>
    public required int UnusedSeats { get; init; }

    /// <summary>Seats of any pool with a person of the department.</summary>
    public required int UsedSeats { get; init; }

    /// <summary>Seats of any pool that the department holds without a name.</summary>
    public required int HeldSeats { get; init; }

    /// <summary>People of the department who wait, or have an offer.</summary>
    public required int Waiting { get; init; }

    /// <summary>When the first seat without a name is released.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>How many rows the whole list has.</summary>
    public int AllRows { get; init; }
}
