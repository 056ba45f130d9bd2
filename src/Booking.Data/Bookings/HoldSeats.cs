using Booking.Data.Audit;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>What became of a wish to hold seats without names.</summary>
public enum HoldOutcome
{
    /// <summary>All seats asked for are held.</summary>
    Held,

    /// <summary>Fewer seats than asked for were left; those are held.</summary>
    HeldFewer,

    /// <summary>No seat was left.</summary>
    NoSeatLeft,

    /// <summary>The run starts within seven days: seats need names now.</summary>
    NamesNeeded,

    /// <summary>The run is not open for sign-up; the result says why.</summary>
    SignUpClosed,
}

/// <summary>A secretary's wish to hold seats of one run without names.</summary>
/// <param name="RunId">The run.</param>
/// <param name="DepartmentId">The department; the caller has checked that the actor is its secretary.</param>
/// <param name="Seats">How many seats; at least one.</param>
/// <param name="Actor">The secretary.</param>
public sealed record HoldRequest(long RunId, long DepartmentId, int Seats, Actor Actor)
{
    /// <summary>Whether only the department's guaranteed seats are meant, and no open ones.</summary>
    public bool OwnSeatsOnly { get; init; }
}

/// <summary>The outcome for one wish.</summary>
public sealed record HoldResult
{
    /// <summary>What became of it.</summary>
    public required HoldOutcome Outcome { get; init; }

    /// <summary>Why nobody can sign up, when the outcome is <see cref="HoldOutcome.SignUpClosed"/>.</summary>
    public SignUpState State { get; init; }

    /// <summary>How many of the department's guaranteed seats are held now.</summary>
    public int OwnSeats { get; init; }

    /// <summary>How many open seats are held now.</summary>
    public int OpenSeats { get; init; }

    /// <summary>Both together.</summary>
    public int Seats => OwnSeats + OpenSeats;

    /// <summary>When those that have no name by then are released.</summary>
    public DateTimeOffset HeldUntil { get; init; }
}

/// <summary>
/// Holds seats for people whose names come later: first the department's guaranteed seats, then open ones. A claim like a
/// reservation: it takes seat rows and never the run's lock (docs/adr/0007-locks.md); no person is involved yet.
/// </summary>
public sealed class HoldSeats(
    NpgsqlDataSource dataSource, BookingRepository bookings, HeldSeatRepository held, SeatRepository seats, DecisionLog log)
{
    /// <summary>Holds what can be held.</summary>
    /// <exception cref="ArgumentException">The actor is not a secretary of the department, or no seat is asked for.</exception>
    public async Task<HoldResult> RunAsync(HoldRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.Seats, nameof(request));
        if (!request.Actor.DepartmentIds.Contains(request.DepartmentId))
        {
            throw new ArgumentException("The actor is not a secretary of this department.", nameof(request));
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await HoldAsync(transaction, request, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return result;
    }

    private async Task<HoldResult> HoldAsync(NpgsqlTransaction transaction, HoldRequest request, CancellationToken cancellationToken)
    {
        var run = await bookings.FindRunAsync(transaction, request.RunId, cancellationToken);
        var state = run is null ? SignUpState.NotPublished : BookingRules.SignUp(run, log.Now);
        if (state is not SignUpState.Open)
        {
            return new HoldResult { Outcome = HoldOutcome.SignUpClosed, State = state };
        }

        var until = await held.GetHeldUntilAsync(transaction, request.RunId, cancellationToken);
        if (until <= log.Now)
        {
            return new HoldResult { Outcome = HoldOutcome.NamesNeeded, HeldUntil = until };
        }

        var numbers = await ClaimAsync(transaction, request, !run!.IsReleased, cancellationToken);
        if (numbers.Count == 0)
        {
            return new HoldResult { Outcome = HoldOutcome.NoSeatLeft, HeldUntil = until };
        }

        var placed = await held.InsertAsync(
            transaction,
            new NewHeldSeats(request.RunId, request.DepartmentId, numbers, until, request.Actor.Name, log.Now),
            cancellationToken);
        await TellAsync(transaction, request, placed, cancellationToken);
        return new HoldResult
        {
            Outcome = placed.Count == request.Seats ? HoldOutcome.Held : HoldOutcome.HeldFewer,
            OwnSeats = placed.Count(seat => seat.Pool == "department"),
            OpenSeats = placed.Count(seat => seat.Pool != "department"),
            HeldUntil = until,
        };
    }

    private async Task<IReadOnlyList<int>> ClaimAsync(
        NpgsqlTransaction transaction, HoldRequest request, bool hasOwnSeats, CancellationToken cancellationToken)
    {
        var own = hasOwnSeats
            ? await seats.ClaimAsync(transaction, request.RunId, SeatPool.Of(request.DepartmentId), request.Seats, cancellationToken)
            : [];
        return request.OwnSeatsOnly
            ? own
            : [.. own, .. await seats.ClaimAsync(transaction, request.RunId, SeatPool.Open, request.Seats - own.Count, cancellationToken)];
    }

    private async Task TellAsync(
        NpgsqlTransaction transaction, HoldRequest request, IReadOnlyList<PlacedBooking> placed, CancellationToken cancellationToken) =>
        await log.WriteAsync(
            transaction,
            [HeldSeatMessages.Receipt(placed.Min(seat => seat.BookingId), placed.Count, request.RunId, request.DepartmentId, request.Actor.Name, log.Now)],
            [.. placed.Select(seat => new AuditEntry
            {
                At = log.Now,
                Actor = request.Actor,
                Action = "booking.held",
                RunId = request.RunId,
                BookingId = seat.BookingId,
                DepartmentId = request.DepartmentId,
                Details = new Dictionary<string, object?> { ["seat"] = seat.SeatNumber, ["pool"] = seat.Pool },
            })],
            cancellationToken);
}
