using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>Every minute: tells HR of runs whose sign-up stop has passed with fewer participants than they need.</summary>
public sealed class WarnOfMinimum(NpgsqlDataSource dataSource, MinimumRepository minimums, DecisionLog log)
{
    private static readonly Actor Job = Actor.System("minimum");

    /// <summary>Warns each HR person once of each run and sign-up stop. Safe on many nodes at once, and after a long stop.</summary>
    /// <returns>How many mails were written.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await minimums.ListDueAsync(transaction, log.Now, cancellationToken);
        if (due.Count == 0)
        {
            return 0;
        }

        await log.TellAsync(transaction, [.. due.Select(warning => RunMessages.MinimumWarning(warning, log.Now))], cancellationToken);
        await log.RecordAsync(
            transaction,
            [.. due.GroupBy(warning => warning.RunId).Select(mails => new AuditEntry
            {
                At = log.Now,
                Actor = Job,
                Action = "run.minimum_warned",
                RunId = mails.Key,
                Details = new Dictionary<string, object?>
                {
                    ["participants"] = mails.First().Participants,
                    ["minimum"] = mails.First().MinimumParticipants,
                },
            })],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return due.Count;
    }
}
