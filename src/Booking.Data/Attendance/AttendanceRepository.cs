using Dapper;
using Npgsql;

namespace Booking.Data.Attendance;

/// <summary>Attendance as screens and mails read it. It is written through <see cref="AttendanceMarkRepository"/>.</summary>
public sealed class AttendanceRepository(NpgsqlDataSource dataSource)
{
    private const string Select =
        """
        select runs.run_id, runs.code as run_code, courses.title as course_title, runs.status, runs.time_zone, runs.starts_at,
            runs.ends_at, runs.venue_name, nullif(btrim(runs.instructor_email), '') as instructor,
            runs.attendance_settled_at as settled_at, runs.attendance_assumed as is_assumed,
            (select count(*)::int from bookings
             where bookings.run_id = runs.run_id and bookings.status in ('booked', 'attended', 'absent')) as participants
        from runs
        join courses on courses.course_id = runs.course_id
        """;

    /// <summary>A run with its sessions; null when there is none, or only a draft.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public Task<AttendanceRun?> FindAsync(string code, CancellationToken cancellationToken) =>
        FindAsync($"{Select} where runs.code = @code and runs.status <> 'draft'", new { code }, cancellationToken);

    /// <summary>A run with its sessions, by its id; null when there is none.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public Task<AttendanceRun?> FindAsync(long runId, CancellationToken cancellationToken) =>
        FindAsync($"{Select} where runs.run_id = @runId", new { runId }, cancellationToken);

    /// <summary>The run that a mailed link is for; null when it is unknown, over, or its owner does not teach the run any more.</summary>
    /// <param name="tokenHash">SHA-256 of the link's secret.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public Task<AttendanceRun?> FindByTokenAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        FindAsync(
            $"""
            {Select}
            join links on links.run_id = runs.run_id and lower(links.owner_email) = lower(btrim(runs.instructor_email))
            where links.token_hash = @tokenHash and links.purpose = 'attendance.mark' and links.expires_at > @now
              and links.revoked_at is null and runs.status <> 'draft'
            """,
            new { tokenHash, now },
            cancellationToken);

    /// <summary>Everybody who has a seat on a run, by name, with the mark of one session.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<AttendancePerson>> ListPeopleAsync(long runId, long sessionId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<AttendancePerson>(new CommandDefinition(
            """
            select bookings.reference, people.name, coalesce(departments.name, people.workplace) as organisation, marks.is_present
            from bookings
            join people on people.person_id = bookings.person_id
            left join departments on departments.department_id = bookings.department_id
            left join attendance_marks as marks on marks.booking_id = bookings.booking_id and marks.session_id = @sessionId
            where bookings.run_id = @runId and bookings.status in ('booked', 'attended', 'absent')
            order by people.name collate "da-x-icu", bookings.booking_id
            """,
            new { runId, sessionId },
            cancellationToken: cancellationToken))];
    }

    /// <summary>The runs that somebody teaches and that take place, or did, the latest first.</summary>
    /// <param name="email">The instructor's address.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<TaughtRun>> ListTaughtAsync(string email, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<TaughtRun>(new CommandDefinition(
            """
            select runs.code as run_code, courses.title as course_title, runs.time_zone, runs.starts_at, runs.ends_at, runs.venue_name,
                runs.town, counted.participants, counted.unmarked, runs.attendance_settled_at is not null as is_settled,
                runs.attendance_assumed as is_assumed
            from runs
            join courses on courses.course_id = runs.course_id
            cross join lateral (
                select count(*)::int as participants,
                    count(*) filter (where not exists (
                        select from attendance_marks where attendance_marks.booking_id = bookings.booking_id))::int as unmarked
                from bookings
                where bookings.run_id = runs.run_id and bookings.status in ('booked', 'attended', 'absent')) as counted
            where lower(runs.instructor_email) = lower(@email) and runs.status in ('published', 'completed')
            order by runs.starts_at desc, runs.code
            """,
            new { email },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Whether somebody on a run has no mark of one of its sessions.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<bool> IsLackingAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            $"select {AttendanceMarkRepository.IsLacking}", new { runId }, cancellationToken: cancellationToken));
    }

    private async Task<AttendanceRun?> FindAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var run = await connection.QuerySingleOrDefaultAsync<AttendanceRun>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        return run is null ? null : run with
        {
            Sessions = [.. await connection.QueryAsync<AttendanceSession>(new CommandDefinition(
                """
                select session_id, number, starts_at, ends_at from sessions
                where run_id = @RunId and cancelled_at is null
                order by number
                """,
                new { run.RunId },
                cancellationToken: cancellationToken))],
        };
    }
}
