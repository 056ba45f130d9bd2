using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Runs;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Swaps;

/// <summary>What a secretary does about a proposal.</summary>
public enum SwapAnswer
{
    /// <summary>Yes, by the department that is asked.</summary>
    Accept,

    /// <summary>No, by the department that is asked.</summary>
    Decline,

    /// <summary>Taken back, by the department that proposed it.</summary>
    Withdraw,
}

/// <summary>What became of it.</summary>
public enum SwapOutcome
{
    /// <summary>The seats have changed hands.</summary>
    Accepted,

    /// <summary>The answer is no.</summary>
    Declined,

    /// <summary>The proposal is taken back.</summary>
    Withdrawn,

    /// <summary>One of the two departments has used its seats meanwhile; nothing changed, and the proposal stands.</summary>
    SeatsGone,

    /// <summary>Its time is over: one of the runs releases its seats, or will not take place.</summary>
    Expired,

    /// <summary>It had been answered or taken back before; nothing changed.</summary>
    AlreadyDecided,

    /// <summary>There is no such proposal, or this is not this department's to say.</summary>
    NotFound,
}

/// <summary>A secretary's word about a proposal.</summary>
/// <param name="Reference">The swap.</param>
/// <param name="Answer">What is wanted.</param>
/// <param name="Actor">The secretary.</param>
public sealed record AnswerSwapRequest(Guid Reference, SwapAnswer Answer, Actor Actor);

/// <summary>
/// Accepts, declines or takes back a swap. Accepting moves the seats both ways at once or not at all, and serves both waiting
/// lists: a department that waits for just these seats gets people on them in the same transaction.
/// </summary>
public sealed class AnswerSwap(
    NpgsqlDataSource dataSource, SwapRepository swaps, SwapSeatRepository seats, BookingRepository bookings, ServeWaitingList serve,
    SwapLog swapLog, DecisionLog log)
{
    /// <summary>Answers once, however often it is asked.</summary>
    public async Task<SwapOutcome> RunAsync(AnswerSwapRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var swap = await swaps.FindAsync(transaction, request.Reference, request.Actor.DepartmentIds, cancellationToken);
        if (swap is null || !request.Actor.DepartmentIds.Contains(Speaker(swap, request.Answer)))
        {
            return SwapOutcome.NotFound;
        }

        var outcome = request.Answer switch
        {
            SwapAnswer.Accept => await AcceptAsync(transaction, swap, request.Actor, cancellationToken),
            SwapAnswer.Decline => await EndAsync(transaction, swap, SwapEvent.Declined, request.Actor, cancellationToken),
            SwapAnswer.Withdraw => await EndAsync(transaction, swap, SwapEvent.Withdrawn, request.Actor, cancellationToken),
        };
        if (outcome is SwapOutcome.Accepted or SwapOutcome.Declined or SwapOutcome.Withdrawn)
        {
            await transaction.CommitAsync(cancellationToken);
            log.Committed();
        }

        return outcome;
    }

    private static long Speaker(SeatSwap swap, SwapAnswer answer) =>
        answer is SwapAnswer.Withdraw ? swap.FromDepartmentId : swap.ToDepartmentId;

    private async Task<SwapOutcome> EndAsync(
        NpgsqlTransaction transaction, SeatSwap swap, SwapEvent happened, Actor actor, CancellationToken cancellationToken)
    {
        if (!await swaps.DecideAsync(transaction, swap.SwapId, happened.Status, actor.Name, log.Now, cancellationToken))
        {
            return SwapOutcome.AlreadyDecided;
        }

        await swapLog.WriteAsync(transaction, swap, happened, actor, cancellationToken);
        return happened == SwapEvent.Declined ? SwapOutcome.Declined : SwapOutcome.Withdrawn;
    }

    private async Task<SwapOutcome> AcceptAsync(NpgsqlTransaction transaction, SeatSwap swap, Actor actor, CancellationToken cancellationToken)
    {
        var runs = new List<RunTimes>();
        foreach (var runId in swap.RunIds)
        {
            runs.Add((await bookings.LockRunAsync(transaction, runId, cancellationToken))!);
        }

        // After the runs: this is what two acceptances take turns by, and the second sees the first's decision.
        if (!await swaps.DecideAsync(transaction, swap.SwapId, SwapStatuses.Accepted, actor.Name, log.Now, cancellationToken))
        {
            return SwapOutcome.AlreadyDecided;
        }

        if (log.Now >= swap.ExpiresAt || runs.Exists(run => run.Status is not RunStatuses.Published || run.IsReleased))
        {
            return SwapOutcome.Expired;
        }

        foreach (var transfer in Transfers(swap, actor))
        {
            if (await seats.GiveAsync(transaction, transfer, cancellationToken) < transfer.Seats)
            {
                return SwapOutcome.SeatsGone;
            }

            await seats.InsertTransferAsync(transaction, transfer, cancellationToken);
        }

        await swapLog.WriteAsync(transaction, swap, SwapEvent.Accepted, actor, cancellationToken);
        foreach (var run in runs)
        {
            await serve.RunAsync(transaction, run, [], cancellationToken);
        }

        return SwapOutcome.Accepted;
    }

    private IEnumerable<SeatTransfer> Transfers(SeatSwap swap, Actor actor)
    {
        yield return new SeatTransfer(swap.OfferedRunId, swap.FromDepartmentId, swap.ToDepartmentId, swap.OfferedSeats, log.Now, actor.Name);
        if (swap.WantedRunId is { } wanted)
        {
            yield return new SeatTransfer(wanted, swap.ToDepartmentId, swap.FromDepartmentId, swap.WantedSeats, log.Now, actor.Name);
        }
    }
}
