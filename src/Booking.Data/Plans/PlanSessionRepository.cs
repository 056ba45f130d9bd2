using Booking.Data.Bookings;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Data.Plans.Reading;
using Dapper;
using Npgsql;

namespace Booking.Data.Plans;

/// <summary>Changed sessions of a run, and the calendar events that have to follow them.</summary>
public sealed class PlanSessionRepository
{
    /// <summary>Gives sessions the plan's times and numbers, in one statement: two may change their numbers with each other.</summary>
    internal async Task UpdateAsync(
        NpgsqlTransaction transaction, IReadOnlyCollection<KeptSession> kept, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update sessions
            set number = planned.number, starts_at = planned.starts_at, ends_at = planned.ends_at
            from unnest(@Ids, @Numbers, @Starts, @Ends) as planned (session_id, number, starts_at, ends_at)
            where sessions.session_id = planned.session_id
            """,
            new
            {
                Ids = kept.Select(pair => pair.Row.SessionId).ToArray(),
                Numbers = kept.Select(pair => pair.Planned.Number).ToArray(),
                Starts = kept.Select(pair => pair.Planned.Session.StartsAt).ToArray(),
                Ends = kept.Select(pair => pair.Planned.Session.EndsAt).ToArray(),
            },
            transaction,
            cancellationToken: cancellationToken));

    internal async Task InsertAsync(
        NpgsqlTransaction transaction, long runId, IReadOnlyCollection<NumberedSession> added, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into sessions (run_id, number, starts_at, ends_at)
            select @runId, number, starts_at, ends_at
            from unnest(@Numbers, @Starts, @Ends) as planned (number, starts_at, ends_at)
            order by number
            """,
            new
            {
                runId,
                Numbers = added.Select(planned => planned.Number).ToArray(),
                Starts = added.Select(planned => planned.Session.StartsAt).ToArray(),
                Ends = added.Select(planned => planned.Session.EndsAt).ToArray(),
            },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Takes sessions out of a run. Their rows and times stay, for the mails that take them out of calendars.</summary>
    internal async Task CancelAsync(
        NpgsqlTransaction transaction, long[] sessionIds, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update sessions set cancelled_at = @now, number = null where session_id = any(@sessionIds) and cancelled_at is null",
            new { sessionIds, now },
            transaction,
            cancellationToken: cancellationToken));

    internal async Task DeleteAsync(NpgsqlTransaction transaction, long[] sessionIds, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "delete from sessions where session_id = any(@sessionIds)",
            new { sessionIds },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Cancels the active events of sessions, each with its sequence raised.</summary>
    internal async Task<IReadOnlyList<DueInvitation>> CancelEventsAsync(
        NpgsqlTransaction transaction, long[] sessionIds, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<DueInvitation>(new CommandDefinition(
            """
            with cancelled as (
                update invitations set status = 'cancelled', sequence = sequence + 1
                where session_id = any(@sessionIds) and status = 'active'
                returning booking_id, session_id, sequence
            )
            select booking_id, session_id, sequence, email, name, language
            from cancelled
            join bookings using (booking_id)
            join people using (person_id)
            """,
            new { sessionIds },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Raises the sequence of the active events of sessions.</summary>
    internal async Task<IReadOnlyList<DueInvitation>> RaiseAsync(
        NpgsqlTransaction transaction, long[] sessionIds, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<DueInvitation>(new CommandDefinition(
            """
            update invitations
            set sequence = sequence + 1
            from bookings
            join people using (person_id)
            where invitations.session_id = any(@sessionIds) and invitations.status = 'active'
                and bookings.booking_id = invitations.booking_id
            returning invitations.booking_id, invitations.session_id, invitations.sequence, people.email, people.name, people.language
            """,
            new { sessionIds },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Makes the events that booked people of a run lack.</summary>
    /// <remarks>
    /// The import holds many runs and waits for nobody's booking: one that is locked is left to <see cref="AddLateAsync"/>.
    /// </remarks>
    internal Task<IReadOnlyList<DueInvitation>> AddLackingAsync(
        NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        AddAsync(transaction, runId, "skip locked", cancellationToken);

    /// <summary>As <see cref="AddLackingAsync"/>, waiting for how others leave their bookings.</summary>
    internal Task<IReadOnlyList<DueInvitation>> AddLateAsync(
        NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        AddAsync(transaction, runId, "", cancellationToken);

    private static async Task<IReadOnlyList<DueInvitation>> AddAsync(
        NpgsqlTransaction transaction, long runId, string lockedOnes, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<DueInvitation>(new CommandDefinition(
            $"""
            with booked as (
                select booking_id from bookings
                where run_id = @runId and status in ('booked', 'attended', 'absent')
                order by booking_id
                for share {lockedOnes}
            ), added as (
                insert into invitations (booking_id, session_id)
                select booking_id, session_id
                from booked
                cross join sessions
                where sessions.run_id = @runId and sessions.cancelled_at is null
                on conflict (booking_id, session_id) do nothing
                returning booking_id, session_id, sequence
            )
            select booking_id, session_id, sequence, email, name, language
            from added
            join bookings using (booking_id)
            join people using (person_id)
            order by booking_id, session_id
            """,
            new { runId },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Personal links of those who are booked or wait are good until the run begins, also when that is another day now.</summary>
    internal async Task MoveLinksAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update links set expires_at = runs.starts_at
            from runs
            where runs.run_id = @runId and links.expires_at <> runs.starts_at
              and ((links.purpose = 'waiting_list.entry'
                    and links.entry_id in (select entry_id from waiting_list_entries where waiting_list_entries.run_id = @runId))
                or (links.purpose = 'booking.manage'
                    and links.booking_id in (select booking_id from bookings where bookings.run_id = @runId)))
            """,
            new { runId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>
    /// Locks a run's sessions against new calendar events: a reservation that is under way has made its events, or makes
    /// them after this transaction.
    /// </summary>
    internal async Task LockAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "select from sessions where run_id = @runId and cancelled_at is null order by session_id for update",
            new { runId },
            transaction,
            cancellationToken: cancellationToken));
}

/// <summary>A calendar event that has to be sent, and to whom.</summary>
internal sealed record DueInvitation
{
    public required long BookingId { get; init; }

    public required long SessionId { get; init; }

    public required int Sequence { get; init; }

    public required string Email { get; init; }

    public required string Name { get; init; }

    public required string Language { get; init; }

    public InvitationKey Key => new() { BookingId = BookingId, SessionId = SessionId, Sequence = Sequence };

    public Recipient Recipient => new(Email, Name, Language);

    /// <summary>The mails for calendar events, in the order of bookings and sessions.</summary>
    public static List<OutboxMessage> Messages(
        IEnumerable<DueInvitation> due,
        Func<IEnumerable<InvitationKey>, long, Recipient, DateTimeOffset, IEnumerable<OutboxMessage>> kind,
        long runId,
        DateTimeOffset now) =>
        [.. due.OrderBy(invitation => invitation.BookingId).ThenBy(invitation => invitation.SessionId)
            .SelectMany(invitation => kind([invitation.Key], runId, invitation.Recipient, now))];
}
