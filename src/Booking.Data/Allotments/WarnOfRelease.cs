using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Npgsql;

namespace Booking.Data.Allotments;

/// <summary>
/// Warns the secretaries of departments with unused seats 14 and 3 days before these are released: one mail per secretary and
/// run, with links that decide. Catches up after a stop, but never warns of a release that has come; when both are due, only
/// the later one is sent.
/// </summary>
public sealed class WarnOfRelease(NpgsqlDataSource dataSource, ReleaseWarningRepository warnings, DecisionLog log)
{
    /// <summary>Warns of everything that is due now.</summary>
    /// <returns>How many mails.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await warnings.ListDueAsync(transaction, log.Now, cancellationToken);
        await log.TellAsync(
            transaction, [.. due.Select(warning => HeldSeatMessages.Warning(OutboxKinds.ReleaseWarning, warning, log.Now))], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return due.Count;
    }
}
