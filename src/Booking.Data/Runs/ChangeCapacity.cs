using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>What became of a wish for another number of seats.</summary>
public enum ChangeCapacityOutcome
{
    /// <summary>The new seats were shared by the distribution key, or opened to all when the others are, and the waiting list was served.</summary>
    Raised,

    /// <summary>Free seats that were promised to nobody are gone.</summary>
    Lowered,

    /// <summary>Too few free seats that are promised to nobody; the result says who has the others. Nothing changed.</summary>
    InTheWay,

    /// <summary>The run has another number of seats than the one that was looked at. Nothing changed.</summary>
    ChangedMeanwhile,

    /// <summary>The run has that many seats.</summary>
    Unchanged,

    /// <summary>The run is not published, or its first session has started.</summary>
    NotOpen,
}

/// <summary>HR's wish for another number of seats.</summary>
/// <param name="RunId">The run.</param>
/// <param name="From">How many seats it had when HR looked.</param>
/// <param name="To">How many it is to have; at least 1.</param>
/// <param name="AlsoExternal">Whether free seats of the external sectors may go, too; never without HR saying so.</param>
/// <param name="Actor">Who asks.</param>
public sealed record ChangeCapacityRequest(long RunId, int From, int To, bool AlsoExternal, Actor Actor);

/// <summary>The outcome, and who stands in the way when somebody does.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Holders">Who has the run's seats.</param>
public sealed record ChangeCapacityResult(ChangeCapacityOutcome Outcome, IReadOnlyList<SeatHolder> Holders);

/// <summary>Gives a published run more or fewer seats. Whoever has a seat, or was guaranteed one, keeps it.</summary>
public sealed class ChangeCapacity(
    NpgsqlDataSource dataSource, BookingRepository bookings, AddSeats addSeats, RemoveSeats removeSeats, SeatRemovalRepository seats,
    HrRunRepository runs, DecisionLog log)
{
    /// <summary>Changes the number of seats, wholly or not at all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one seat is asked for.</exception>
    public async Task<ChangeCapacityResult> RunAsync(ChangeCapacityRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.To, 1, nameof(request));
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var run = await bookings.LockRunAsync(transaction, request.RunId, cancellationToken);
        if (run is not { Status: RunStatuses.Published } || run.StartsAt <= log.Now)
        {
            return new ChangeCapacityResult(ChangeCapacityOutcome.NotOpen, []);
        }

        var result = await ChangeAsync(transaction, request, cancellationToken);
        if (result.Outcome is ChangeCapacityOutcome.Raised or ChangeCapacityOutcome.Lowered)
        {
            await transaction.CommitAsync(cancellationToken);
            log.Committed();
        }

        return result;
    }

    private async Task<ChangeCapacityResult> ChangeAsync(
        NpgsqlTransaction transaction, ChangeCapacityRequest request, CancellationToken cancellationToken)
    {
        var capacity = await runs.GetCapacityAsync(transaction, request.RunId, cancellationToken);
        var outcome = (capacity - request.From, request.To - capacity) switch
        {
            (_, 0) => ChangeCapacityOutcome.Unchanged,
            (not 0, _) => ChangeCapacityOutcome.ChangedMeanwhile,
            (_, > 0) => await RaiseAsync(transaction, request, cancellationToken),
            _ => await LowerAsync(transaction, request, cancellationToken),
        };
        return new ChangeCapacityResult(
            outcome, await seats.ListHoldersAsync(transaction.Connection!, transaction, request.RunId, cancellationToken));
    }

    private async Task<ChangeCapacityOutcome> RaiseAsync(
        NpgsqlTransaction transaction, ChangeCapacityRequest request, CancellationToken cancellationToken) =>
        await addSeats.RunAsync(transaction, new SeatsToAdd(request.RunId, request.To - request.From), request.Actor, cancellationToken) switch
        {
            AddSeatsOutcome.Shared or AddSeatsOutcome.Opened => ChangeCapacityOutcome.Raised,
            AddSeatsOutcome.NotPublished => ChangeCapacityOutcome.NotOpen,
        };

    private async Task<ChangeCapacityOutcome> LowerAsync(
        NpgsqlTransaction transaction, ChangeCapacityRequest request, CancellationToken cancellationToken)
    {
        var removed = await removeSeats.RunAsync(
            transaction, request.RunId, request.From - request.To, request.AlsoExternal, cancellationToken);
        if (removed is null)
        {
            return ChangeCapacityOutcome.InTheWay;
        }

        await seats.LowerCapacityAsync(transaction, request.RunId, removed, cancellationToken);
        await log.RecordAsync(
            transaction,
            [new AuditEntry
            {
                At = log.Now,
                Actor = request.Actor,
                Action = "run.capacity_lowered",
                RunId = request.RunId,
                Details = new Dictionary<string, object?>
                {
                    ["removed_seats"] = removed.Seats,
                    ["capacity"] = request.To,
                    ["external_seats"] = removed.ExternalSeats,
                },
            }],
            cancellationToken);
        return ChangeCapacityOutcome.Lowered;
    }
}
