using Npgsql;

namespace Booking.Data.Inbox;

/// <summary>Every night: forgets what came back more than sixty days ago. An address that still fails is noted again with the next mail.</summary>
public sealed class ForgetInbox(NpgsqlDataSource dataSource, InboxRepository inbox, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(60);

    /// <summary>Forgets.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await inbox.ForgetAsync(transaction, clock.GetUtcNow() - Kept, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
