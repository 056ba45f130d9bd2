using Booking.Data.Audit;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>How a booking ends.</summary>
internal sealed record Ending
{
    public required Actor Actor { get; init; }

    /// <summary>What the audit trail calls it.</summary>
    public required string Action { get; init; }

    public bool IsLate { get; init; }

    /// <summary>False when somebody else takes the seat over in the same transaction.</summary>
    public bool FreesSeat { get; init; } = true;

    /// <summary>The booking on another run that the person has instead.</summary>
    public long? MovedTo { get; init; }
}

/// <summary>
/// Ends a live booking: its events are cancelled, its seat is free, and a sign-up, an offer or an approval that hung on it is over.
/// The caller has the run and the booking locked, tells whoever else must know, and serves the waiting list.
/// </summary>
public sealed class EndBooking(
    BookingRepository bookings, SeatRepository seats, SignUpRepository signUps, ApprovalRepository approvals,
    WaitingListRepository waitingList, InvitationRepository invitations, DecisionLog log)
{
    internal async Task RunAsync(NpgsqlTransaction transaction, BookingForChange booking, Ending ending, CancellationToken cancellationToken)
    {
        await bookings.CancelAsync(
            transaction, new Cancellation(booking.BookingId, ending.Actor.Name, log.Now, ending.IsLate), cancellationToken);
        if (ending.FreesSeat)
        {
            await seats.FreeAsync(transaction, booking.RunId, [booking.SeatNumber], cancellationToken);
        }

        if (booking.Status == "held")
        {
            await signUps.ExpireOfBookingAsync(transaction, booking.BookingId, cancellationToken);
            await approvals.VoidAsync(transaction, booking.BookingId, log.Now, cancellationToken);
            await waitingList.EndOfferOfAsync(transaction, booking.BookingId, WaitingListStatuses.Withdrawn, log.Now, cancellationToken);
        }

        await TellAsync(transaction, booking, cancellationToken);
        await log.RecordAsync(
            transaction,
            [new AuditEntry
            {
                At = log.Now,
                Actor = ending.Actor,
                Action = ending.Action,
                RunId = booking.RunId,
                BookingId = booking.BookingId,
                PersonId = booking.PersonId,
                DepartmentId = booking.DepartmentId,
                Details = new Dictionary<string, object?> { ["seat"] = booking.SeatNumber, ["late"] = ending.IsLate, ["moved_to"] = ending.MovedTo },
            }],
            cancellationToken);
    }

    private async Task TellAsync(NpgsqlTransaction transaction, BookingForChange booking, CancellationToken cancellationToken)
    {
        var events = await invitations.CancelAsync(transaction, booking.BookingId, cancellationToken);
        if (booking.PersonEmail is not null)
        {
            var person = new Recipient(booking.PersonEmail, booking.PersonName ?? "", booking.Language);
            await log.TellAsync(
                transaction, [.. BookingMessages.Cancellations(events, booking.RunId, person, log.Now)], cancellationToken);
        }
    }
}
