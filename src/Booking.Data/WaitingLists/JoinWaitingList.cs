using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Runs;
using Npgsql;

namespace Booking.Data.WaitingLists;

/// <summary>What became of a wish to wait.</summary>
public enum JoinOutcome
{
    /// <summary>The person waits now; the result says at which place.</summary>
    Joined,

    /// <summary>A seat was free after all: the person has it.</summary>
    Booked,

    /// <summary>A seat was free after all: it is held until the leader says yes.</summary>
    AwaitsApproval,

    /// <summary>The person has a live booking on the run.</summary>
    AlreadyBooked,

    /// <summary>The person waits there already; nothing changed.</summary>
    AlreadyWaiting,

    /// <summary>No active employee of this department.</summary>
    NotInDepartment,

    /// <summary>The run is not open for sign-up; the result says why.</summary>
    SignUpClosed,
}

/// <summary>A secretary's wish that an employee of an own department waits for a run.</summary>
/// <param name="RunId">The run.</param>
/// <param name="DepartmentId">The department; the caller has checked that the actor is its secretary.</param>
/// <param name="PersonId">The employee.</param>
/// <param name="Actor">The secretary.</param>
public sealed record JoinRequest(long RunId, long DepartmentId, long PersonId, Actor Actor);

/// <summary>The outcome, with the place where there is one.</summary>
public sealed record JoinResult
{
    /// <summary>What became of it.</summary>
    public required JoinOutcome Outcome { get; init; }

    /// <summary>Why nobody can sign up, when the outcome is <see cref="JoinOutcome.SignUpClosed"/>.</summary>
    public SignUpState State { get; init; }

    /// <summary>The new entry, when the person waits.</summary>
    public Guid? Entry { get; init; }

    /// <summary>The booking, when there is one.</summary>
    public Guid? Booking { get; init; }
}

/// <summary>
/// Puts a person at the end of a run's waiting list, or on a seat when one is free. Under the run's lock: a seat that
/// becomes free at the same moment is either seen here, or sees the person waiting.
/// </summary>
public sealed class JoinWaitingList(
    NpgsqlDataSource dataSource, WaitingListRepository waitingList, BookingRepository bookings, SeatRepository seats,
    OverlapRepository overlaps, ServeWaitingList serve, PlacePerson place, DecisionLog log)
{
    /// <summary>Joins once, however often it is asked.</summary>
    /// <exception cref="ArgumentException">The actor is not a secretary of the department.</exception>
    public async Task<JoinResult> RunAsync(JoinRequest request, CancellationToken cancellationToken)
    {
        if (!request.Actor.DepartmentIds.Contains(request.DepartmentId))
        {
            throw new ArgumentException("The actor is not a secretary of this department.", nameof(request));
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await bookings.LockPeopleAsync(transaction, request.RunId, [request.PersonId], cancellationToken);
        var person = await bookings.FindCandidateAsync(transaction, request.RunId, request.PersonId, cancellationToken);
        if (person is null || person.DepartmentId != request.DepartmentId)
        {
            return new JoinResult { Outcome = JoinOutcome.NotInDepartment };
        }

        var result = await JoinAsync(
            transaction,
            person,
            new NewEntry
            {
                RunId = request.RunId,
                PersonId = request.PersonId,
                DepartmentId = request.DepartmentId,
                JoinedAt = log.Now,
                JoinedBy = request.Actor.Name,
                Source = "secretary",
            },
            request.Actor,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return result;
    }

    /// <summary>The same as part of the caller's transaction, which has the person locked but not yet the run.</summary>
    internal async Task<JoinResult> JoinAsync(
        NpgsqlTransaction transaction, Candidate person, NewEntry entry, Actor actor, CancellationToken cancellationToken)
    {
        var run = await bookings.LockRunAsync(transaction, entry.RunId, cancellationToken);
        var state = run is null ? SignUpState.NotPublished : BookingRules.SignUp(run, log.Now);
        if (state is not SignUpState.Open)
        {
            return new JoinResult { Outcome = JoinOutcome.SignUpClosed, State = state };
        }

        if (person.LiveBooking is { } existing)
        {
            return new JoinResult { Outcome = JoinOutcome.AlreadyBooked, Booking = existing };
        }

        // Whoever waits already comes first, should a seat be free; that may be this person.
        var served = await serve.RunAsync(transaction, run!, [], cancellationToken);
        if (served > 0
            && await bookings.FindCandidateAsync(transaction, entry.RunId, entry.PersonId, cancellationToken) is { LiveBooking: { } own })
        {
            return new JoinResult { Outcome = JoinOutcome.AlreadyBooked, Booking = own };
        }

        var isClash = (await overlaps.ListAsync(transaction, entry.RunId, [entry.PersonId], cancellationToken)).Count > 0;
        if (!isClash && await TakeFreeSeatAsync(transaction, run!, person, entry, actor, cancellationToken) is { } booking)
        {
            var awaits = run!.RequiresApproval && person.LeaderEmail is not null;
            return new JoinResult { Outcome = awaits ? JoinOutcome.AwaitsApproval : JoinOutcome.Booked, Booking = booking };
        }

        var inserted = await waitingList.InsertAsync(transaction, entry, cancellationToken);
        if (inserted is null)
        {
            return new JoinResult { Outcome = JoinOutcome.AlreadyWaiting };
        }

        var row = await waitingList.GetForUpdateAsync(transaction, inserted.Reference, cancellationToken);
        await log.TellAsync(transaction, [WaitingListMessages.Joined(row, log.Now)], cancellationToken);
        await log.RecordAsync(
            transaction,
            [new AuditEntry
            {
                At = log.Now,
                Actor = actor,
                Action = "waiting_list.joined",
                RunId = entry.RunId,
                PersonId = entry.PersonId,
                DepartmentId = entry.DepartmentId,
                Details = new Dictionary<string, object?> { ["entry"] = inserted.EntryId },
            }],
            cancellationToken);
        if (isClash)
        {
            // Whoever is elsewhere at that time is asked before a free seat becomes theirs.
            await serve.RunAsync(transaction, run!, [], cancellationToken);
        }

        return new JoinResult { Outcome = JoinOutcome.Joined, Entry = inserted.Reference };
    }

    private async Task<Guid?> TakeFreeSeatAsync(
        NpgsqlTransaction transaction, RunTimes run, Candidate person, NewEntry entry, Actor actor, CancellationToken cancellationToken)
    {
        if (await seats.ClaimOneAsync(transaction, run.RunId, SeatPool.OwnOf(entry.DepartmentId), cancellationToken) is not { } seat)
        {
            return null;
        }

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
                Actor = actor,
                Action = "booking.reserved",
                ExternalPrice = entry.ExternalPrice,
                Ean = entry.Ean,
            },
            cancellationToken) ?? throw new InvalidOperationException("A person whose lock is held was booked meanwhile.");
        return booking.Reference;
    }
}
