using Booking.Data.Audit;
using Booking.Data.Runs;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>What became of a wish to go to another run of the same course.</summary>
public enum MoveOutcome
{
    /// <summary>The person has a seat on the other run, and the old one is free.</summary>
    Moved,

    /// <summary>The same, with the new seat held until the leader says yes.</summary>
    AwaitsApproval,

    /// <summary>The other run has no seat for this person; its waiting list may be joined.</summary>
    NoSeatLeft,

    /// <summary>The other run is not open for sign-up; the result says why.</summary>
    SignUpClosed,

    /// <summary>The person has a live booking on the other run, which the result names.</summary>
    AlreadyBooked,

    /// <summary>The person is at another course at that time, and the wish did not say that this is known.</summary>
    Overlaps,

    /// <summary>The old run's cancellation deadline has passed, and the wish did not say that this is known.</summary>
    DeadlinePassed,

    /// <summary>The old run has started.</summary>
    TooLate,

    /// <summary>The booking is over, or has no person yet.</summary>
    NotLive,

    /// <summary>There is no such booking or no such run of the same course, or not one that the caller may see.</summary>
    NotFound,
}

/// <summary>A wish that a person goes to another run.</summary>
/// <param name="Reference">The booking.</param>
/// <param name="TargetRun">The other run's code.</param>
/// <param name="Scope">What the caller may see and change.</param>
/// <param name="Actor">Who asks.</param>
/// <param name="AcceptsLate">Whether the caller knows that the old run's deadline has passed.</param>
/// <param name="AcceptsOverlap">Whether the caller knows that the person is at another course at that time.</param>
public sealed record MoveRequest(
    Guid Reference, string TargetRun, BookingScope Scope, Actor Actor, bool AcceptsLate = false, bool AcceptsOverlap = false);

/// <summary>The outcome, and what it is about.</summary>
public sealed record MoveResult
{
    /// <summary>What became of it.</summary>
    public required MoveOutcome Outcome { get; init; }

    /// <summary>Why nobody can sign up, when the outcome is <see cref="MoveOutcome.SignUpClosed"/>.</summary>
    public SignUpState State { get; init; }

    /// <summary>The new booking, or the one in the way.</summary>
    public Guid? Booking { get; init; }

    /// <summary>The person's other courses at that time.</summary>
    public IReadOnlyList<Overlap> Overlaps { get; init; } = [];
}

/// <summary>
/// Moves a person to another run of the same course: a seat there is taken before the one here is given up, so nobody falls
/// between two runs. The seat given up goes to whoever waits for it.
/// </summary>
public sealed class MoveBooking(
    NpgsqlDataSource dataSource, MoveTargetRepository targets, BookingRepository bookings, SeatRepository seats,
    OverlapRepository overlaps, EndBooking end, PlacePerson place, ServeWaitingList serve, DecisionLog log)
{
    private sealed record Runs(RunTimes From, RunTimes To);

    /// <summary>Moves at most once, however often it is asked.</summary>
    public async Task<MoveResult> RunAsync(MoveRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await targets.FindAsync(transaction, request.Reference, request.TargetRun, request.Scope, cancellationToken) is not { } move)
        {
            return new MoveResult { Outcome = MoveOutcome.NotFound };
        }

        if (move.PersonId is not { } personId)
        {
            return new MoveResult { Outcome = MoveOutcome.NotLive };
        }

        await bookings.LockPeopleAsync(transaction, move.TargetRunId, [personId], cancellationToken);
        var runs = await LockAsync(transaction, move, cancellationToken);
        var booking = (await bookings.FindForUpdateAsync(transaction, request.Reference, request.Scope, cancellationToken))!;
        var result = await MoveAsync(transaction, runs, booking, request, cancellationToken);
        if (result.Outcome is MoveOutcome.Moved or MoveOutcome.AwaitsApproval)
        {
            await transaction.CommitAsync(cancellationToken);
            log.Committed();
        }

        return result;
    }

    // The smaller id first, as everywhere.
    private async Task<Runs> LockAsync(NpgsqlTransaction transaction, MoveTarget move, CancellationToken cancellationToken)
    {
        var first = (await bookings.LockRunAsync(transaction, Math.Min(move.RunId, move.TargetRunId), cancellationToken))!;
        var second = (await bookings.LockRunAsync(transaction, Math.Max(move.RunId, move.TargetRunId), cancellationToken))!;
        return first.RunId == move.RunId ? new Runs(first, second) : new Runs(second, first);
    }

    private async Task<MoveResult> MoveAsync(
        NpgsqlTransaction transaction, Runs runs, BookingForChange booking, MoveRequest request, CancellationToken cancellationToken)
    {
        var timing = BookingRules.Cancellation(runs.From, log.Now);
        var state = BookingRules.SignUp(runs.To, log.Now);
        var refusal = (timing, state) switch
        {
            _ when !booking.HasPerson || runs.From.Status is RunStatuses.Cancelled => MoveOutcome.NotLive,
            (CancellationTiming.TooLate, _) => MoveOutcome.TooLate,
            (_, not SignUpState.Open) => MoveOutcome.SignUpClosed,
            (CancellationTiming.Late, _) when !request.AcceptsLate => MoveOutcome.DeadlinePassed,
            _ => (MoveOutcome?)null,
        };
        if (refusal is { } outcome)
        {
            return new MoveResult { Outcome = outcome, State = state };
        }

        var person = await bookings.FindCandidateAsync(transaction, runs.To.RunId, booking.PersonId!.Value, cancellationToken);
        if (person is null or { LiveBooking: not null })
        {
            return new MoveResult { Outcome = person is null ? MoveOutcome.NotLive : MoveOutcome.AlreadyBooked, Booking = person?.LiveBooking };
        }

        // The booking that ends is not in the way, even when both runs are held at the same time.
        var clashes = (await overlaps.ListAsync(transaction, runs.To.RunId, [person.PersonId], cancellationToken))
            .Where(clash => clash.Booking != booking.Reference).ToList();
        if (clashes.Count > 0 && !request.AcceptsOverlap)
        {
            return new MoveResult { Outcome = MoveOutcome.Overlaps, Overlaps = clashes };
        }

        var own = SeatPool.OwnOf(booking.DepartmentId);
        if (await seats.ClaimOneAsync(transaction, runs.To.RunId, own, cancellationToken) is not { } seat)
        {
            return new MoveResult { Outcome = MoveOutcome.NoSeatLeft };
        }

        var placed = await PlaceAsync(transaction, runs, booking, person, seat, request.Actor, cancellationToken);
        await EndAsync(transaction, runs, booking, placed, new Ending
        {
            Actor = request.Actor,
            Action = "booking.moved_away",
            IsLate = timing is CancellationTiming.Late,
            MovedTo = placed.BookingId,
        }, cancellationToken);
        var awaits = runs.To.RequiresApproval && person.LeaderEmail is not null;
        return new MoveResult { Outcome = awaits ? MoveOutcome.AwaitsApproval : MoveOutcome.Moved, Booking = placed.Reference, Overlaps = clashes };
    }

    private async Task<PlacedBooking> PlaceAsync(
        NpgsqlTransaction transaction, Runs runs, BookingForChange booking, Candidate person, int seat, Actor actor,
        CancellationToken cancellationToken) =>
        await place.RunAsync(
            transaction,
            Placement.Over(booking, runs.To, person) with
            {
                SeatNumber = seat,
                BookedBy = BookedBy(booking, actor),
                Actor = actor,
                Action = "booking.moved",
            },
            cancellationToken) ?? throw new InvalidOperationException("A person whose lock is held was booked meanwhile.");

    private async Task EndAsync(
        NpgsqlTransaction transaction, Runs runs, BookingForChange booking, PlacedBooking placed, Ending ending,
        CancellationToken cancellationToken)
    {
        await end.RunAsync(transaction, booking, ending, cancellationToken);
        if (booking.Source == "secretary")
        {
            await log.TellAsync(
                transaction,
                [BookingMessages.MovedReceipt(
                    placed.BookingId, booking.BookingId, runs.To.RunId, Recipient.OfAddress(BookedBy(booking, ending.Actor)), log.Now)],
                cancellationToken);
        }

        await serve.RunAsync(transaction, runs.From, [SeatPool.Of(booking.Pool, booking.DepartmentId)], cancellationToken);
    }

    private static string BookedBy(BookingForChange booking, Actor actor) =>
        actor.Role == ActorRoles.Secretary ? actor.Name : booking.BookedBy;
}
