using Booking.Data.Audit;
using Booking.Data.Runs;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>What became of a cancellation.</summary>
public enum CancelOutcome
{
    /// <summary>Cancelled before the deadline; the seat is free again.</summary>
    Cancelled,

    /// <summary>Cancelled after the deadline: flagged late, shown to HR; the seat is free again.</summary>
    CancelledLate,

    /// <summary>It was cancelled before; nothing changed.</summary>
    AlreadyCancelled,

    /// <summary>The deadline has passed and the caller has not said that this is known.</summary>
    DeadlinePassed,

    /// <summary>The first session has started.</summary>
    TooLate,

    /// <summary>There is no such booking, or it is not one that the caller may see.</summary>
    NotFound,
}

/// <summary>Whose wish it is that a booking ends.</summary>
/// <param name="Reference">The booking.</param>
/// <param name="Scope">What the caller may see and change.</param>
/// <param name="Actor">Who asks.</param>
/// <param name="AcceptsLate">Whether the caller knows that the deadline has passed and cancels all the same.</param>
public sealed record CancelRequest(Guid Reference, BookingScope Scope, Actor Actor, bool AcceptsLate);

/// <summary>
/// Cancels a booking: each calendar event is cancelled, the seat goes to whoever waits for it or is free in the same
/// transaction, and the secretary who reserved it gets a receipt.
/// </summary>
public sealed class CancelBooking(
    NpgsqlDataSource dataSource, BookingRepository bookings, EndBooking end, ServeWaitingList serve, DecisionLog log)
{
    /// <summary>Cancels at most once, however often it is asked.</summary>
    public async Task<CancelOutcome> RunAsync(CancelRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await bookings.FindRunIdAsync(transaction, request.Reference, request.Scope, cancellationToken) is not { } runId)
        {
            return CancelOutcome.NotFound;
        }

        var run = (await bookings.LockRunAsync(transaction, runId, cancellationToken))!;
        var booking = (await bookings.FindForUpdateAsync(transaction, request.Reference, request.Scope, cancellationToken))!;
        var outcome = Decide(booking, BookingRules.Cancellation(run, log.Now), request.AcceptsLate);
        if (outcome is CancelOutcome.Cancelled or CancelOutcome.CancelledLate)
        {
            await CancelAsync(transaction, run, booking, request.Actor, outcome is CancelOutcome.CancelledLate, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            log.Committed();
        }

        return outcome;
    }

    private static CancelOutcome Decide(BookingForChange booking, CancellationTiming timing, bool acceptsLate) => (booking.Status, timing) switch
    {
        ("cancelled", _) => CancelOutcome.AlreadyCancelled,
        (not ("held" or "booked"), _) => CancelOutcome.TooLate,
        // Nobody was booked on the seat yet: giving it back early is better than waiting for the clock to do it.
        (_, CancellationTiming.Late) when !booking.HasPerson => CancelOutcome.Cancelled,
        (_, CancellationTiming.InTime) => CancelOutcome.Cancelled,
        (_, CancellationTiming.Late) when acceptsLate => CancelOutcome.CancelledLate,
        (_, CancellationTiming.Late) => CancelOutcome.DeadlinePassed,
        (_, CancellationTiming.TooLate) => CancelOutcome.TooLate,
    };

    private async Task CancelAsync(
        NpgsqlTransaction transaction, RunTimes run, BookingForChange booking, Actor actor, bool isLate, CancellationToken cancellationToken)
    {
        await end.RunAsync(
            transaction, booking, new Ending { Actor = actor, Action = "booking.cancelled", IsLate = isLate }, cancellationToken);
        if (booking.Source == "secretary")
        {
            await log.TellAsync(
                transaction,
                [BookingMessages.CancelledReceipt(booking.BookingId, booking.RunId, Recipient.OfAddress(booking.BookedBy), log.Now)],
                cancellationToken);
        }

        await serve.RunAsync(transaction, run, [SeatPool.Of(booking.Pool, booking.DepartmentId)], cancellationToken);
    }
}
