using Booking.Data.Audit;
using Booking.Data.Invitations;
using Booking.Data.People;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>What became of a confirmation link.</summary>
public enum ConfirmOutcome
{
    /// <summary>The seat is the person's now; the invitation is on its way.</summary>
    Confirmed,

    /// <summary>The link was used before; nothing changed.</summary>
    AlreadyConfirmed,

    /// <summary>The 30 minutes were over; the seat is gone.</summary>
    Expired,

    /// <summary>The person is at another course at that time, and the request did not say that this is known: nothing changed, the seat is still held.</summary>
    Overlaps,

    /// <summary>The person has another live booking on this run; the held seat was given back.</summary>
    AlreadyBooked,

    /// <summary>No seat was free: the person waits now, and the place is told by mail.</summary>
    Waiting,

    /// <summary>The person waits already; a mail with a fresh link tells at which place.</summary>
    AlreadyWaiting,

    /// <summary>Sign-up closed before the link was used: there is no waiting list any more.</summary>
    SignUpClosed,

    /// <summary>There is no such link.</summary>
    UnknownLink,
}

/// <summary>A used confirmation link.</summary>
/// <param name="Token">The secret from the mail.</param>
/// <param name="AcceptsOverlap">Whether the person was told of the other course at that time, and wants both.</param>
public sealed record ConfirmRequest(string Token, bool AcceptsOverlap = false);

/// <summary>The outcome, and what is in the way when something is.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Overlaps">The other courses at that time, when the outcome is <see cref="ConfirmOutcome.Overlaps"/>.</param>
public sealed record ConfirmResult(ConfirmOutcome Outcome, IReadOnlyList<Overlap> Overlaps);

/// <summary>Turns an external person's held seat into a booking, or a sign-up on a full run into a place on its list; and the sign-up into a person.</summary>
public sealed class ConfirmSignUp(
    NpgsqlDataSource dataSource, SignUpRepository signUps, BookingRepository bookings, PersonRepository people, OverlapRepository overlaps,
    InvitationRepository invitations, EndBooking end, ServeWaitingList serve, WaitingListRepository waitingList,
    ConfirmPlace confirmPlace, DecisionLog log)
{
    private static readonly Actor External = new() { Name = "external", Role = ActorRoles.External };

    /// <summary>Confirms once; the same link again changes nothing.</summary>
    public async Task<ConfirmResult> RunAsync(ConfirmRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var signUp = await signUps.FindByTokenForUpdateAsync(transaction, LinkToken.Hash(request.Token), cancellationToken);
        var result = signUp switch
        {
            null => Plain(ConfirmOutcome.UnknownLink),
            { Status: "confirmed" } => Plain(ConfirmOutcome.AlreadyConfirmed),
            { Status: "pending", BookingId: { } bookingId } when signUp.ExpiresAt > log.Now =>
                await ConfirmAsync(transaction, signUp, (bookingId, request.AcceptsOverlap), cancellationToken),
            // Somebody who is elsewhere at that time gets no seat here, but is offered one: the offer's answer asks.
            { Status: "pending", IsForWaitingList: true } when signUp.ExpiresAt > log.Now =>
                Plain(await confirmPlace.RunAsync(transaction, signUp, External, cancellationToken)),
            _ => Plain(ConfirmOutcome.Expired),
        };
        if (result.Outcome is ConfirmOutcome.Overlaps)
        {
            return result;
        }

        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return result;
    }

    private static ConfirmResult Plain(ConfirmOutcome outcome) => new(outcome, []);

    private async Task<ConfirmResult> ConfirmAsync(
        NpgsqlTransaction transaction, SignUpRow signUp, (long BookingId, bool AcceptsOverlap) wish, CancellationToken cancellationToken)
    {
        var bookingId = wish.BookingId;
        var person = await people.SaveExternalAsync(transaction, signUp, cancellationToken);
        await bookings.LockPeopleAsync(transaction, signUp.RunId, [person], cancellationToken);
        await signUps.MarkConfirmedAsync(transaction, signUp.SignUpId, log.Now, cancellationToken);
        if (!await bookings.ConfirmHoldAsync(transaction, bookingId, person, cancellationToken))
        {
            await GiveBackAsync(transaction, signUp.RunId, bookingId, cancellationToken);
            return Plain(ConfirmOutcome.AlreadyBooked);
        }

        var clashes = await overlaps.ListAsync(transaction, signUp.RunId, [person], cancellationToken);
        if (clashes.Count > 0 && !wish.AcceptsOverlap)
        {
            return new ConfirmResult(ConfirmOutcome.Overlaps, clashes);
        }

        await waitingList.EndForBookedAsync(transaction, [bookingId], log.Now, cancellationToken);
        var events = await invitations.InsertAsync(transaction, signUp.RunId, [bookingId], cancellationToken);
        var recipient = new Recipient(signUp.Email, signUp.Name, signUp.Language);
        await log.TellAsync(transaction, [.. BookingMessages.Invitations(events, signUp.RunId, recipient, log.Now)], cancellationToken);
        await log.RecordAsync(
            transaction,
            [new AuditEntry { At = log.Now, Actor = External, Action = "sign_up.confirmed", RunId = signUp.RunId, BookingId = bookingId, PersonId = person }],
            cancellationToken);
        return Plain(ConfirmOutcome.Confirmed);
    }

    private async Task GiveBackAsync(
        NpgsqlTransaction transaction, long runId, long bookingId, CancellationToken cancellationToken)
    {
        var run = (await bookings.LockRunAsync(transaction, runId, cancellationToken))!;
        var hold = await bookings.FindForUpdateAsync(transaction, bookingId, cancellationToken);
        if (hold is { Status: "held" })
        {
            await end.RunAsync(transaction, hold, new Ending { Actor = External, Action = "sign_up.given_back" }, cancellationToken);
            await serve.RunAsync(transaction, run, [SeatPool.Of(hold.Pool, hold.DepartmentId)], cancellationToken);
        }
    }
}
