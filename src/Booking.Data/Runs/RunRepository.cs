using Dapper;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>Runs as the booking pages need them. The open catalogue has its own reads.</summary>
public sealed class RunRepository(NpgsqlDataSource dataSource)
{
    private const string ForBooking =
        """
        select runs.run_id, runs.code as run_code, runs.status, runs.starts_at, runs.ends_at, runs.time_zone,
            runs.sign_up_opens_at, runs.sign_up_closes_at, runs.release_at, runs.released_at, runs.cancellation_deadline_at,
            runs.venue_name, runs.town, courses.title as course_title, courses.code as course_code, courses.form,
            courses.is_cross_sector, courses.sectors, courses.external_price, courses.target_groups, courses.audience_explanation,
            runs.waiting_list_mode, runs.offer_working_hours,
            (select count(*) from sessions where sessions.run_id = runs.run_id and sessions.cancelled_at is null) as session_count
        from runs
        join courses on courses.course_id = runs.course_id
        where runs.code = @code and runs.status <> 'draft'
        """;

    private const string Departments =
        """
        select department_id, code, name from departments
        where department_id = any(@departmentIds)
        order by name collate "da-x-icu"
        """;

    /// <summary>What the pages for reserving and signing up say about a run; null when there is no such published or cancelled run.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<RunForBooking?> FindForBookingAsync(string code, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<RunForBooking>(new CommandDefinition(
            ForBooking,
            new { code },
            cancellationToken: cancellationToken));
    }

    /// <summary>What a secretary who wants seats sees, in one round trip; null when there is no such published or cancelled run.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="departmentIds">The secretary's departments.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<RunToReserve?> FindToReserveAsync(
        string code, IReadOnlyCollection<long> departmentIds, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var answers = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            {ForBooking};

            {Departments};

            select department_id, count(*) as seats
            from seats
            where run_id = (select run_id from runs where code = @code) and status = 'free'
              and (pool = 'open' or (pool = 'department' and department_id = any(@departmentIds)))
            group by department_id
            """,
            new { code, departmentIds = departmentIds.ToArray() },
            cancellationToken: cancellationToken));
        if (await answers.ReadSingleOrDefaultAsync<RunForBooking>() is not { } run)
        {
            return null;
        }

        return new RunToReserve
        {
            Run = run,
            Departments = (await answers.ReadAsync<DepartmentName>()).AsList(),
            Free = (await answers.ReadAsync<FreeOf>()).AsList(),
        };
    }

    /// <summary>The free seats of a run as they are now, by pool.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="departmentIds">Departments whose guaranteed seats are counted.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<FreeSeats> CountFreeSeatsAsync(
        long runId, IReadOnlyCollection<long> departmentIds, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<FreeSeats>(new CommandDefinition(
            """
            select count(*) filter (where pool = 'department' and department_id = any(@departmentIds)) as own,
                count(*) filter (where pool = 'external') as external,
                count(*) filter (where pool = 'open') as open
            from seats
            where run_id = @runId and status = 'free'
            """,
            new { runId, departmentIds = departmentIds.ToArray() },
            cancellationToken: cancellationToken));
    }

    /// <summary>The departments of a secretary, with their names, in Danish order.</summary>
    public async Task<IReadOnlyList<DepartmentName>> ListDepartmentsAsync(
        IReadOnlyCollection<long> departmentIds, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<DepartmentName>(new CommandDefinition(
            Departments,
            new { departmentIds = departmentIds.ToArray() },
            cancellationToken: cancellationToken))];
    }
}

/// <summary>A department to choose.</summary>
public sealed record DepartmentName
{
    /// <summary>The department.</summary>
    public required long DepartmentId { get; init; }

    /// <summary>Its code, such as <c>PSN-A</c>.</summary>
    public required string Code { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }
}

/// <summary>Free seats of a run, by who may take them.</summary>
public sealed record FreeSeats
{
    /// <summary>Guaranteed seats of the departments asked for.</summary>
    public required long Own { get; init; }

    /// <summary>Seats of the external sectors.</summary>
    public required long External { get; init; }

    /// <summary>Seats for everybody.</summary>
    public required long Open { get; init; }
}

/// <summary>A run as the pages for reserving and signing up show it.</summary>
public sealed record RunForBooking
{
    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>The run's code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>One of <see cref="RunStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The zone its times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>When sign-up opens.</summary>
    public required DateTimeOffset SignUpOpensAt { get; init; }

    /// <summary>The sign-up stop.</summary>
    public required DateTimeOffset SignUpClosesAt { get; init; }

    /// <summary>When unused guaranteed seats go to the open pool.</summary>
    public required DateTimeOffset ReleaseAt { get; init; }

    /// <summary>When they went.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>Until when cancelling is in time.</summary>
    public required DateTimeOffset CancellationDeadlineAt { get; init; }

    /// <summary>Where it takes place.</summary>
    public required string VenueName { get; init; }

    /// <summary>The venue's town.</summary>
    public string? Town { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>The course's code.</summary>
    public required string CourseCode { get; init; }

    /// <summary><c>onsite</c>, <c>online</c> or <c>hybrid</c>.</summary>
    public required string Form { get; init; }

    /// <summary>Whether people from other sectors may sign up.</summary>
    public required bool IsCrossSector { get; init; }

    /// <summary>Which sectors.</summary>
    public required string[] Sectors { get; init; }

    /// <summary>What an external seat costs, in kroner; null or 0 when it is free.</summary>
    public decimal? ExternalPrice { get; init; }

    /// <summary>Who the course is for, when not for everybody.</summary>
    public required string[] TargetGroups { get; init; }

    /// <summary>Why it is not for everybody.</summary>
    public string? AudienceExplanation { get; init; }

    /// <summary>How its waiting list is served: one of <see cref="WaitingListModes"/>.</summary>
    public required string WaitingListMode { get; init; }

    /// <summary>For how many working hours an offer stands.</summary>
    public required int OfferWorkingHours { get; init; }

    /// <summary>How many sessions the run has.</summary>
    public required long SessionCount { get; init; }

    /// <summary>The part that decides whether a seat may be taken.</summary>
    public RunTimes Times => new()
    {
        RunId = RunId,
        RunCode = RunCode,
        Status = Status,
        StartsAt = StartsAt,
        SignUpOpensAt = SignUpOpensAt,
        SignUpClosesAt = SignUpClosesAt,
        CancellationDeadlineAt = CancellationDeadlineAt,
    };
}
