using Booking.Data.Audit;
using Booking.Data.Outbox;
using Dapper;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>
/// What every decision leaves behind in its own transaction: mails in the outbox and rows in the audit trail.
/// After the commit the worker is woken.
/// </summary>
public sealed class DecisionLog(OutboxRepository outbox, AuditRepository audit, OutboxSignal signal, TimeProvider clock)
{
    /// <summary>The time of decisions made now.</summary>
    internal DateTimeOffset Now => clock.GetUtcNow();

    internal Task TellAsync(NpgsqlTransaction transaction, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken) =>
        messages.Count == 0 ? Task.CompletedTask : outbox.AddAsync(transaction, messages, cancellationToken);

    /// <summary>
    /// Tells of sign-ups; earlier mails of the same sign-ups, which these stand behind, are due at once too. The statements are
    /// the same when there is nothing to tell: how long it takes says nothing about whether an address is known.
    /// </summary>
    internal async Task TellBehindAsync(
        NpgsqlTransaction transaction, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        await outbox.HurryAsync(transaction, [.. messages.Select(message => message.Queue)], Now, cancellationToken);
        await outbox.AddAsync(transaction, messages, cancellationToken);
    }

    internal Task RecordAsync(NpgsqlTransaction transaction, IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken) =>
        audit.InsertAsync(transaction, entries, cancellationToken);

    /// <summary>Mails and audit trail in one round trip, for a decision that is made often.</summary>
    internal async Task WriteAsync(
        NpgsqlTransaction transaction, IReadOnlyList<OutboxMessage> messages, IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        var parameters = OutboxRepository.Parameters(messages);
        parameters.AddDynamicParams(AuditRepository.Parameters(entries));
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"{OutboxRepository.InsertMessages};\n{AuditRepository.InsertEntries}", parameters, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>Call after the commit.</summary>
    internal void Committed() => signal.Wake();
}
