using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Runs;
using Npgsql;

namespace Booking.Data.WaitingLists;

/// <summary>What somebody who waits wants.</summary>
public enum WaitingListAnswer
{
    /// <summary>Yes to the offered seat.</summary>
    Accept,

    /// <summary>No to the offered seat; it goes on at once.</summary>
    Decline,

    /// <summary>Not to wait any more, with or without an offer.</summary>
    Withdraw,
}

/// <summary>What became of an answer.</summary>
public enum AnswerOutcome
{
    /// <summary>The seat is the person's; the invitation is on its way.</summary>
    Accepted,

    /// <summary>The leader is asked now, and the seat is held until then.</summary>
    AwaitsApproval,

    /// <summary>The offer was declined; the seat went on.</summary>
    Declined,

    /// <summary>The person waits no more.</summary>
    Withdrawn,

    /// <summary>The person is at another course at that time, and the answer did not say that this is known.</summary>
    Overlaps,

    /// <summary>It had been accepted before; nothing changed.</summary>
    AlreadyAccepted,

    /// <summary>The offer's time was over; nothing changed.</summary>
    OfferExpired,

    /// <summary>There is no offer to answer.</summary>
    NoOffer,

    /// <summary>The entry had ended before; nothing changed.</summary>
    AlreadyEnded,

    /// <summary>There is no such entry, or it is not one that the caller may see.</summary>
    NotFound,
}

/// <summary>An answer.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Scope">What the caller may see and change.</param>
/// <param name="Actor">Who answers.</param>
/// <param name="Answer">What is wanted.</param>
/// <param name="AcceptsOverlap">Whether the caller knows that the person is at another course at that time.</param>
public sealed record AnswerRequest(Guid Entry, EntryScope Scope, Actor Actor, WaitingListAnswer Answer, bool AcceptsOverlap = false);

/// <summary>The outcome, and what is in the way when something is.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Overlaps">The other courses at that time.</param>
public sealed record AnswerResult(AnswerOutcome Outcome, IReadOnlyList<Overlap> Overlaps);

/// <summary>Accepts or declines an offered seat, or gives a place on a waiting list up. What is declined goes on in the same transaction.</summary>
public sealed class AnswerOffer(
    NpgsqlDataSource dataSource, WaitingListRepository waitingList, BookingRepository bookings, OverlapRepository overlaps,
    EndBooking end, PlacePerson place, ServeWaitingList serve, DecisionLog log)
{
    /// <summary>Answers once; the same answer again changes nothing.</summary>
    public async Task<AnswerResult> RunAsync(AnswerRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await waitingList.FindRunIdAsync(transaction, request.Entry, request.Scope, cancellationToken) is not { } runId)
        {
            return new AnswerResult(AnswerOutcome.NotFound, []);
        }

        var run = (await bookings.LockRunAsync(transaction, runId, cancellationToken))!;
        var entry = await waitingList.GetForUpdateAsync(transaction, request.Entry, cancellationToken);
        var result = request.Answer switch
        {
            WaitingListAnswer.Accept => await AcceptAsync(transaction, run, entry, request, cancellationToken),
            WaitingListAnswer.Decline => await DeclineAsync(transaction, run, entry, request, cancellationToken),
            WaitingListAnswer.Withdraw => await WithdrawAsync(transaction, run, entry, request, cancellationToken),
        };
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return result;
    }

    private async Task<AnswerResult> AcceptAsync(
        NpgsqlTransaction transaction, RunTimes run, WaitingEntry entry, AnswerRequest request, CancellationToken cancellationToken)
    {
        if (WithoutOffer(entry) is { } outcome)
        {
            return new AnswerResult(outcome, []);
        }

        var clashes = await overlaps.ListAsync(transaction, run.RunId, [entry.PersonId], cancellationToken);
        if (clashes.Count > 0 && !request.AcceptsOverlap)
        {
            return new AnswerResult(AnswerOutcome.Overlaps, clashes);
        }

        var person = await bookings.FindCandidateAsync(transaction, run.RunId, entry.PersonId, cancellationToken);
        if (person is null || !await place.SettleAsync(transaction, run, entry.BookingId!.Value, HeldFor.Offer, person, cancellationToken))
        {
            return new AnswerResult(AnswerOutcome.NoOffer, []);
        }

        await EndAsync(transaction, entry, WaitingListStatuses.Accepted, request.Actor, cancellationToken);
        var awaits = run.RequiresApproval && person.LeaderEmail is not null;
        return new AnswerResult(awaits ? AnswerOutcome.AwaitsApproval : AnswerOutcome.Accepted, clashes);
    }

    private async Task<AnswerResult> DeclineAsync(
        NpgsqlTransaction transaction, RunTimes run, WaitingEntry entry, AnswerRequest request, CancellationToken cancellationToken)
    {
        if (WithoutOffer(entry) is { } outcome)
        {
            return new AnswerResult(outcome, []);
        }

        await EndAsync(transaction, entry, WaitingListStatuses.Declined, request.Actor, cancellationToken);
        await PassOnAsync(transaction, run, entry, request.Actor, "waiting_list.seat_passed_on", cancellationToken);
        return new AnswerResult(AnswerOutcome.Declined, []);
    }

    private async Task<AnswerResult> WithdrawAsync(
        NpgsqlTransaction transaction, RunTimes run, WaitingEntry entry, AnswerRequest request, CancellationToken cancellationToken)
    {
        if (entry.Status is not (WaitingListStatuses.Waiting or WaitingListStatuses.Offered))
        {
            return new AnswerResult(AnswerOutcome.AlreadyEnded, []);
        }

        await EndAsync(transaction, entry, WaitingListStatuses.Withdrawn, request.Actor, cancellationToken);
        if (entry.Status == WaitingListStatuses.Offered)
        {
            await PassOnAsync(transaction, run, entry, request.Actor, "waiting_list.seat_passed_on", cancellationToken);
        }

        return new AnswerResult(AnswerOutcome.Withdrawn, []);
    }

    /// <summary>Ends offers of one run whose time is over, as part of a transaction that has the run locked.</summary>
    /// <returns>The pools of the seats that became free.</returns>
    internal async Task<IReadOnlyList<SeatPool>> ExpireAsync(
        NpgsqlTransaction transaction, long runId, Actor actor, CancellationToken cancellationToken)
    {
        List<SeatPool> givenUp = [];
        foreach (var entry in await waitingList.ListExpiredOffersAsync(transaction, runId, log.Now, cancellationToken))
        {
            await EndAsync(transaction, entry, WaitingListStatuses.Expired, actor, cancellationToken);
            givenUp.AddRange(await EndHoldAsync(transaction, entry, actor, "waiting_list.seat_passed_on", cancellationToken));
            // Behind the offer: should that still wait for its next attempt, it is thrown away at once.
            await log.TellBehindAsync(transaction, [WaitingListMessages.OfferExpired(entry, log.Now)], cancellationToken);
        }

        return givenUp;
    }

    // An offer that has run out is over, also when the sweep has not come by yet.
    private AnswerOutcome? WithoutOffer(WaitingEntry entry) => entry.Status switch
    {
        WaitingListStatuses.Offered => entry.OfferExpiresAt > log.Now ? null : AnswerOutcome.OfferExpired,
        WaitingListStatuses.Accepted => AnswerOutcome.AlreadyAccepted,
        WaitingListStatuses.Waiting => AnswerOutcome.NoOffer,
        WaitingListStatuses.Expired => AnswerOutcome.OfferExpired,
        _ => AnswerOutcome.AlreadyEnded,
    };

    private async Task PassOnAsync(
        NpgsqlTransaction transaction, RunTimes run, WaitingEntry entry, Actor actor, string action, CancellationToken cancellationToken)
    {
        var givenUp = await EndHoldAsync(transaction, entry, actor, action, cancellationToken);
        await serve.RunAsync(transaction, run, givenUp, cancellationToken);
    }

    private async Task<IReadOnlyList<SeatPool>> EndHoldAsync(
        NpgsqlTransaction transaction, WaitingEntry entry, Actor actor, string action, CancellationToken cancellationToken)
    {
        var hold = await bookings.FindForUpdateAsync(transaction, entry.BookingId!.Value, cancellationToken);
        if (hold is not { Status: "held" })
        {
            return [];
        }

        await end.RunAsync(transaction, hold, new Ending { Actor = actor, Action = action }, cancellationToken);
        return [SeatPool.Of(hold.Pool, hold.DepartmentId)];
    }

    private async Task EndAsync(
        NpgsqlTransaction transaction, WaitingEntry entry, string status, Actor actor, CancellationToken cancellationToken)
    {
        await waitingList.EndAsync(transaction, entry.EntryId, status, bookingId: null, log.Now, cancellationToken);
        await log.RecordAsync(
            transaction,
            [new AuditEntry
            {
                At = log.Now,
                Actor = actor,
                Action = $"waiting_list.{status}",
                RunId = entry.RunId,
                BookingId = entry.BookingId,
                PersonId = entry.PersonId,
                DepartmentId = entry.DepartmentId,
                Details = new Dictionary<string, object?> { ["entry"] = entry.EntryId },
            }],
            cancellationToken);
    }
}
