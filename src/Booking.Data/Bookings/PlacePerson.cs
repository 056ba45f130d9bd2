using Booking.Data.Audit;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Data.Runs;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>One person for one seat that the transaction has taken.</summary>
internal sealed record Placement
{
    public required RunTimes Run { get; init; }

    public required int SeatNumber { get; init; }

    public required Candidate Person { get; init; }

    public long? DepartmentId { get; init; }

    /// <summary><c>secretary</c> or <c>sign_up</c>.</summary>
    public required string Source { get; init; }

    public required string BookedBy { get; init; }

    public required Actor Actor { get; init; }

    /// <summary>What the audit trail calls it.</summary>
    public required string Action { get; init; }

    public decimal? ExternalPrice { get; init; }

    public string? Ean { get; init; }

    /// <summary>The booking whose seat and place this one takes over.</summary>
    public long? Replaces { get; init; }

    /// <summary>The same seat for another person, or another seat for the same one: what the old booking was, the new one is.</summary>
    public static Placement Over(BookingForChange old, RunTimes run, Candidate person) => new()
    {
        Run = run,
        SeatNumber = old.SeatNumber,
        Person = person,
        DepartmentId = old.DepartmentId,
        Source = old.Source,
        BookedBy = old.BookedBy,
        Actor = Actor.System("booking"),
        Action = "booking.replaced",
        ExternalPrice = old.ExternalPrice,
        Ean = old.Ean,
        Replaces = old.BookingId,
    };
}

/// <summary>
/// Books one person on a seat that the transaction has: with the invitations and the notice to the leader, or, where the run
/// asks for it, held until the leader says yes.
/// </summary>
public sealed class PlacePerson(
    BookingRepository bookings, AskLeader askLeader, WaitingListRepository waitingList, InvitationRepository invitations, DecisionLog log)
{
    /// <summary>Makes the booking with everything that belongs to it.</summary>
    /// <returns>The booking; null when the person has a live one on the run, and then the seat is still the caller's.</returns>
    internal async Task<PlacedBooking?> RunAsync(NpgsqlTransaction transaction, Placement placement, CancellationToken cancellationToken)
    {
        var approval = askLeader.HoldFor(placement.Run, placement.Person);
        var booking = await bookings.InsertAsync(
            transaction,
            new NewBooking
            {
                RunId = placement.Run.RunId,
                SeatNumber = placement.SeatNumber,
                PersonId = placement.Person.PersonId,
                DepartmentId = placement.DepartmentId,
                HeldFor = approval?.For,
                HeldUntil = approval?.Until,
                Source = placement.Source,
                BookedBy = placement.BookedBy,
                BookedAt = log.Now,
                ExternalPrice = placement.ExternalPrice,
                Ean = placement.Ean,
                Replaces = placement.Replaces,
            },
            cancellationToken);
        if (booking is null)
        {
            return null;
        }

        await waitingList.EndForBookedAsync(transaction, [booking.BookingId], log.Now, cancellationToken);
        await TellAsync(transaction, placement.Run.RunId, booking.BookingId, placement.Person, approval, tellsLeader: true, cancellationToken);
        await log.RecordAsync(
            transaction,
            [new AuditEntry
            {
                At = log.Now,
                Actor = placement.Actor,
                Action = placement.Action,
                RunId = placement.Run.RunId,
                BookingId = booking.BookingId,
                PersonId = placement.Person.PersonId,
                DepartmentId = placement.DepartmentId,
                Details = new Dictionary<string, object?>
                {
                    ["seat"] = booking.SeatNumber,
                    ["pool"] = booking.Pool,
                    ["approval"] = approval is not null,
                    ["replaces"] = placement.Replaces,
                },
            }],
            cancellationToken);
        return booking;
    }

    /// <summary>What a booking was held for has come: it is booked now, or waits for the leader where the run asks for it.</summary>
    /// <param name="transaction">The decision's transaction.</param>
    /// <param name="run">The run, locked.</param>
    /// <param name="bookingId">A booking that is held.</param>
    /// <param name="heldFor">What it is held for.</param>
    /// <param name="person">Whose it is; from now on, when it had no name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was held for that.</returns>
    internal async Task<bool> SettleAsync(
        NpgsqlTransaction transaction, RunTimes run, long bookingId, string heldFor, Candidate person, CancellationToken cancellationToken)
    {
        var approval = heldFor == HeldFor.Approval ? null : askLeader.HoldFor(run, person);
        if (!await bookings.SettleHoldAsync(transaction, bookingId, heldFor, person.PersonId, approval, cancellationToken))
        {
            return false;
        }

        // A leader who said yes needs no notice on top of it.
        await TellAsync(transaction, run.RunId, bookingId, person, approval, heldFor != HeldFor.Approval, cancellationToken);
        return true;
    }

    private async Task TellAsync(
        NpgsqlTransaction transaction, long runId, long bookingId, Candidate person, NextHold? approval, bool tellsLeader,
        CancellationToken cancellationToken)
    {
        if (approval is not null)
        {
            await askLeader.RunAsync(transaction, runId, bookingId, person, approval.Until, cancellationToken);
            return;
        }

        var events = await invitations.InsertAsync(transaction, runId, [bookingId], cancellationToken);
        List<OutboxMessage> messages =
            [.. BookingMessages.Invitations(events, runId, new Recipient(person.Email, person.Name, person.Language), log.Now)];
        if (tellsLeader && person.LeaderEmail is not null)
        {
            messages.Add(BookingMessages.Notice(bookingId, runId, new Recipient(person.LeaderEmail, person.LeaderName ?? "", Language: null), log.Now));
        }

        await log.TellAsync(transaction, messages, cancellationToken);
    }
}

/// <summary>Values of <c>bookings.held_for</c>: what a held booking waits for.</summary>
public static class HeldFor
{
    /// <summary>An external person's confirmation by the link in a mail.</summary>
    public const string SignUp = "sign_up";

    /// <summary>A name, from the department that holds it.</summary>
    public const string Name = "name";

    /// <summary>An answer to an offer from the waiting list.</summary>
    public const string Offer = "offer";

    /// <summary>A leader's yes.</summary>
    public const string Approval = "approval";
}
