using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Feeds;

/// <summary>Makes a link to a calendar feed.</summary>
public sealed class MakeFeedLink(NpgsqlDataSource dataSource, FeedLinkRepository links, DecisionLog log)
{
    // Calendars subscribe for years; whoever leaves revokes a department's link, and has no feed of their own any more.
    private const int Years = 10;

    /// <summary>Makes the link.</summary>
    /// <param name="owner">Whose feed: a department of the actor's, or the actor.</param>
    /// <param name="actor">Who makes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its secret, which nobody can read again.</returns>
    /// <exception cref="ArgumentException">The actor is not a secretary of the department.</exception>
    public async Task<string> RunAsync(FeedOwner owner, Actor actor, CancellationToken cancellationToken)
    {
        if (owner.DepartmentId is { } department && !actor.DepartmentIds.Contains(department))
        {
            throw new ArgumentException("The actor is not a secretary of this department.", nameof(owner));
        }

        var token = LinkToken.Create();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await links.InsertAsync(
            transaction,
            new NewFeedLink
            {
                TokenHash = LinkToken.Hash(token),
                Owner = owner,
                MadeBy = owner.DepartmentId is null ? null : actor.Name,
                CreatedAt = log.Now,
                ExpiresAt = log.Now.AddYears(Years),
            },
            cancellationToken);
        await log.RecordAsync(transaction, [FeedAudit.Of("feed.made", owner, actor, log.Now)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return token;
    }
}

internal static class FeedAudit
{
    public static AuditEntry Of(string action, FeedOwner owner, Actor actor, DateTimeOffset now) =>
        new() { At = now, Actor = actor, Action = action, DepartmentId = owner.DepartmentId, PersonId = owner.PersonId };
}
