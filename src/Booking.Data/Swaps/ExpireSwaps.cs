using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Swaps;

/// <summary>Ends proposals that nobody answered before the earlier of the two runs released its seats, and says so.</summary>
public sealed class ExpireSwaps(NpgsqlDataSource dataSource, SwapRepository swaps, SwapLog swapLog, DecisionLog log)
{
    private static readonly Actor Job = Actor.System("swaps");

    /// <summary>Ends everything that is over now. Safe on many nodes at once, and after a long stop.</summary>
    /// <returns>How many proposals ended.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ended = await swaps.ExpireAsync(transaction, log.Now, cancellationToken);
        foreach (var swap in ended)
        {
            await swapLog.WriteAsync(transaction, swap, SwapEvent.Expired, Job, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        if (ended.Count > 0)
        {
            log.Committed();
        }

        return ended.Count;
    }
}
