using Dapper;
using Npgsql;

namespace Booking.Data.Outbox;

/// <summary>
/// Removes the rendered bytes of mails that left more than 30 days ago, and the log of their attempts: nobody sends them again,
/// and they hold names and personal links. That the mail was sent, to whom and when stays.
/// </summary>
public sealed class ForgetSentMail(NpgsqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>How long the bytes are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const int Batch = 5_000;

    /// <summary>Removes them, some thousands at a time so that no transaction is long.</summary>
    /// <returns>How many mails were emptied.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - Kept;
        var total = 0;
        int emptied;
        do
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            emptied = await connection.ExecuteAsync(new CommandDefinition(
                """
                with old as (
                    select outbox_id
                    from outbox
                    where status = 'sent' and message is not null and sent_at < @before
                    limit @Batch
                ), attempts as (
                    delete from outbox_attempts using old where outbox_attempts.outbox_id = old.outbox_id
                )
                update outbox
                set message = null
                from old
                where outbox.outbox_id = old.outbox_id
                """,
                new { before, Batch },
                cancellationToken: cancellationToken));
            total += emptied;
        }
        while (emptied == Batch);

        return total;
    }
}
