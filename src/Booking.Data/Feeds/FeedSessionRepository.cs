using Dapper;
using Npgsql;

namespace Booking.Data.Feeds;

/// <summary>What stands in the calendars of a person and of a run, and when it changed. A department's sessions are the desk's.</summary>
public sealed class FeedSessionRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Sessions of runs that the person is booked on, by their start.</summary>
    /// <param name="personId">The person.</param>
    /// <param name="from">Sessions that end after this.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<FeedSession>> ListForPersonAsync(long personId, DateTimeOffset from, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<FeedSession>(new CommandDefinition(
            """
            select concat_ws('/', 'person-feed', bookings.booking_id, sessions.session_id) as key,
                sessions.number, sessions.starts_at, sessions.ends_at, runs.code as run_code, runs.time_zone, courses.title as course_title,
                concat_ws(', ', nullif(runs.venue_name, ''), nullif(runs.venue_address, ''),
                    nullif(concat_ws(' ', runs.postal_code, runs.town), ''), nullif(runs.online_link, '')) as place,
                (select count(*)::integer from sessions others where others.run_id = runs.run_id and others.cancelled_at is null) as session_count,
                coalesce(invitations.sequence, 0) as sequence,
                greatest(bookings.booked_at,
                    (select at from audit_entries where audit_entries.run_id = runs.run_id order by audit_id desc limit 1)) as changed_at
            from bookings
            join runs on runs.run_id = bookings.run_id and runs.status in ('published', 'completed')
            join courses on courses.course_id = runs.course_id
            join sessions on sessions.run_id = runs.run_id and sessions.cancelled_at is null
            left join invitations on invitations.booking_id = bookings.booking_id and invitations.session_id = sessions.session_id
            where bookings.person_id = @personId and bookings.status in ('booked', 'attended', 'absent') and sessions.ends_at > @from
            order by sessions.starts_at, runs.code
            """,
            new { personId, from },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Every session of a published or completed run, by its start; none when there is no such run.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <remarks>Open to all, so without the online link.</remarks>
    public async Task<IReadOnlyList<FeedSession>> ListForRunAsync(string code, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<FeedSession>(new CommandDefinition(
            """
            select concat_ws('/', 'run-feed', sessions.session_id) as key,
                sessions.number, sessions.starts_at, sessions.ends_at, runs.code as run_code, runs.time_zone, courses.title as course_title,
                concat_ws(', ', nullif(runs.venue_name, ''), nullif(runs.venue_address, ''),
                    nullif(concat_ws(' ', runs.postal_code, runs.town), '')) as place,
                (select count(*)::integer from sessions others where others.run_id = runs.run_id and others.cancelled_at is null) as session_count,
                coalesce((select max(sequence) from invitations where invitations.session_id = sessions.session_id), 0) as sequence,
                coalesce(
                    (select at from audit_entries where audit_entries.run_id = runs.run_id order by audit_id desc limit 1),
                    runs.published_at, to_timestamp(0)) as changed_at
            from runs
            join courses on courses.course_id = runs.course_id
            join sessions on sessions.run_id = runs.run_id and sessions.cancelled_at is null
            where runs.code = @code and runs.status in ('published', 'completed')
            order by sessions.starts_at
            """,
            new { code },
            cancellationToken: cancellationToken))];
    }

    /// <summary>When a booking of the person last began or ended; null when there never was one.</summary>
    /// <remarks>A booking that ended takes its sessions out of the feed, so it counts as a change.</remarks>
    public async Task<DateTimeOffset?> FindLastChangeAsync(long personId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<DateTimeOffset?>(new CommandDefinition(
            "select max(greatest(booked_at, cancelled_at)) from bookings where person_id = @personId",
            new { personId },
            cancellationToken: cancellationToken));
    }

    /// <summary>The department of a feed.</summary>
    public async Task<FeedDepartment> GetDepartmentAsync(long departmentId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<FeedDepartment>(new CommandDefinition(
            """
            select departments.department_id, departments.name,
                greatest(
                    (select max(cancelled_at) from bookings where bookings.department_id = @departmentId),
                    (select max(at) from seat_transfers where @departmentId in (from_department_id, to_department_id)),
                    (select max(greatest(released_at, cancelled_at)) from runs
                     where run_id in (select run_id from allotments where allotments.department_id = @departmentId))) as changed_at
            from departments
            where departments.department_id = @departmentId
            """,
            new { departmentId },
            cancellationToken: cancellationToken));
    }
}

/// <summary>The department of a feed.</summary>
public sealed record FeedDepartment
{
    /// <summary>The department.</summary>
    public required long DepartmentId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The latest change that may have taken something out of the feed: a booking that ended, seats handed back. Null when there was none.</summary>
    public DateTimeOffset? ChangedAt { get; init; }
}

/// <summary>One session in a calendar.</summary>
public sealed record FeedSession
{
    /// <summary>Names the session in this calendar for ever.</summary>
    public required string Key { get; init; }

    /// <summary>Which one of the run's sessions.</summary>
    public required int Number { get; init; }

    /// <summary>How many sessions the run has.</summary>
    public required int SessionCount { get; init; }

    /// <summary>When it starts.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The run's code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>The run's zone.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>Venue, address and, for those who may know it, the online link; as far as there are any.</summary>
    public required string Place { get; init; }

    /// <summary>Rises whenever the session moves while it stands in somebody's calendar.</summary>
    public required int Sequence { get; init; }

    /// <summary>When something last happened to the run or, in a person's calendar, to the booking.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}
