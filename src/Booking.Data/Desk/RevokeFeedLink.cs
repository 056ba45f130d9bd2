using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Desk;

/// <summary>Ends a link to a department's calendar feed at once.</summary>
public sealed class RevokeFeedLink(NpgsqlDataSource dataSource, FeedLinkRepository links, DecisionLog log)
{
    private const int HashDigits = 64;

    /// <summary>Ends the link.</summary>
    /// <returns>Whether there was one that worked, of a department of the actor's.</returns>
    public async Task<bool> RunAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        if (id.Length != HashDigits || !id.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await links.RevokeAsync(transaction, id, actor.DepartmentIds, log.Now, cancellationToken) is not { } departmentId)
        {
            return false;
        }

        await log.RecordAsync(
            transaction, [new AuditEntry { At = log.Now, Actor = actor, Action = "feed.revoked", DepartmentId = departmentId }], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
