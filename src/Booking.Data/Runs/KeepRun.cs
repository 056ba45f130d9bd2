using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>What became of the decision to hold a run below its minimum.</summary>
public enum KeepRunOutcome
{
    /// <summary>It goes ahead.</summary>
    GoesAhead,

    /// <summary>That was decided before, or the run is not open any more.</summary>
    NothingToDecide,
}

/// <summary>HR decides that a run goes ahead although it has fewer participants than it needs.</summary>
public sealed class KeepRun(NpgsqlDataSource dataSource, BookingRepository bookings, MinimumRepository minimums, DecisionLog log)
{
    /// <summary>Decides once.</summary>
    public async Task<KeepRunOutcome> RunAsync(long runId, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await bookings.LockRunAsync(transaction, runId, cancellationToken);
        if (!await minimums.DecideAsync(transaction, runId, actor.Name, log.Now, cancellationToken))
        {
            return KeepRunOutcome.NothingToDecide;
        }

        await log.RecordAsync(
            transaction, [new AuditEntry { At = log.Now, Actor = actor, Action = "run.goes_ahead", RunId = runId }], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return KeepRunOutcome.GoesAhead;
    }
}
