using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Runs;
using Booking.Data.Site;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Booking.Data.WaitingLists;

/// <summary>
/// Gives free seats to those who wait, in the transaction that made them free. An own pool's seat goes to the longest
/// waiting of that pool; an open seat to the own list of the pool that gave it up, and then to the longest waiting of all.
/// </summary>
/// <remarks>
/// Every transaction that may leave a seat free beside somebody who waits has the run locked from its beginning (see
/// docs/adr/0007-locks.md), so two of them, or one and a person who joins, take turns. Newcomers take no such lock: a seat
/// freed here is given away before anybody else can see that it was free.
/// </remarks>
public sealed class ServeWaitingList(
    WaitingListRepository waitingList, BookingRepository bookings, SeatRepository seats, OverlapRepository overlaps,
    PlacePerson place, DecisionLog log, IOptions<SiteOptions> site, IOptions<WorkingHoursOptions> hours)
{
    private static readonly Actor Promotion = Actor.System("waiting-list");

    /// <summary>Serves one run's list as far as there are seats.</summary>
    /// <param name="transaction">The transaction that made seats free.</param>
    /// <param name="run">The run, locked.</param>
    /// <param name="givenUp">The pools whose seats were given up just now, one for each seat.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many people got a seat or an offer.</returns>
    internal async Task<int> RunAsync(
        NpgsqlTransaction transaction, RunTimes run, IReadOnlyCollection<SeatPool> givenUp, CancellationToken cancellationToken)
    {
        if (BookingRules.SignUp(run, log.Now) is not SignUpState.Open
            || !await waitingList.AnyoneWaitsAsync(transaction, run.RunId, cancellationToken))
        {
            return 0;
        }

        var served = 0;
        HashSet<long> passedOver = [];
        foreach (var ownList in givenUp.Where(pool => pool.Kind != SeatPool.Open.Kind))
        {
            served += await ServeNextAsync(transaction, run, ownList, passedOver, cancellationToken) ? 1 : 0;
        }

        while (await waitingList.FindNextAsync(transaction, run.RunId, ownList: null, passedOver, cancellationToken) is { } next)
        {
            served += await TryServeAsync(transaction, run, next, passedOver, cancellationToken) ? 1 : 0;
        }

        return served;
    }

    private async Task<bool> ServeNextAsync(
        NpgsqlTransaction transaction, RunTimes run, SeatPool ownList, HashSet<long> passedOver, CancellationToken cancellationToken)
    {
        while (await waitingList.FindNextAsync(transaction, run.RunId, ownList, passedOver, cancellationToken) is { } next)
        {
            if (await TryServeAsync(transaction, run, next, passedOver, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> TryServeAsync(
        NpgsqlTransaction transaction, RunTimes run, WaitingEntry entry, HashSet<long> passedOver, CancellationToken cancellationToken)
    {
        // Never twice in one pass, whatever becomes of it: this is what ends the loop.
        passedOver.Add(entry.EntryId);
        if (!await bookings.TryLockPersonAsync(transaction, run.RunId, entry.PersonId, cancellationToken))
        {
            // Somebody is booking this person right now; the sweep comes by within a minute.
            return false;
        }

        var person = await bookings.FindCandidateAsync(transaction, run.RunId, entry.PersonId, cancellationToken);
        if (person is null or { LiveBooking: not null })
        {
            return false;
        }

        var seat = await seats.ClaimOneAsync(transaction, run.RunId, entry.OwnPool, cancellationToken);
        if (seat is null)
        {
            return false;
        }

        var isClash = (await overlaps.ListAsync(transaction, run.RunId, [entry.PersonId], cancellationToken)).Count > 0;
        // Whoever is elsewhere at that time is asked, whatever the run's mode.
        if (run.WaitingListMode == WaitingListModes.Book && !isClash)
        {
            await BookAsync(transaction, run, entry, person, seat.Value, cancellationToken);
        }
        else
        {
            await OfferAsync(transaction, run, entry, seat.Value, cancellationToken);
        }

        return true;
    }

    private async Task BookAsync(
        NpgsqlTransaction transaction, RunTimes run, WaitingEntry entry, Candidate person, int seat, CancellationToken cancellationToken)
    {
        var booking = await place.RunAsync(
            transaction,
            new Placement
            {
                Run = run,
                SeatNumber = seat,
                Person = person,
                DepartmentId = entry.DepartmentId,
                Source = entry.Source,
                BookedBy = entry.JoinedBy,
                Actor = Promotion,
                Action = "waiting_list.booked",
                ExternalPrice = entry.ExternalPrice,
                Ean = entry.Ean,
            },
            cancellationToken) ?? throw new InvalidOperationException("A person whose lock is held was booked meanwhile.");
        if (entry.Source == "secretary")
        {
            await log.TellAsync(
                transaction,
                [BookingMessages.Receipt([booking.BookingId], run.RunId, Recipient.OfAddress(entry.JoinedBy), log.Now)],
                cancellationToken);
        }
    }

    private async Task OfferAsync(
        NpgsqlTransaction transaction, RunTimes run, WaitingEntry entry, int seat, CancellationToken cancellationToken)
    {
        var expiresAt = OfferEnd(run, log.Now, hours.Value, TimeZoneInfo.FindSystemTimeZoneById(site.Value.TimeZone));
        var booking = await bookings.InsertAsync(
            transaction,
            new NewBooking
            {
                RunId = run.RunId,
                SeatNumber = seat,
                PersonId = entry.PersonId,
                DepartmentId = entry.DepartmentId,
                HeldFor = HeldFor.Offer,
                HeldUntil = expiresAt,
                Source = entry.Source,
                BookedBy = entry.JoinedBy,
                BookedAt = log.Now,
                ExternalPrice = entry.ExternalPrice,
                Ean = entry.Ean,
            },
            cancellationToken) ?? throw new InvalidOperationException("A person whose lock is held was booked meanwhile.");
        await waitingList.MarkOfferedAsync(
            transaction, new Offer(entry.EntryId, booking.BookingId, log.Now, expiresAt), cancellationToken);
        await log.TellAsync(transaction, [WaitingListMessages.Offer(entry, booking.BookingId, log.Now)], cancellationToken);
        await log.RecordAsync(
            transaction,
            [new AuditEntry
            {
                At = log.Now,
                Actor = Promotion,
                Action = "waiting_list.offered",
                RunId = run.RunId,
                BookingId = booking.BookingId,
                PersonId = entry.PersonId,
                DepartmentId = entry.DepartmentId,
                Details = new Dictionary<string, object?> { ["entry"] = entry.EntryId, ["seat"] = seat, ["pool"] = booking.Pool, ["until"] = expiresAt },
            }],
            cancellationToken);
    }

    /// <summary>When an offer made now ends: after the run's working hours, and never past its sign-up stop.</summary>
    /// <param name="run">The run.</param>
    /// <param name="now">When the offer is made.</param>
    /// <param name="options">The site's working hours.</param>
    /// <param name="zone">The site's zone.</param>
    public static DateTimeOffset OfferEnd(RunTimes run, DateTimeOffset now, WorkingHoursOptions options, TimeZoneInfo zone)
    {
        var end = WorkingTime.Add(now, run.OfferWorkingHours, options, zone);
        return end < run.SignUpClosesAt ? end : run.SignUpClosesAt;
    }
}
