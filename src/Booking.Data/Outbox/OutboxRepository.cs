using Dapper;
using Npgsql;

namespace Booking.Data.Outbox;

/// <summary>The outbox as decisions see it: where a change leaves its mails.</summary>
public sealed class OutboxRepository
{
    /// <summary>Inserts the messages of <see cref="Parameters"/>, in their order; one whose key is there already is left out.</summary>
    internal const string InsertMessages =
        """
        insert into outbox (
            key, kind, queue, run_id, booking_id, session_id, sign_up_id,
            recipient_email, recipient_name, language, payload, created_at, due_at)
        select
            key, kind, queue, run_id, booking_id, session_id, sign_up_id, recipient_email, recipient_name,
            -- Looked up only for the few messages that come without a language.
            coalesce(language, (select people.language from people where lower(people.email) = lower(recipient_email)), 'da'),
            payload::jsonb, created_at, created_at
        from unnest(
            @Keys, @Kinds, @Queues, @RunIds, @BookingIds, @SessionIds, @SignUpIds,
            @RecipientEmails, @RecipientNames, @Languages, @Payloads, @CreatedAts)
            with ordinality as message (
                key, kind, queue, run_id, booking_id, session_id, sign_up_id,
                recipient_email, recipient_name, language, payload, created_at, position)
        order by position
        on conflict (key) do nothing
        """;

    /// <summary>
    /// Makes what waits for its next attempt in some queues due now: something was just decided that stands behind it, or that
    /// made it out of date. What a worker has in hand at this moment is left to that worker.
    /// </summary>
    internal async Task HurryAsync(
        NpgsqlTransaction transaction, IReadOnlyCollection<string> queues, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            with waiting as (
                select outbox_id from outbox
                where queue = any(@queues) and status = 'pending' and due_at > @now
                for update skip locked
            )
            update outbox set due_at = @now
            from waiting
            where outbox.outbox_id = waiting.outbox_id
            """,
            new { queues = queues.ToArray(), now },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>
    /// Adds messages in their order, all in one statement. A message whose key is there already is left out.
    /// Call <see cref="OutboxSignal.Wake"/> after the commit.
    /// </summary>
    internal async Task AddAsync(
        NpgsqlTransaction transaction, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            InsertMessages, Parameters(messages), transaction, cancellationToken: cancellationToken));
    }

    internal static DynamicParameters Parameters(IReadOnlyList<OutboxMessage> messages) => new(new
    {
        Keys = messages.Select(m => m.Key).ToArray(),
        Kinds = messages.Select(m => m.Kind).ToArray(),
        Queues = messages.Select(m => m.Queue).ToArray(),
        RunIds = messages.Select(m => m.RunId).ToArray(),
        BookingIds = messages.Select(m => m.BookingId).ToArray(),
        SessionIds = messages.Select(m => m.SessionId).ToArray(),
        SignUpIds = messages.Select(m => m.SignUpId).ToArray(),
        RecipientEmails = messages.Select(m => m.RecipientEmail).ToArray(),
        RecipientNames = messages.Select(m => m.RecipientName).ToArray(),
        Languages = messages.Select(m => m.Language).ToArray(),
        Payloads = messages.Select(m => m.Payload).ToArray(),
        CreatedAts = messages.Select(m => m.CreatedAt.ToUniversalTime()).ToArray(),
    });
}
