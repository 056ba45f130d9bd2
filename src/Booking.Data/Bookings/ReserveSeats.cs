using Booking.Data.Audit;
using Booking.Data.Outbox;
using Booking.Data.Runs;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>What became of one person in a reservation.</summary>
public enum ReserveOutcome
{
    /// <summary>The person has a seat now.</summary>
    Booked,

    /// <summary>The person had a live booking on this run already; it is named in the result.</summary>
    AlreadyBooked,

    /// <summary>No seat was left in the department's pool or the open pool.</summary>
    NoSeatLeft,

    /// <summary>No active employee of this department.</summary>
    NotInDepartment,

    /// <summary>The run is not open for sign-up.</summary>
    SignUpClosed,

    /// <summary>A seat is held for the person; it is booked when the leader says yes.</summary>
    AwaitsApproval,

    /// <summary>The person is at another course at that time, and the request did not say that this is known.</summary>
    Overlaps,
}

/// <summary>A secretary's wish: seats on one run for employees of one own department.</summary>
/// <param name="RunId">The run.</param>
/// <param name="DepartmentId">The department; the caller has checked that the actor is its secretary.</param>
/// <param name="PersonIds">Employees, in the order in which they get seats when there are too few.</param>
/// <param name="Actor">The secretary.</param>
/// <param name="AcceptsOverlap">Whether the secretary knows who is at another course at that time, and books all the same.</param>
public sealed record ReserveRequest(
    long RunId, long DepartmentId, IReadOnlyList<long> PersonIds, Actor Actor, bool AcceptsOverlap = false);

/// <summary>The outcome for one person.</summary>
public sealed record ReserveResult
{
    /// <summary>The person asked for.</summary>
    public required long PersonId { get; init; }

    /// <summary>What became of it.</summary>
    public required ReserveOutcome Outcome { get; init; }

    /// <summary>Why nobody can sign up, when the outcome is <see cref="ReserveOutcome.SignUpClosed"/>.</summary>
    public SignUpState State { get; init; }

    /// <summary>The new booking, or the one that exists already.</summary>
    public Guid? Reference { get; init; }

    /// <summary>The pool the new booking's seat came from: <c>department</c> or <c>open</c>.</summary>
    public string? Pool { get; init; }

    /// <summary>The other courses at that time, also where the person was booked all the same.</summary>
    public IReadOnlyList<Overlap> Overlaps { get; init; } = [];
}

/// <summary>
/// Reserves seats for named employees: first from their department's guaranteed seats, then from the open pool.
/// All lines are one transaction with their invitations, the notices to leaders and the secretary's receipt.
/// </summary>
public sealed class ReserveSeats(
    NpgsqlDataSource dataSource,
    BookingRepository bookings,
    SeatRepository seats,
    ServeWaitingList serve,
    AskLeader askLeader,
    DecisionLog log)
{
    /// <summary>Reserves what can be reserved and says for each person what became of it.</summary>
    /// <exception cref="ArgumentException">The actor is not a secretary of the department.</exception>
    public async Task<IReadOnlyList<ReserveResult>> RunAsync(ReserveRequest request, CancellationToken cancellationToken)
    {
        if (!request.Actor.DepartmentIds.Contains(request.DepartmentId))
        {
            throw new ArgumentException("The actor is not a secretary of this department.", nameof(request));
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var results = await ReserveAsync(transaction, request, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return results;
    }

    private async Task<IReadOnlyList<ReserveResult>> ReserveAsync(
        NpgsqlTransaction transaction, ReserveRequest request, CancellationToken cancellationToken)
    {
        var facts = await bookings.LockForReservationAsync(
            transaction, request.RunId, request.DepartmentId, request.PersonIds, cancellationToken);
        var run = facts.Run;
        var state = run is null ? SignUpState.NotPublished : BookingRules.SignUp(run, log.Now);
        if (state is not SignUpState.Open)
        {
            return [.. request.PersonIds.Select(id => new ReserveResult { PersonId = id, Outcome = ReserveOutcome.SignUpClosed, State = state })];
        }

        var candidates = facts.Candidates.ToDictionary(c => c.PersonId);
        var clashes = facts.Overlaps.ToLookup(overlap => overlap.PersonId);
        var wanted = request.PersonIds.Distinct()
            .Where(id => candidates.TryGetValue(id, out var c) && c.LiveBooking is null && (request.AcceptsOverlap || !clashes[id].Any()))
            .Select(id => candidates[id])
            .ToList();
        var made = await BookAsync(transaction, request, run!, wanted, cancellationToken);
        var awaiting = wanted.Where(person => askLeader.HoldFor(run!, person) is not null).Select(person => person.PersonId).ToHashSet();
        await TellAsync(transaction, request, made, candidates, awaiting, cancellationToken);
        await AskAsync(transaction, run!, made, candidates, awaiting, cancellationToken);
        var results = await ResultsAsync(transaction, request, candidates, made, cancellationToken);
        return [.. results.Select(result => result with
        {
            Overlaps = [.. clashes[result.PersonId]],
            Outcome = result.Outcome switch
            {
                ReserveOutcome.Booked when awaiting.Contains(result.PersonId) => ReserveOutcome.AwaitsApproval,
                ReserveOutcome.NoSeatLeft when !request.AcceptsOverlap && clashes[result.PersonId].Any() => ReserveOutcome.Overlaps,
                _ => result.Outcome,
            },
        })];
    }

    private async Task AskAsync(
        NpgsqlTransaction transaction, RunTimes run, IReadOnlyList<InsertedBooking> made, Dictionary<long, Candidate> candidates,
        HashSet<long> awaiting, CancellationToken cancellationToken)
    {
        foreach (var booking in made.Where(booking => awaiting.Contains(booking.PersonId)))
        {
            await askLeader.RunAsync(
                transaction, run.RunId, booking.BookingId, candidates[booking.PersonId], askLeader.Until(run), cancellationToken);
        }
    }

    private async Task<IReadOnlyList<InsertedBooking>> BookAsync(
        NpgsqlTransaction transaction, ReserveRequest request, RunTimes run, IReadOnlyList<Candidate> wanted,
        CancellationToken cancellationToken)
    {
        if (wanted.Count == 0)
        {
            return [];
        }

        var taken = await bookings.TakeSeatsAsync(
            transaction,
            new NewBookings(
                request.RunId, request.DepartmentId, !run.IsReleased, request.Actor.Name, log.Now, [.. wanted.Select(person => person.PersonId)])
            {
                AwaitingApproval = [.. wanted.Where(person => askLeader.HoldFor(run, person) is not null).Select(person => person.PersonId)],
                ApprovalUntil = run.RequiresApproval ? askLeader.Until(run) : null,
            },
            cancellationToken);
        var unused = taken.Where(seat => seat.BookingId is null).Select(seat => seat.SeatNumber).ToList();
        if (unused.Count > 0)
        {
            // Somebody booked one of these people while we looked: their seat goes back in the same transaction, or to
            // whoever joined the waiting list while it was not to be seen.
            run = (await bookings.LockRunAsync(transaction, request.RunId, cancellationToken))!;
            await seats.FreeAsync(transaction, request.RunId, unused, cancellationToken);
            await serve.RunAsync(transaction, run, [], cancellationToken);
        }

        return InsertedBooking.From(taken);
    }

    private async Task TellAsync(
        NpgsqlTransaction transaction, ReserveRequest request, IReadOnlyList<InsertedBooking> made,
        Dictionary<long, Candidate> candidates, HashSet<long> awaiting, CancellationToken cancellationToken)
    {
        if (made.Count == 0)
        {
            return;
        }

        long[] bookingIds = [.. made.Select(booking => booking.BookingId).Order()];
        var messages = new List<OutboxMessage>();
        foreach (var booking in made)
        {
            var person = candidates[booking.PersonId];
            messages.AddRange(BookingMessages.Invitations(
                booking.Events, request.RunId, new Recipient(person.Email, person.Name, person.Language), log.Now));
            // A leader who is asked needs no notice on top of it.
            if (person.LeaderEmail is not null && !awaiting.Contains(person.PersonId))
            {
                messages.Add(BookingMessages.Notice(
                    booking.BookingId, request.RunId, new Recipient(person.LeaderEmail, person.LeaderName ?? "", Language: null), log.Now));
            }
        }

        messages.Add(BookingMessages.Receipt(bookingIds, request.RunId, Recipient.OfAddress(request.Actor.Name), log.Now));
        await log.WriteAsync(
            transaction,
            messages,
            [.. made.Select(booking => new AuditEntry
            {
                At = log.Now,
                Actor = request.Actor,
                Action = "booking.reserved",
                RunId = request.RunId,
                BookingId = booking.BookingId,
                PersonId = booking.PersonId,
                DepartmentId = request.DepartmentId,
                Details = new Dictionary<string, object?> { ["seat"] = booking.SeatNumber, ["pool"] = booking.Pool, ["approval"] = awaiting.Contains(booking.PersonId) },
            })],
            cancellationToken);
    }

    private async Task<IReadOnlyList<ReserveResult>> ResultsAsync(
        NpgsqlTransaction transaction, ReserveRequest request, Dictionary<long, Candidate> candidates,
        IReadOnlyList<InsertedBooking> made, CancellationToken cancellationToken)
    {
        var booked = made.ToDictionary(booking => booking.PersonId);
        var missed = request.PersonIds.Where(id => candidates.ContainsKey(id) && !booked.ContainsKey(id)).ToList();
        // Read again: whoever lost a race against another reservation is told which booking won.
        var existing = missed.Count == 0
            ? []
            : (await bookings.ListCandidatesAsync(transaction, request.RunId, request.DepartmentId, missed, cancellationToken))
                .ToDictionary(c => c.PersonId, c => c.LiveBooking);
        return [.. request.PersonIds.Select(id =>
            booked.TryGetValue(id, out var booking)
                ? new ReserveResult { PersonId = id, Outcome = ReserveOutcome.Booked, Reference = booking.Reference, Pool = booking.Pool }
                : !candidates.ContainsKey(id)
                    ? new ReserveResult { PersonId = id, Outcome = ReserveOutcome.NotInDepartment }
                    : existing.GetValueOrDefault(id) is { } reference
                        ? new ReserveResult { PersonId = id, Outcome = ReserveOutcome.AlreadyBooked, Reference = reference }
                        : new ReserveResult { PersonId = id, Outcome = ReserveOutcome.NoSeatLeft })];
    }
}
