using Booking.Data.Bookings;
using Booking.Data.Runs;
using Dapper;
using Npgsql;

namespace Booking.Data.WaitingLists;

/// <summary>Waiting list entries with their places, as screens and mails show them.</summary>
public sealed class WaitingPlaceRepository(NpgsqlDataSource dataSource)
{
    // Who is ahead: only those who still wait, and can be booked. Whoever has an offer has a seat in hand, and is ahead no more.
    private const string Select =
        """
        select waiting_list_entries.entry_id, waiting_list_entries.reference, waiting_list_entries.status,
            waiting_list_entries.joined_at, waiting_list_entries.source, waiting_list_entries.offer_expires_at,
            waiting_list_entries.ended_at, waiting_list_entries.department_id, departments.name as department_name,
            people.person_id, people.name as person_name, people.is_active,
            runs.run_id, runs.code as run_code, runs.status as run_status, runs.starts_at, runs.ends_at, runs.time_zone,
            runs.venue_name, runs.sign_up_opens_at, runs.sign_up_closes_at, runs.cancellation_deadline_at, runs.release_at,
            runs.released_at, runs.waiting_list_mode, runs.offer_working_hours,
            courses.code as course_code, courses.title as course_title,
            bookings.reference as booking, bookings.status as booking_status, bookings.held_for, bookings.held_until,
            line.own_ahead, line.own_waiting, line.all_ahead, line.all_waiting
        from waiting_list_entries
        join people on people.person_id = waiting_list_entries.person_id
        join runs on runs.run_id = waiting_list_entries.run_id
        join courses on courses.course_id = runs.course_id
        left join departments on departments.department_id = waiting_list_entries.department_id
        left join bookings on bookings.booking_id = waiting_list_entries.booking_id
        cross join lateral (
            select count(*) filter (where others.is_ahead and others.is_own) as own_ahead,
                count(*) filter (where others.is_own) as own_waiting,
                count(*) filter (where others.is_ahead) as all_ahead,
                count(*) as all_waiting
            from (
                select other.entry_id < waiting_list_entries.entry_id as is_ahead,
                    other.department_id is not distinct from waiting_list_entries.department_id as is_own
                from waiting_list_entries other
                join people waiter on waiter.person_id = other.person_id and waiter.is_active
                where other.run_id = waiting_list_entries.run_id and other.status = 'waiting') others
        ) line
        """;

    /// <summary>One entry; null when this scope may see no such entry.</summary>
    public async Task<WaitingPlace?> FindAsync(Guid reference, EntryScope scope, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<WaitingPlace>(new CommandDefinition(
            $"""
            {Select}
            where waiting_list_entries.reference = @reference and {EntryScope.Condition}
            """,
            scope.With(reference),
            cancellationToken: cancellationToken));
    }

    /// <summary>The entry that a mail is about.</summary>
    /// <exception cref="InvalidOperationException">There is no such entry.</exception>
    public async Task<WaitingPlace> GetAsync(long entryId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<WaitingPlace>(new CommandDefinition(
            $"""
            {Select}
            where waiting_list_entries.entry_id = @entryId
            """,
            new { entryId },
            cancellationToken: cancellationToken));
    }

    /// <summary>The entry that a personal link leads to; null when the link is unknown, revoked or over.</summary>
    /// <param name="tokenHash">SHA-256 of the token; see <see cref="LinkToken"/>.</param>
    /// <param name="now">Links that expire before this are not found.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<WaitingPlace?> FindByTokenAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<WaitingPlace>(new CommandDefinition(
            $"""
            {Select}
            where waiting_list_entries.entry_id = (
                select entry_id from links
                where token_hash = @tokenHash and purpose = 'waiting_list.entry' and expires_at > @now and revoked_at is null)
            """,
            new { tokenHash, now },
            cancellationToken: cancellationToken));
    }

    /// <summary>Everybody who waits or has an offer, as far as this scope sees them: by run, then in the order of the list.</summary>
    /// <param name="scope">Whose entries.</param>
    /// <param name="runId">Only this run, when given.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IReadOnlyList<WaitingPlace>> ListLiveAsync(EntryScope scope, long? runId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<WaitingPlace>(new CommandDefinition(
            $"""
            {Select}
            where waiting_list_entries.status in ('waiting', 'offered') and {EntryScope.Condition}
              and (@runId::bigint is null or waiting_list_entries.run_id = @runId)
            order by runs.starts_at, runs.code, waiting_list_entries.entry_id
            limit 2000
            """,
            scope.With(runId),
            cancellationToken: cancellationToken))];
    }
}

/// <summary>One person's place on a run's waiting list, at the moment it was read.</summary>
public sealed record WaitingPlace
{
    /// <summary>The entry.</summary>
    public required long EntryId { get; init; }

    /// <summary>What URLs carry.</summary>
    public required Guid Reference { get; init; }

    /// <summary>One of <see cref="WaitingListStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Since when the person waits.</summary>
    public required DateTimeOffset JoinedAt { get; init; }

    /// <summary><c>secretary</c> or <c>sign_up</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Until when an offer stands, or stood.</summary>
    public DateTimeOffset? OfferExpiresAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The department whose list the person is on; null for external people.</summary>
    public long? DepartmentId { get; init; }

    /// <summary>Its name.</summary>
    public string? DepartmentName { get; init; }

    /// <summary>Who waits.</summary>
    public required long PersonId { get; init; }

    /// <summary>The person's name.</summary>
    public required string PersonName { get; init; }

    /// <summary>Whether the person can be booked: nobody who has left is.</summary>
    public required bool IsActive { get; init; }

    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>Its code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>One of <see cref="RunStatuses"/>.</summary>
    public required string RunStatus { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The zone its times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Where it takes place.</summary>
    public required string VenueName { get; init; }

    /// <summary>When sign-up opens.</summary>
    public required DateTimeOffset SignUpOpensAt { get; init; }

    /// <summary>The sign-up stop: no seat is given after it.</summary>
    public required DateTimeOffset SignUpClosesAt { get; init; }

    /// <summary>Until when cancelling is in time.</summary>
    public required DateTimeOffset CancellationDeadlineAt { get; init; }

    /// <summary>When unused guaranteed seats go to everybody.</summary>
    public required DateTimeOffset ReleaseAt { get; init; }

    /// <summary>When they went.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>One of <see cref="WaitingListModes"/>.</summary>
    public required string WaitingListMode { get; init; }

    /// <summary>For how many working hours an offer stands.</summary>
    public required int OfferWorkingHours { get; init; }

    /// <summary>The course's code.</summary>
    public required string CourseCode { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>The booking that an offer or an accepted one stands for.</summary>
    public Guid? Booking { get; init; }

    /// <summary>That booking's status.</summary>
    public string? BookingStatus { get; init; }

    /// <summary>What that booking is held for, when it is held.</summary>
    public string? HeldFor { get; init; }

    /// <summary>Until when.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>How many wait ahead on the own list.</summary>
    public required long OwnAhead { get; init; }

    /// <summary>How many wait on the own list.</summary>
    public required long OwnWaiting { get; init; }

    /// <summary>How many wait ahead on all lists of the run.</summary>
    public required long AllAhead { get; init; }

    /// <summary>How many wait on all lists of the run.</summary>
    public required long AllWaiting { get; init; }

    /// <summary>The place on the own list, from 1.</summary>
    public long OwnPlace => OwnAhead + 1;

    /// <summary>The place on the list of everybody, from 1.</summary>
    public long PlaceOfAll => AllAhead + 1;

    /// <summary>Whether seats of the run can be given now.</summary>
    /// <param name="now">Now.</param>
    public SignUpState SignUp(DateTimeOffset now) => BookingRules.SignUp(
        new RunTimes
        {
            RunId = RunId,
            RunCode = RunCode,
            Status = RunStatus,
            StartsAt = StartsAt,
            SignUpOpensAt = SignUpOpensAt,
            SignUpClosesAt = SignUpClosesAt,
            CancellationDeadlineAt = CancellationDeadlineAt,
        },
        now);

    /// <summary>Whether the person waits, without an offer.</summary>
    public bool IsWaiting => Status == WaitingListStatuses.Waiting;

    /// <summary>Whether there is an offer that can be answered.</summary>
    /// <param name="now">Now.</param>
    public bool HasOffer(DateTimeOffset now) => Status == WaitingListStatuses.Offered && OfferExpiresAt > now;

    /// <summary>Whether the entry has ended.</summary>
    public bool IsOver => Status is not (WaitingListStatuses.Waiting or WaitingListStatuses.Offered);
}
