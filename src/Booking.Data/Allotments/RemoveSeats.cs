using Npgsql;

namespace Booking.Data.Allotments;

/// <summary>
/// Takes seats out of a published run without touching one that is taken or guaranteed to a department: all that is asked for,
/// or none. Lowering by HR and by an import of a changed plan are both this.
/// </summary>
public sealed class RemoveSeats(SeatRemovalRepository seats)
{
    /// <summary>Removes seats as part of the caller's transaction, which has the run locked; the run's capacity is the caller's to write.</summary>
    /// <returns>What was removed; null when there are too few free seats, and then nothing is changed.</returns>
    internal async Task<RemovedSeats?> RunAsync(
        NpgsqlTransaction transaction, long runId, int fewer, bool alsoExternal, CancellationToken cancellationToken)
    {
        await transaction.SaveAsync("lower", cancellationToken);
        var removed = await seats.RemoveAsync(transaction, runId, fewer, alsoExternal, cancellationToken);
        if (removed.Seats == fewer)
        {
            await transaction.ReleaseAsync("lower", cancellationToken);
            return removed;
        }

        await transaction.RollbackAsync("lower", cancellationToken);
        return null;
    }
}
