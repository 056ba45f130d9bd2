using Dapper;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>Bookings as people see them: own ones, a department's, or the one behind a link.</summary>
public sealed class BookingListRepository(NpgsqlDataSource dataSource)
{
    private const string Columns =
        """
        bookings.reference, bookings.status, bookings.is_late_cancellation, bookings.booked_at, bookings.pool,
        bookings.department_id, coalesce(people.name, '') as person_name, people.email as person_email,
        runs.run_id, runs.code as run_code, courses.title as course_title, courses.form, runs.status as run_status,
        runs.starts_at, runs.ends_at, runs.time_zone, runs.cancellation_deadline_at, runs.venue_name, runs.town, runs.online_link,
        (select count(*) from sessions where sessions.run_id = runs.run_id and sessions.cancelled_at is null) as session_count,
        exists (select from failed_addresses where failed_addresses.email = lower(people.email)) as is_mail_failing,
        exists (select from invitations where invitations.booking_id = bookings.booking_id and invitations.status = 'active'
                and invitations.reply = 'declined') as is_declined,
        exists (select from invitations where invitations.booking_id = bookings.booking_id and invitations.status = 'active'
                and invitations.reply = 'accepted') as is_accepted
        """;

    private const string Tables =
        """
        from bookings
        join runs on runs.run_id = bookings.run_id
        join courses on courses.course_id = runs.course_id
        left join people on people.person_id = bookings.person_id
        """;

    /// <summary>One booking, when the scope may see it.</summary>
    public async Task<BookingView?> FindAsync(Guid reference, BookingScope scope, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<BookingView>(new CommandDefinition(
            $"""
            select {Columns}
            {Tables}
            where bookings.reference = @reference
              and (@Everything or bookings.department_id = any(@DepartmentIds) or bookings.person_id = @PersonId
                   or bookings.booking_id = @BookingId)
            """,
            new { reference, scope.Everything, DepartmentIds = scope.DepartmentIds.ToArray(), scope.PersonId, scope.BookingId },
            cancellationToken: cancellationToken));
    }

    /// <summary>A person's live bookings, the next first; those that are over or cancelled last, newest first.</summary>
    public async Task<IReadOnlyList<BookingView>> ListForPersonAsync(long personId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<BookingView>(new CommandDefinition(
            $"""
            select {Columns}
            {Tables}
            where bookings.person_id = @personId
            order by (bookings.status = 'cancelled' or runs.ends_at < @now),
                case when bookings.status = 'cancelled' or runs.ends_at < @now then @now - runs.starts_at else runs.starts_at - @now end
            limit 200
            """,
            new { personId, now },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Live bookings of some departments on runs that are not over, by run and name.</summary>
    /// <param name="departmentIds">Only these departments: the secretary's own.</param>
    /// <param name="runId">Only this run, when given.</param>
    /// <param name="now">Runs that ended before this are left out.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<BookingView>> ListForDepartmentsAsync(
        IReadOnlyCollection<long> departmentIds, long? runId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<BookingView>(new CommandDefinition(
            $"""
            select {Columns}
            {Tables}
            where bookings.department_id = any(@departmentIds) and bookings.status <> 'cancelled'
              and (@runId::bigint is null or bookings.run_id = @runId) and runs.ends_at >= @now
            order by runs.starts_at, runs.code, people.name collate "da-x-icu"
            limit 2000
            """,
            new { departmentIds = departmentIds.ToArray(), runId, now },
            cancellationToken: cancellationToken))];
    }
}

/// <summary>A booking with its run and person, as lists and the cancellation page show it.</summary>
public sealed record BookingView
{
    /// <summary>What URLs carry.</summary>
    public required Guid Reference { get; init; }

    /// <summary><c>held</c>, <c>booked</c>, <c>attended</c>, <c>absent</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Whether it was cancelled after the deadline.</summary>
    public required bool IsLateCancellation { get; init; }

    /// <summary>When the seat was taken.</summary>
    public required DateTimeOffset BookedAt { get; init; }

    /// <summary>The pool the seat came from.</summary>
    public required string Pool { get; init; }

    /// <summary>The department that the seat is taken for.</summary>
    public long? DepartmentId { get; init; }

    /// <summary>Who comes; empty for a seat without a name.</summary>
    public required string PersonName { get; init; }

    /// <summary>The person's address.</summary>
    public string? PersonEmail { get; init; }

    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>The run's code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary><c>onsite</c>, <c>online</c> or <c>hybrid</c>.</summary>
    public required string Form { get; init; }

    /// <summary>The run's status.</summary>
    public required string RunStatus { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The zone the run's times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Until when cancelling is in time.</summary>
    public required DateTimeOffset CancellationDeadlineAt { get; init; }

    /// <summary>Where it takes place.</summary>
    public required string VenueName { get; init; }

    /// <summary>The venue's town.</summary>
    public string? Town { get; init; }

    /// <summary>The link of an online run.</summary>
    public string? OnlineLink { get; init; }

    /// <summary>How many sessions the run has.</summary>
    public required long SessionCount { get; init; }

    /// <summary>Whether mails to the person came back.</summary>
    public required bool IsMailFailing { get; init; }

    /// <summary>Whether the person's calendar declined one of the sessions.</summary>
    public required bool IsDeclined { get; init; }

    /// <summary>Whether the person's calendar accepted one of the sessions.</summary>
    public required bool IsAccepted { get; init; }
}
