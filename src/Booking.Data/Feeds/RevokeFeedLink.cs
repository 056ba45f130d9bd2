using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Feeds;

/// <summary>Ends a link to a calendar feed at once.</summary>
public sealed class RevokeFeedLink(NpgsqlDataSource dataSource, FeedLinkRepository links, DecisionLog log)
{
    private const int HashDigits = 64;

    /// <summary>Ends the link.</summary>
    /// <param name="id">The hash of its secret, as the screen knows it.</param>
    /// <param name="owners">Whose links the actor may end: the own departments', or the actor's own.</param>
    /// <param name="actor">Who ends it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there was one of these owners' that worked.</returns>
    public async Task<bool> RunAsync(string id, IReadOnlyCollection<FeedOwner> owners, Actor actor, CancellationToken cancellationToken)
    {
        if (id.Length != HashDigits || !id.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await links.RevokeAsync(transaction, Convert.FromHexString(id), owners, log.Now, cancellationToken) is not { } owner)
        {
            return false;
        }

        await log.RecordAsync(transaction, [FeedAudit.Of("feed.revoked", owner, actor, log.Now)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
