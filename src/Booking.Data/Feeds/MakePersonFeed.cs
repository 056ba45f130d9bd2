using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Feeds;

/// <summary>Makes a link to a person's own calendar feed.</summary>
public sealed class MakePersonFeed(NpgsqlDataSource dataSource, PersonFeedRepository feeds, DecisionLog log)
{
    // Calendars subscribe for years; whoever leaves has no feed any more.
    private const int Years = 10;

    /// <summary>Makes the link.</summary>
    /// <param name="personId">Whose feed; the actor's own.</param>
    /// <param name="actor">Who makes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its secret, which nobody can read again.</returns>
    public async Task<string> RunAsync(long personId, Actor actor, CancellationToken cancellationToken)
    {
        var token = LinkToken.Create();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await feeds.InsertAsync(transaction, LinkToken.Hash(token), personId, (log.Now, log.Now.AddYears(Years)), cancellationToken);
        await log.RecordAsync(
            transaction, [new AuditEntry { At = log.Now, Actor = actor, Action = "feed.made", PersonId = personId }], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return token;
    }
}
