using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Runs;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Booking.Data.WaitingLists;

/// <summary>What one pass of the sweep did.</summary>
/// <param name="ExpiredOffers">Offers whose time was over.</param>
/// <param name="Closed">People who waited until the sign-up stop, and were told.</param>
/// <param name="Repaired">People who stood beside a free seat, and have it or an offer of it now: always 0 when all is well.</param>
public sealed record SweepResult(int ExpiredOffers, int Closed, int Repaired);

/// <summary>
/// Every minute: ends offers that ran out and lists whose sign-up stop has passed, and looks for a free seat beside somebody
/// who waits for it. There should be none; one that is found is given away and reported.
/// </summary>
public sealed class SweepWaitingLists(
    NpgsqlDataSource dataSource, WaitingListRepository waitingList, BookingRepository bookings, AnswerOffer offers,
    ServeWaitingList serve, DecisionLog log, ILogger<SweepWaitingLists> logger)
{
    private static readonly Actor Job = Actor.System("waiting-lists");

    /// <summary>Sweeps all runs that need it, one transaction for each. Safe on many nodes at once, and after a long stop.</summary>
    public async Task<SweepResult> RunAsync(CancellationToken cancellationToken)
    {
        var total = new SweepResult(0, 0, 0);
        foreach (var runId in await waitingList.ListRunsDueAsync(log.Now, cancellationToken))
        {
            var one = await SweepAsync(runId, cancellationToken);
            total = new SweepResult(total.ExpiredOffers + one.ExpiredOffers, total.Closed + one.Closed, total.Repaired + one.Repaired);
        }

        return total;
    }

    private async Task<SweepResult> SweepAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var run = (await bookings.LockRunAsync(transaction, runId, cancellationToken))!;
        // First what is free without anybody's doing now: a seat of an offer that ends here is not a fault.
        var repaired = await serve.RunAsync(transaction, run, [], cancellationToken);
        var givenUp = await offers.ExpireAsync(transaction, runId, Job, cancellationToken);
        await serve.RunAsync(transaction, run, givenUp, cancellationToken);
        var closed = await CloseAsync(transaction, run, cancellationToken);
        if (repaired > 0)
        {
            await ReportAsync(transaction, runId, repaired, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return new SweepResult(givenUp.Count, closed, repaired);
    }

    private async Task<int> CloseAsync(NpgsqlTransaction transaction, RunTimes run, CancellationToken cancellationToken)
    {
        if (BookingRules.SignUp(run, log.Now) is SignUpState.Open or SignUpState.NotOpenYet)
        {
            return 0;
        }

        var ended = await waitingList.EndWaitingAsync(transaction, run.RunId, log.Now, cancellationToken);
        await log.TellBehindAsync(transaction, [.. ended.Select(entry => WaitingListMessages.Closed(entry, log.Now))], cancellationToken);
        await log.RecordAsync(
            transaction,
            [.. ended.Select(entry => new AuditEntry
            {
                At = log.Now,
                Actor = Job,
                Action = "waiting_list.closed",
                RunId = run.RunId,
                PersonId = entry.PersonId,
                DepartmentId = entry.DepartmentId,
                Details = new Dictionary<string, object?> { ["entry"] = entry.EntryId },
            })],
            cancellationToken);
        return ended.Count;
    }

    private async Task ReportAsync(NpgsqlTransaction transaction, long runId, int repaired, CancellationToken cancellationToken)
    {
        logger.LogWarning("A free seat stood beside {People} waiting on run {RunId}; it was given away.", repaired, runId);
        await log.RecordAsync(
            transaction,
            [new AuditEntry
            {
                At = log.Now,
                Actor = Job,
                Action = "waiting_list.repaired",
                RunId = runId,
                Details = new Dictionary<string, object?> { ["people"] = repaired },
            }],
            cancellationToken);
    }
}
