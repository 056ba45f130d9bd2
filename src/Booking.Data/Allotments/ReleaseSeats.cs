using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Booking.Data.WaitingLists;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Booking.Data.Allotments;

/// <summary>What one pass of the release did.</summary>
public sealed record ReleaseResult
{
    /// <summary>Runs released by this pass (not by another node's).</summary>
    public required int Runs { get; init; }

    /// <summary>Seats that went from a department's or the external pool to the open one.</summary>
    public required long Seats { get; init; }

    /// <summary>Runs left for the next pass because somebody held a seat of theirs for too long.</summary>
    public required int PostponedRuns { get; init; }
}

/// <summary>
/// Turns unused guaranteed seats into open ones when a run's release time has come, and serves its waiting list. Safe on many nodes at once, at any
/// time, and after a long stop: one transaction per run, won by whoever sets its <c>released_at</c>.
/// </summary>
public sealed class ReleaseSeats(
    NpgsqlDataSource dataSource, RunPublishingRepository runs, BookingRepository bookings, ServeWaitingList serve, OutboxSignal signal,
    AuditRepository audit, TimeProvider clock, ILogger<ReleaseSeats> logger)
{
    private static readonly Actor Job = Actor.System("release");

    // Shorter than PostgreSQL's deadlock_timeout (one second): should a reservation that holds a seat come to want the
    // run's row, this release steps back and comes again, and no person's reservation is picked as the victim.
    internal TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>Releases everything that is due now.</summary>
    public async Task<ReleaseResult> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var result = new ReleaseResult { Runs = 0, Seats = 0, PostponedRuns = 0 };
        foreach (var runId in await runs.ListDueForReleaseAsync(now, cancellationToken))
        {
            try
            {
                var seats = await ReleaseAsync(runId, now, cancellationToken);
                result = seats is null ? result : result with { Runs = result.Runs + 1, Seats = result.Seats + seats.Value };
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                logger.LogInformation("Release of run {RunId} waits for the next pass: {SqlState}", runId, error.SqlState);
                result = result with { PostponedRuns = result.PostponedRuns + 1 };
            }
        }

        return result;
    }

    /// <summary>How many seats became open; null when the run was released by somebody else.</summary>
    private async Task<long?> ReleaseAsync(long runId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await runs.LimitLockWaitAsync(transaction, LongestWait, cancellationToken);
        if (!await runs.MarkReleasedAsync(transaction, runId, now, cancellationToken))
        {
            return null;
        }

        var released = await runs.ReleaseFreeSeatsAsync(transaction, runId, cancellationToken);
        await audit.InsertAsync(
            transaction,
            new AuditEntry
            {
                At = now,
                Actor = Job,
                Action = "run.released",
                RunId = runId,
                Details = new Dictionary<string, object?>
                {
                    ["department_seats"] = released.DepartmentSeats,
                    ["external_seats"] = released.ExternalSeats,
                },
            },
            cancellationToken);
        var run = (await bookings.FindRunAsync(transaction, runId, cancellationToken))!;
        await serve.RunAsync(transaction, run, [], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Wake();
        return released.DepartmentSeats + released.ExternalSeats;
    }
}
