using Booking.Data.Audit;
using Dapper;
using Npgsql;

namespace Booking.Data.Outbox;

/// <summary>What became of the wish to try a mail again.</summary>
public enum RetryMailOutcome
{
    /// <summary>It is due now, with the same bytes; one that was given up has all its attempts before it again.</summary>
    Queued,

    /// <summary>A worker has it in hand at this moment, or it is due already.</summary>
    InHand,

    /// <summary>It has left or was discarded: somebody else was quicker, or there never was such a mail.</summary>
    Over,
}

/// <summary>Makes mails due now that were given up or wait for their next attempt, for an administrator who has mended what stopped them.</summary>
public sealed class RetryMail(NpgsqlDataSource dataSource, AuditRepository audit, OutboxSignal signal, TimeProvider clock)
{
    /// <summary>Tries one mail again.</summary>
    public async Task<RetryMailOutcome> RunAsync(long outboxId, Actor actor, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            """
            update outbox
            set status = 'pending',
                attempts = case when status = 'dead' then 0 else attempts end,
                due_at = @now, leased_by = null, leased_until = null
            where outbox_id = @outboxId
                and (status = 'dead'
                    or (status = 'pending' and due_at > @now and (leased_until is null or leased_until <= @now)))
            """,
            new { outboxId, now },
            transaction,
            cancellationToken: cancellationToken));
        if (changed == 0)
        {
            return await IsPendingAsync(transaction, outboxId, cancellationToken) ? RetryMailOutcome.InHand : RetryMailOutcome.Over;
        }

        await LogAsync(transaction, actor, now, "outbox_id", outboxId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Wake();
        return RetryMailOutcome.Queued;
    }

    /// <summary>Tries every mail again that was given up and is not known to be refused for good, such as after an outage of the mail server.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> RunAllAsync(Actor actor, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            """
            update outbox
            set status = 'pending', attempts = 0, due_at = @now, leased_by = null, leased_until = null
            where status = 'dead'
                and not exists (
                    select from outbox_attempts
                    where outbox_attempts.outbox_id = outbox.outbox_id and outcome = 'refused')
            """,
            new { now },
            transaction,
            cancellationToken: cancellationToken));
        if (changed > 0)
        {
            await LogAsync(transaction, actor, now, "mails", changed, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            signal.Wake();
        }

        return changed;
    }

    internal static async Task<bool> IsPendingAsync(NpgsqlTransaction transaction, long outboxId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from outbox where outbox_id = @outboxId and status = 'pending')",
            new { outboxId },
            transaction,
            cancellationToken: cancellationToken));

    private Task LogAsync(
        NpgsqlTransaction transaction, Actor actor, DateTimeOffset now, string fact, long value, CancellationToken cancellationToken) =>
        audit.InsertAsync(
            transaction,
            new AuditEntry
            {
                At = now,
                Actor = actor,
                Action = "outbox.retried",
                Details = new Dictionary<string, object?>(StringComparer.Ordinal) { [fact] = value },
            },
            cancellationToken);
}
