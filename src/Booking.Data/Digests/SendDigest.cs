using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Booking.Data.Site;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Booking.Data.Digests;

/// <summary>Every Monday at half past seven: a letter to each HR person about what needs them this week. What it says is read when it leaves.</summary>
public sealed class SendDigest(NpgsqlDataSource dataSource, DigestRepository digests, DecisionLog log, IOptions<SiteOptions> site)
{
    /// <summary>After a stop the letter is still written until Wednesday morning; later it would come in the way of the next.</summary>
    public static TimeSpan CatchUpWindow { get; } = TimeSpan.FromDays(2);

    /// <summary>Writes this week's letters if they are due. Safe on many nodes at once.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var week = DigestWeek.Of(log.Now, site.Value.TimeZone);
        if (log.Now < week.DueAt || log.Now >= week.DueAt + CatchUpWindow)
        {
            return 0;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await digests.ListDueAsync(transaction, week.Name, cancellationToken);
        await log.TellAsync(transaction, [.. due.Select(email => ToMessage(email, week))], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return due.Count;
    }

    private OutboxMessage ToMessage(string email, DigestWeek week)
    {
        var key = $"{OutboxKinds.HrDigest}/{week.Name}/{email}";
        return new OutboxMessage
        {
            Key = key,
            Kind = OutboxKinds.HrDigest,
            Queue = key,
            RecipientEmail = email,
            Language = null,
            CreatedAt = log.Now,
        };
    }
}
