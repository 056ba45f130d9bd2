using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Desk;

/// <summary>Makes a link to a department's calendar feed.</summary>
public sealed class MakeFeedLink(NpgsqlDataSource dataSource, FeedLinkRepository links, DecisionLog log)
{
    // Calendars subscribe for years; whoever leaves revokes the link.
    private const int Years = 10;

    /// <summary>Makes the link.</summary>
    /// <returns>Its secret, which nobody can read again.</returns>
    /// <exception cref="ArgumentException">The actor is not a secretary of the department.</exception>
    public async Task<string> RunAsync(long departmentId, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.DepartmentIds.Contains(departmentId))
        {
            throw new ArgumentException("The actor is not a secretary of this department.", nameof(departmentId));
        }

        var token = LinkToken.Create();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await links.InsertAsync(
            transaction,
            new NewFeedLink(LinkToken.Hash(token), departmentId, actor.Name, log.Now, log.Now.AddYears(Years)),
            cancellationToken);
        await log.RecordAsync(
            transaction, [new AuditEntry { At = log.Now, Actor = actor, Action = "feed.made", DepartmentId = departmentId }], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return token;
    }
}
