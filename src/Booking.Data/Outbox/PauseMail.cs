using Booking.Data.Audit;
using Dapper;
using Npgsql;

namespace Booking.Data.Outbox;

/// <summary>What became of the wish to pause or resume.</summary>
public enum PauseMailOutcome
{
    /// <summary>It is as wished, from now on.</summary>
    Changed,

    /// <summary>It was as wished already.</summary>
    Unchanged,
}

/// <summary>
/// Holds all mail back, or lets it go on: for the hours when the mail server is being mended. Nothing is lost meanwhile; what
/// a worker has in hand at that moment, at most one batch, still leaves.
/// </summary>
public sealed class PauseMail(NpgsqlDataSource dataSource, AuditRepository audit, OutboxSignal signal, TimeProvider clock)
{
    /// <summary>Pauses or resumes.</summary>
    /// <param name="isPaused">Whether mail is to be held back.</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PauseMailOutcome> RunAsync(bool isPaused, Actor actor, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            """
            update mail_control
            set paused_at = case when @isPaused then @now end, paused_by = case when @isPaused then @by end
            where (paused_at is not null) <> @isPaused
            """,
            new { isPaused, now, by = actor.Name },
            transaction,
            cancellationToken: cancellationToken));
        if (changed == 0)
        {
            return PauseMailOutcome.Unchanged;
        }

        await audit.InsertAsync(
            transaction,
            new AuditEntry { At = now, Actor = actor, Action = isPaused ? "outbox.paused" : "outbox.resumed" },
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Wake();
        return PauseMailOutcome.Changed;
    }
}
