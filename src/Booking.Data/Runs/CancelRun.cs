using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>What became of the wish to cancel a run.</summary>
public enum CancelRunOutcome
{
    /// <summary>It is cancelled, and everybody concerned is told.</summary>
    Cancelled,

    /// <summary>It was cancelled before; nothing changed.</summary>
    AlreadyCancelled,

    /// <summary>It is a draft or was held.</summary>
    NotPublished,

    /// <summary>Its first session has started.</summary>
    HasStarted,

    /// <summary>Reservations stood in the way each time; nothing changed, and trying again will do.</summary>
    Busy,
}

/// <summary>HR's wish to cancel a run.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Reason">Why, as the people will read it.</param>
/// <param name="Actor">Who asks.</param>
public sealed record CancelRunRequest(long RunId, string Reason, Actor Actor);

/// <summary>The outcome, and whom it concerned.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Bookings">Bookings that ended.</param>
/// <param name="Waiting">Places on the waiting list that ended.</param>
public sealed record CancelRunResult(CancelRunOutcome Outcome, int Bookings = 0, int Waiting = 0);

/// <summary>
/// Cancels a run: closes every seat, ends every booking with its calendar events, the waiting list, pending sign-ups, approvals
/// and swaps, and tells each person once, all in one transaction. A reservation at the same moment is either ended with the
/// others or finds no seat.
/// </summary>
public sealed class CancelRun(
    NpgsqlDataSource dataSource, BookingRepository bookings, RunCancellationRepository run, TellOfCancelledRun tell,
    LockPatience patience, DecisionLog log)
{
    /// <summary>Cancels at most once, however often it is asked.</summary>
    /// <exception cref="ArgumentException">No reason is given.</exception>
    public async Task<CancelRunResult> RunAsync(CancelRunRequest request, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(request.Reason, nameof(request));
        var result = await patience.RunAsync(
            dataSource, transaction => CancelAsync(transaction, request, cancellationToken), new CancelRunResult(CancelRunOutcome.Busy), cancellationToken);
        if (result.Outcome is CancelRunOutcome.Cancelled)
        {
            log.Committed();
        }

        return result;
    }

    private async Task<CancelRunResult> CancelAsync(
        NpgsqlTransaction transaction, CancelRunRequest request, CancellationToken cancellationToken)
    {
        await run.LockSignUpsAsync(transaction, request.RunId, cancellationToken);
        var times = await bookings.LockRunAsync(transaction, request.RunId, cancellationToken);
        if (Refusal(times) is { } refusal)
        {
            return new CancelRunResult(refusal);
        }

        await run.RemoveAttendanceAsync(transaction, request.RunId, cancellationToken);
        await run.CloseSeatsAsync(transaction, request.RunId, cancellationToken);
        var ended = await run.EndBookingsAsync(transaction, request.RunId, request.Actor.Name, log.Now, cancellationToken);
        var waiting = await run.EndWaitingListAsync(transaction, request.RunId, log.Now, cancellationToken);
        var approvals = await run.VoidApprovalsAsync(transaction, request.RunId, log.Now, cancellationToken);
        var swaps = await run.WithdrawSwapsAsync(transaction, request.RunId, request.Actor.Name, log.Now, cancellationToken);
        await run.MarkCancelledAsync(transaction, request.RunId, request.Reason.Trim(), log.Now, cancellationToken);
        await tell.RunAsync(
            transaction, request.RunId, new EndedWithRun(ended, waiting, approvals, swaps), request.Actor, cancellationToken);
        await log.RecordAsync(transaction, [.. Entries(request, ended, waiting, swaps.Count)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new CancelRunResult(CancelRunOutcome.Cancelled, ended.Count, waiting.Count);
    }

    private CancelRunOutcome? Refusal(RunTimes? run) => run switch
    {
        { Status: RunStatuses.Cancelled } => CancelRunOutcome.AlreadyCancelled,
        not { Status: RunStatuses.Published } => CancelRunOutcome.NotPublished,
        _ when run.StartsAt <= log.Now => CancelRunOutcome.HasStarted,
        _ => null,
    };

    private IEnumerable<AuditEntry> Entries(
        CancelRunRequest request, IReadOnlyList<RunEndedBooking> ended, IReadOnlyList<RunEndedEntry> waiting, int swaps)
    {
        var entry = new AuditEntry { At = log.Now, Actor = request.Actor, Action = "run.cancelled", RunId = request.RunId };
        yield return entry with
        {
            Details = new Dictionary<string, object?> { ["bookings"] = ended.Count, ["waiting"] = waiting.Count, ["swaps"] = swaps },
        };
        foreach (var booking in ended)
        {
            yield return entry with
            {
                Action = "booking.run_cancelled",
                BookingId = booking.BookingId,
                PersonId = booking.PersonId,
                DepartmentId = booking.DepartmentId,
                Details = new Dictionary<string, object?> { ["seat"] = booking.SeatNumber },
            };
        }

        foreach (var place in waiting)
        {
            yield return entry with
            {
                Action = "waiting_list.run_cancelled",
                PersonId = place.PersonId,
                DepartmentId = place.DepartmentId,
                Details = new Dictionary<string, object?> { ["entry"] = place.EntryId },
            };
        }
    }
}
