using System.Globalization;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.People;
using Npgsql;

namespace Booking.Data.WaitingLists;

/// <summary>
/// Turns an external person's confirmed sign-up on a full run into a place on its waiting list, or into a seat when one is
/// free by then. Part of <see cref="ConfirmSignUp"/>, whose transaction has the sign-up locked.
/// </summary>
public sealed class ConfirmPlace(
    SignUpRepository signUps, PersonRepository people, BookingRepository bookings, WaitingListRepository waitingList,
    JoinWaitingList join, DecisionLog log)
{
    internal async Task<ConfirmOutcome> RunAsync(
        NpgsqlTransaction transaction, SignUpRow signUp, Actor actor, CancellationToken cancellationToken)
    {
        var price = (await signUps.FindRunAsync(transaction, signUp.RunId, cancellationToken))!.ExternalPrice;
        var personId = await people.SaveExternalAsync(transaction, signUp, cancellationToken);
        await bookings.LockPeopleAsync(transaction, signUp.RunId, [personId], cancellationToken);
        var person = await bookings.FindCandidateAsync(transaction, signUp.RunId, personId, cancellationToken);
        await signUps.MarkConfirmedAsync(transaction, signUp.SignUpId, log.Now, cancellationToken);
        if (person is null)
        {
            return ConfirmOutcome.SignUpClosed;
        }

        var result = await join.JoinAsync(
            transaction,
            person,
            new NewEntry
            {
                RunId = signUp.RunId,
                PersonId = personId,
                JoinedAt = log.Now,
                JoinedBy = actor.Name,
                Source = "sign_up",
                ExternalPrice = price,
                Ean = signUp.Ean,
            },
            actor,
            cancellationToken);
        if (result.Outcome is JoinOutcome.AlreadyWaiting)
        {
            await TellAgainAsync(transaction, signUp, personId, cancellationToken);
        }

        return result.Outcome switch
        {
            JoinOutcome.Joined => ConfirmOutcome.Waiting,
            // Nobody from outside has a leader here who could be asked.
            JoinOutcome.Booked or JoinOutcome.AwaitsApproval => ConfirmOutcome.Confirmed,
            JoinOutcome.AlreadyBooked => ConfirmOutcome.AlreadyBooked,
            JoinOutcome.AlreadyWaiting => ConfirmOutcome.AlreadyWaiting,
            JoinOutcome.NotInDepartment or JoinOutcome.SignUpClosed => ConfirmOutcome.SignUpClosed,
        };
    }

    // Whoever signs up again may have lost the first link.
    private async Task TellAgainAsync(
        NpgsqlTransaction transaction, SignUpRow signUp, long personId, CancellationToken cancellationToken)
    {
        if (await waitingList.FindLiveAsync(transaction, signUp.RunId, personId, cancellationToken) is { } entry)
        {
            await log.TellBehindAsync(transaction, [WaitingListMessages.Again(entry, signUp.SignUpId.ToString(CultureInfo.InvariantCulture), log.Now)], cancellationToken);
        }
    }
}
