using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Feeds;

/// <summary>Ends a link to a person's own calendar feed at once.</summary>
public sealed class RevokePersonFeed(NpgsqlDataSource dataSource, PersonFeedRepository feeds, DecisionLog log)
{
    private const int HashDigits = 64;

    /// <summary>Ends the link.</summary>
    /// <param name="id">The hash of its secret, as the screen knows it.</param>
    /// <param name="personId">Whose link; the actor's own.</param>
    /// <param name="actor">Who ends it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there was one of this person's that worked.</returns>
    public async Task<bool> RunAsync(string id, long personId, Actor actor, CancellationToken cancellationToken)
    {
        if (id.Length != HashDigits || !id.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await feeds.RevokeAsync(transaction, Convert.FromHexString(id), personId, log.Now, cancellationToken))
        {
            return false;
        }

        await log.RecordAsync(
            transaction, [new AuditEntry { At = log.Now, Actor = actor, Action = "feed.revoked", PersonId = personId }], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
