using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Runs;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Allotments;

/// <summary>What became of a wish to hand seats back.</summary>
public enum HandBackOutcome
{
    /// <summary>All seats asked for are open to everybody now.</summary>
    HandedBack,

    /// <summary>Fewer unused seats than asked for were there; those are open now.</summary>
    HandedBackFewer,

    /// <summary>The department has no unused seat on the run.</summary>
    NothingUnused,

    /// <summary>The unused seats have been released: there is nothing left to hand back.</summary>
    AlreadyReleased,

    /// <summary>The run is cancelled, over, or not published.</summary>
    RunNotOpen,
}

/// <summary>A secretary's wish to give unused guaranteed seats to everybody.</summary>
/// <param name="RunId">The run.</param>
/// <param name="DepartmentId">The department; the caller has checked that the actor is its secretary.</param>
/// <param name="Seats">How many; null for all that are unused.</param>
/// <param name="Actor">The secretary.</param>
public sealed record HandBackRequest(long RunId, long DepartmentId, int? Seats, Actor Actor);

/// <summary>The outcome for one wish.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Seats">How many seats are open to everybody now.</param>
public sealed record HandBackResult(HandBackOutcome Outcome, int Seats);

/// <summary>
/// Gives a department's unused guaranteed seats to the open pool before the release, and serves the waiting list in the same
/// transaction. A change, under the run's lock; a seat that a reservation has in hand is passed over.
/// </summary>
public sealed class HandBackSeats(
    NpgsqlDataSource dataSource, BookingRepository bookings, SeatTransferRepository transfers, ServeWaitingList serve, DecisionLog log)
{
    /// <summary>Hands back what is unused.</summary>
    /// <exception cref="ArgumentException">The actor is not a secretary of the department, or no seat is meant.</exception>
    public async Task<HandBackResult> RunAsync(HandBackRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.Seats ?? 1, nameof(request));
        if (!request.Actor.DepartmentIds.Contains(request.DepartmentId))
        {
            throw new ArgumentException("The actor is not a secretary of this department.", nameof(request));
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var run = await bookings.LockRunAsync(transaction, request.RunId, cancellationToken);
        if (run is not { Status: RunStatuses.Published } || run.StartsAt <= log.Now)
        {
            return new HandBackResult(HandBackOutcome.RunNotOpen, 0);
        }

        if (run.IsReleased)
        {
            return new HandBackResult(HandBackOutcome.AlreadyReleased, 0);
        }

        var opened = await transfers.OpenUnusedAsync(transaction, request.RunId, request.DepartmentId, request.Seats, cancellationToken);
        if (opened == 0)
        {
            return new HandBackResult(HandBackOutcome.NothingUnused, 0);
        }

        await RecordAsync(transaction, request, opened, cancellationToken);
        // Whoever of the own department waits comes first to what the department gives up.
        await serve.RunAsync(
            transaction, run, [.. Enumerable.Repeat(SeatPool.Of(request.DepartmentId), opened)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        var isAll = request.Seats is null || request.Seats == opened;
        return new HandBackResult(isAll ? HandBackOutcome.HandedBack : HandBackOutcome.HandedBackFewer, opened);
    }

    private async Task RecordAsync(NpgsqlTransaction transaction, HandBackRequest request, int seats, CancellationToken cancellationToken)
    {
        await transfers.InsertHandBackAsync(
            transaction, new HandBack(request.RunId, request.DepartmentId, seats, log.Now, request.Actor.Name), cancellationToken);
        await log.RecordAsync(
            transaction,
            [new AuditEntry
            {
                At = log.Now,
                Actor = request.Actor,
                Action = "seats.handed_back",
                RunId = request.RunId,
                DepartmentId = request.DepartmentId,
                Details = new Dictionary<string, object?> { ["seats"] = seats },
            }],
            cancellationToken);
    }
}
