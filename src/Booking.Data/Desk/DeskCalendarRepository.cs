using Dapper;
using Npgsql;

namespace Booking.Data.Desk;

/// <summary>The sessions of a department's runs: the calendar on the desk, and the feed.</summary>
public sealed class DeskCalendarRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Sessions of published and completed runs on which the departments have seats or bookings, by their start.</summary>
    /// <param name="departmentIds">The departments.</param>
    /// <param name="from">Sessions that end after this.</param>
    /// <param name="to">Sessions that start before this; null for all.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<DeskSession>> ListAsync(
        IReadOnlyCollection<long> departmentIds, DateTimeOffset from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<DeskSession>(new CommandDefinition(
            """
            with mine as (
                select run_id, department_id, sum(taken)::integer as taken_seats, sum(unused)::integer as unused_seats
                from (
                    select run_id, department_id, 0 as taken, 1 as unused
                    from seats
                    where department_id = any(@departmentIds) and status = 'free'
                    union all
                    select run_id, department_id, 1, 0
                    from bookings
                    where department_id = any(@departmentIds) and status <> 'cancelled') as parts
                group by run_id, department_id
            )
            select sessions.session_id, sessions.number, sessions.starts_at, sessions.ends_at, runs.run_id, runs.code as run_code,
                runs.time_zone, courses.title as course_title, mine.department_id, departments.name as department_name,
                mine.taken_seats, mine.unused_seats, runs.venue_name, runs.venue_address, runs.postal_code, runs.town,
                (select count(*)::integer from sessions others where others.run_id = runs.run_id and others.cancelled_at is null) as session_count,
                coalesce((select max(sequence) from invitations where invitations.session_id = sessions.session_id), 0) as sequence,
                coalesce(
                    (select at from audit_entries where audit_entries.run_id = runs.run_id order by audit_id desc limit 1),
                    runs.published_at, to_timestamp(0)) as changed_at
            from mine
            join runs on runs.run_id = mine.run_id and runs.status in ('published', 'completed')
            join courses on courses.course_id = runs.course_id
            join departments on departments.department_id = mine.department_id
            join sessions on sessions.run_id = runs.run_id and sessions.cancelled_at is null
            where sessions.ends_at > @from and (@to::timestamptz is null or sessions.starts_at < @to)
            order by sessions.starts_at, runs.code, departments.name collate "da-x-icu"
            """,
            new { departmentIds = departmentIds.ToArray(), from, to },
            cancellationToken: cancellationToken))];
    }
}

/// <summary>One session of a run on which a department has seats or bookings.</summary>
public sealed record DeskSession
{
    /// <summary>The session.</summary>
    public required long SessionId { get; init; }

    /// <summary>Which one of the run's sessions.</summary>
    public required int Number { get; init; }

    /// <summary>How many sessions the run has.</summary>
    public required int SessionCount { get; init; }

    /// <summary>When it starts.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>The run's code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>The run's zone.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>The department.</summary>
    public required long DepartmentId { get; init; }

    /// <summary>Its name.</summary>
    public required string DepartmentName { get; init; }

    /// <summary>Seats that the department has people on, or holds.</summary>
    public required int TakenSeats { get; init; }

    /// <summary>Guaranteed seats that nobody has.</summary>
    public required int UnusedSeats { get; init; }

    /// <summary>Where it takes place.</summary>
    public required string VenueName { get; init; }

    /// <summary>Street and number.</summary>
    public string? VenueAddress { get; init; }

    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>Town.</summary>
    public string? Town { get; init; }

    /// <summary>Rises whenever the session moves while it stands in somebody's calendar.</summary>
    public required int Sequence { get; init; }

    /// <summary>When something last happened to the run.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}
