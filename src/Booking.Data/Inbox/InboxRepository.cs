using Dapper;
using Npgsql;

namespace Booking.Data.Inbox;

/// <summary>How far the functional mailbox was read, and what was found in it.</summary>
public sealed class InboxRepository(NpgsqlDataSource dataSource)
{
    /// <summary>The last mail that was taken; null before the first.</summary>
    public async Task<InboxPosition?> FindPositionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<InboxPosition>(new CommandDefinition(
            "select uid_validity, last_uid as uid from inbox_position", cancellationToken: cancellationToken));
    }

    /// <summary>Mails to an address that left, the newest first: a report is about one of them.</summary>
    public async Task<IReadOnlyList<SentMail>> ListSentAsync(string address, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<SentMail>(new CommandDefinition(
            """
            select outbox_id, key
            from outbox
            where lower(recipient_email) = lower(@address) and (status = 'sent' or may_have_left)
            order by outbox_id desc
            limit 500
            """,
            new { address },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Mails that were set aside, the newest first, at most a hundred.</summary>
    public async Task<IReadOnlyList<SetAsideMail>> ListSetAsideAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<SetAsideMail>(new CommandDefinition(
            "select uid, read_at, reason from inbox_set_aside order by read_at desc, uid desc limit 100", cancellationToken: cancellationToken))];
    }

    /// <summary>Moves the position to a mail that comes after it, or to the first of another mailbox.</summary>
    /// <returns>Whether it moved; otherwise the mail was taken before.</returns>
    /// <remarks>The row's lock keeps two nodes from taking the same mail: the second waits here, and then finds it taken.</remarks>
    internal async Task<bool> AdvanceAsync(NpgsqlTransaction transaction, InboxPosition to, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into inbox_position (uid_validity, last_uid)
            values (@UidValidity, @Uid)
            on conflict (is_only) do update set uid_validity = excluded.uid_validity, last_uid = excluded.last_uid
            where inbox_position.uid_validity <> excluded.uid_validity or inbox_position.last_uid < excluded.last_uid
            """,
            to,
            transaction,
            cancellationToken: cancellationToken)) == 1;

    internal async Task SetAsideAsync(
        NpgsqlTransaction transaction, InboxPosition at, string reason, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "insert into inbox_set_aside (uid_validity, uid, read_at, reason) values (@UidValidity, @Uid, @now, @reason)",
            new { at.UidValidity, at.Uid, now, reason },
            transaction,
            cancellationToken: cancellationToken));

    internal async Task MarkAddressFailedAsync(
        NpgsqlTransaction transaction, FailedAddress failed, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into failed_addresses (email, failed_at, status, words)
            values (lower(@Address), @now, @Status, @Words)
            on conflict (email) do update set failed_at = excluded.failed_at, status = excluded.status, words = excluded.words
            """,
            new { failed.Address, failed.Status, failed.Words, now },
            transaction,
            cancellationToken: cancellationToken));

    internal async Task ForgetFailedAddressAsync(NpgsqlTransaction transaction, string address, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "delete from failed_addresses where email = lower(@address)", new { address }, transaction, cancellationToken: cancellationToken));

    /// <summary>Forgets failed addresses and mails that were set aside before a time.</summary>
    internal async Task ForgetAsync(NpgsqlTransaction transaction, DateTimeOffset before, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            with forgotten as (delete from inbox_set_aside where read_at < @before)
            delete from failed_addresses where failed_at < @before
            """,
            new { before },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Whose seat a mail was about, and which secretary took it; null when it was about none, or to a secretary.</summary>
    internal async Task<FailedBooking?> FindBookingAsync(NpgsqlTransaction transaction, long outboxId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<FailedBooking>(new CommandDefinition(
            """
            select bookings.booking_id, bookings.run_id, bookings.booked_by as secretary
            from outbox
            join bookings on bookings.booking_id = outbox.booking_id and bookings.status in ('held', 'booked')
            join people on people.person_id = bookings.person_id and lower(people.email) = lower(outbox.recipient_email)
            where outbox.outbox_id = @outboxId and bookings.source = 'secretary' and lower(bookings.booked_by) <> lower(people.email)
            """,
            new { outboxId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Notes a person's answer beside the invitation.</summary>
    /// <returns>Whose seat it is about; null when no invitation of this person has the UID.</returns>
    internal async Task<RepliedBooking?> MarkRepliedAsync(
        NpgsqlTransaction transaction, CalendarReply reply, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<RepliedBooking>(new CommandDefinition(
            """
            update invitations set reply = @Answer, replied_at = @now
            from bookings, people, sessions
            where invitations.uid = @Uid and bookings.booking_id = invitations.booking_id
              and people.person_id = bookings.person_id and lower(people.email) = lower(@Attendee)
              and sessions.session_id = invitations.session_id
            returning bookings.booking_id, bookings.run_id, sessions.session_id, people.email, people.name, people.language,
                invitations.sequence,
                bookings.status = 'booked' and invitations.status = 'active' and sessions.starts_at > @now as is_ahead
            """,
            new { reply.Answer, reply.Uid, reply.Attendee, now },
            transaction,
            cancellationToken: cancellationToken));
}

/// <summary>A mail's place in the mailbox (RFC 3501).</summary>
public sealed record InboxPosition
{
    /// <summary>Which mailbox: another number means that all UIDs are new.</summary>
    public required long UidValidity { get; init; }

    /// <summary>The mail; later ones have higher numbers.</summary>
    public required long Uid { get; init; }
}

/// <summary>A mail of ours that left.</summary>
public sealed record SentMail
{
    /// <summary>Its row.</summary>
    public required long OutboxId { get; init; }

    /// <summary>Its key, from which its Message-ID is made.</summary>
    public required string Key { get; init; }
}

/// <summary>A report or reply that could not be used.</summary>
public sealed record SetAsideMail
{
    /// <summary>The mail's UID in the mailbox.</summary>
    public required long Uid { get; init; }

    /// <summary>When it was read.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Why it could not be used.</summary>
    public required string Reason { get; init; }
}

internal sealed record FailedBooking
{
    public required long BookingId { get; init; }

    public required long RunId { get; init; }

    public required string Secretary { get; init; }
}

internal sealed record RepliedBooking
{
    public required long BookingId { get; init; }

    public required long RunId { get; init; }

    public required long SessionId { get; init; }

    public required string Email { get; init; }

    public required string Name { get; init; }

    public required string Language { get; init; }

    public required int Sequence { get; init; }

    public required bool IsAhead { get; init; }
}
