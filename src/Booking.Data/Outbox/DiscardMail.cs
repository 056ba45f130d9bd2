using Booking.Data.Audit;
using Dapper;
using Npgsql;

namespace Booking.Data.Outbox;

/// <summary>What became of the wish to discard a mail.</summary>
public enum DiscardMailOutcome
{
    /// <summary>It will never be sent.</summary>
    Discarded,

    /// <summary>A worker has it in hand at this moment; what comes of it is known shortly.</summary>
    InHand,

    /// <summary>It has left or was discarded already, or there never was such a mail.</summary>
    Over,
}

/// <summary>Takes a mail out of the queue for good, for an administrator who knows that it must not leave.</summary>
public sealed class DiscardMail(NpgsqlDataSource dataSource, AuditRepository audit, OutboxSignal signal, TimeProvider clock)
{
    /// <summary>What stands as the reason in the row.</summary>
    public const string Reason = "discarded by an administrator";

    /// <summary>Discards one mail. Those behind it in its queue go on.</summary>
    public async Task<DiscardMailOutcome> RunAsync(long outboxId, Actor actor, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // A lease that has not ended means that the mail may be on its way.
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            """
            update outbox
            set status = 'discarded', last_error = @Reason, leased_by = null, leased_until = null
            where outbox_id = @outboxId
                and status in ('pending', 'dead')
                and (leased_until is null or leased_until <= @now)
            """,
            new { outboxId, now, Reason },
            transaction,
            cancellationToken: cancellationToken));
        if (changed == 0)
        {
            return await RetryMail.IsPendingAsync(transaction, outboxId, cancellationToken) ? DiscardMailOutcome.InHand : DiscardMailOutcome.Over;
        }

        await audit.InsertAsync(
            transaction,
            new AuditEntry
            {
                At = now,
                Actor = actor,
                Action = "outbox.discarded",
                Details = new Dictionary<string, object?>(StringComparer.Ordinal) { ["outbox_id"] = outboxId },
            },
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Wake();
        return DiscardMailOutcome.Discarded;
    }
}
