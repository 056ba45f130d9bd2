using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Allotments;

/// <summary>What became of a wish for more seats.</summary>
public enum AddSeatsOutcome
{
    /// <summary>The added seats, and only they, were shared by the distribution key.</summary>
    Shared,

    /// <summary>The guaranteed seats were released already: the added seats are open to all.</summary>
    Opened,

    /// <summary>The run is not published (a draft's capacity is just changed).</summary>
    NotPublished,
}

/// <summary>Seats to be added to a published run.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Seats">How many, at least one.</param>
/// <param name="External">How many of them are for the external sectors; after the release none can be.</param>
internal sealed record SeatsToAdd(long RunId, int Seats, int External = 0);

/// <summary>Raises a published run's capacity without touching a seat that exists; whoever waits for one of the new seats gets it.</summary>
public sealed class AddSeats(
    RunPublishingRepository runs, SeatAccountRepository accounts, AllotmentRepository allotments, BookingRepository bookings,
    ServeWaitingList serve, AuditRepository audit, TimeProvider clock)
{
    /// <summary>Adds seats as part of the caller's transaction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No seat is added, or more external ones than seats.</exception>
    internal async Task<AddSeatsOutcome> RunAsync(
        NpgsqlTransaction transaction, SeatsToAdd added, Actor actor, CancellationToken cancellationToken)
    {
        if (added.Seats <= 0 || added.External < 0 || added.External > added.Seats)
        {
            throw new ArgumentOutOfRangeException(nameof(added), added, "No such seats can be added.");
        }

        var runId = added.RunId;
        var run = await runs.RaiseCapacityAsync(transaction, added, cancellationToken);
        if (run is null)
        {
            return AddSeatsOutcome.NotPublished;
        }

        // Asked only now that the run is locked: lowered capacity may have left gaps, and somebody waited for may have added seats.
        var firstNumber = await runs.FindLastSeatNumberAsync(transaction, runId, cancellationToken) + 1;
        var round = run.IsReleased
            ? AllottedRun.OpenOnly(runId, firstNumber, added.Seats)
            : await ShareAsync(transaction, added, firstNumber, run.PlanYear, cancellationToken);
        var now = clock.GetUtcNow();
        await allotments.InsertAsync(transaction, [round], now, cancellationToken);
        await allotments.InsertSeatsAsync(transaction, [round], cancellationToken);
        await audit.InsertAsync(
            transaction,
            new AuditEntry
            {
                At = now,
                Actor = actor,
                Action = "run.capacity_raised",
                RunId = runId,
                Details = new Dictionary<string, object?>
                {
                    ["added_seats"] = added.Seats,
                    ["external_seats"] = run.IsReleased ? 0 : added.External,
                    ["capacity"] = run.Capacity,
                    ["open"] = run.IsReleased,
                },
            },
            cancellationToken);
        await serve.RunAsync(transaction, (await bookings.FindRunAsync(transaction, runId, cancellationToken))!, [], cancellationToken);
        return run.IsReleased ? AddSeatsOutcome.Opened : AddSeatsOutcome.Shared;
    }

    private async Task<AllottedRun> ShareAsync(
        NpgsqlTransaction transaction, SeatsToAdd added, int firstNumber, int planYear, CancellationToken cancellationToken)
    {
        var year = await accounts.LockAsync(transaction, planYear, cancellationToken);
        var arithmetic = year.ShareAdded(added.Seats - added.External);
        await accounts.UpdateAsync(transaction, year, cancellationToken);
        return AllottedRun.Of(added.RunId, firstNumber, year, arithmetic, added.External);
    }
}
