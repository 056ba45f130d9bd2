using Booking.Data.Audit;
using Booking.Data.People;
using Booking.Data.Runs;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>Names for seats that a department holds without names.</summary>
/// <param name="RunId">The run.</param>
/// <param name="DepartmentId">The department; the caller has checked that the actor is its secretary.</param>
/// <param name="Lines">What was pasted, at most <see cref="ReserveLines.MaximumLines"/>.</param>
/// <param name="Actor">The secretary.</param>
public sealed record NameRequest(long RunId, long DepartmentId, IReadOnlyList<PastedLine> Lines, Actor Actor)
{
    /// <summary>The one seat that is meant; null for any of those that the department holds.</summary>
    public Guid? Booking { get; init; }

    /// <summary>Whether the caller knows that somebody is at another course at that time.</summary>
    public bool AcceptsOverlap { get; init; }
}

/// <summary>
/// Gives names to seats that a department holds, one or many at once; each line gets its own outcome. A change: people are
/// locked before the run, the run before its bookings (docs/adr/0007-locks.md).
/// </summary>
public sealed class NameHeldSeats(
    NpgsqlDataSource dataSource, PersonRepository people, BookingRepository bookings, HeldSeatRepository held,
    OverlapRepository overlaps, PlacePerson place, WaitingListRepository waitingList, DecisionLog log)
{
    /// <summary>Names what can be named, and says for each line what became of it.</summary>
    /// <exception cref="ArgumentException">The actor is not a secretary of the department, or there are too many lines.</exception>
    public async Task<IReadOnlyList<LineResult>> RunAsync(NameRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Lines.Count, ReserveLines.MaximumLines, nameof(request));
        if (!request.Actor.DepartmentIds.Contains(request.DepartmentId))
        {
            throw new ArgumentException("The actor is not a secretary of this department.", nameof(request));
        }

        var matches = LineMatch.Of(
            request.Lines, await people.FindManyAsync([request.DepartmentId], PastedLine.Keys(request.Lines), cancellationToken));
        var personIds = LineMatch.People(matches);
        var named = personIds.Count == 0 ? [] : await NameAsync(request, personIds, cancellationToken);
        return LineMatch.Results(matches, (line, employee) => named[employee.PersonId] with { Line = line.Text, Employee = employee });
    }

    private async Task<Dictionary<long, LineResult>> NameAsync(
        NameRequest request, IReadOnlyList<long> personIds, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await bookings.LockPeopleAsync(transaction, request.RunId, personIds, cancellationToken);
        var run = await bookings.LockRunAsync(transaction, request.RunId, cancellationToken);
        // The sign-up stop does not matter: the seat was taken before it, and only its person comes now.
        if (run is not { Status: RunStatuses.Published })
        {
            var state = run is null ? SignUpState.NotPublished : BookingRules.SignUp(run, log.Now);
            return personIds.ToDictionary(id => id, _ => new LineResult { Line = "", Outcome = LineOutcome.SignUpClosed, State = state });
        }

        var seats = new Queue<BookingForChange>(await held.ListForUpdateAsync(
            transaction, request.RunId, request.DepartmentId, request.Booking, log.Now, cancellationToken));
        var clashes = (await overlaps.ListAsync(transaction, request.RunId, personIds, cancellationToken)).ToLookup(clash => clash.PersonId);
        var candidates = (await bookings.ListCandidatesAsync(
            transaction, request.RunId, request.DepartmentId, personIds, cancellationToken)).ToDictionary(candidate => candidate.PersonId);
        var results = new Dictionary<long, LineResult>();
        List<BookingForChange> done = [];
        foreach (var personId in personIds)
        {
            var person = candidates.GetValueOrDefault(personId);
            results[personId] = person switch
            {
                null => new LineResult { Line = "", Outcome = LineOutcome.NotFound },
                { LiveBooking: { } existing } => new LineResult { Line = "", Outcome = LineOutcome.AlreadyBooked, Reference = existing },
                _ when !request.AcceptsOverlap && clashes[personId].Any() => new LineResult { Line = "", Outcome = LineOutcome.Overlaps, Overlaps = [.. clashes[personId]] },
                _ when seats.Count == 0 => new LineResult { Line = "", Outcome = LineOutcome.NoSeatLeft },
                _ => await PlaceAsync(transaction, run, seats.Dequeue(), person, request.Actor, done, cancellationToken),
            };
        }

        await TellAsync(transaction, request, done, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return results;
    }

    private async Task<LineResult> PlaceAsync(
        NpgsqlTransaction transaction, RunTimes run, BookingForChange seat, Candidate person, Actor actor, List<BookingForChange> done,
        CancellationToken cancellationToken)
    {
        if (!await place.SettleAsync(transaction, run, seat.BookingId, HeldFor.Name, person, cancellationToken))
        {
            throw new InvalidOperationException("A seat that is locked was named by somebody else.");
        }

        done.Add(seat);
        await waitingList.EndForBookedAsync(transaction, [seat.BookingId], log.Now, cancellationToken);
        var awaits = run.RequiresApproval && person.LeaderEmail is not null;
        await log.RecordAsync(
            transaction,
            [new AuditEntry
            {
                At = log.Now,
                Actor = actor,
                Action = "booking.named",
                RunId = run.RunId,
                BookingId = seat.BookingId,
                PersonId = person.PersonId,
                DepartmentId = seat.DepartmentId,
                Details = new Dictionary<string, object?> { ["seat"] = seat.SeatNumber, ["pool"] = seat.Pool, ["approval"] = awaits },
            }],
            cancellationToken);
        return new LineResult
        {
            Line = "",
            Outcome = awaits ? LineOutcome.AwaitsApproval : LineOutcome.Booked,
            Reference = seat.Reference,
            Pool = seat.Pool,
        };
    }

    private async Task TellAsync(
        NpgsqlTransaction transaction, NameRequest request, IReadOnlyList<BookingForChange> done, CancellationToken cancellationToken)
    {
        if (done.Count > 0)
        {
            long[] ids = [.. done.Select(seat => seat.BookingId).Order()];
            await log.TellAsync(
                transaction,
                [BookingMessages.Receipt(ids, request.RunId, Recipient.OfAddress(request.Actor.Name), log.Now)],
                cancellationToken);
        }
    }
}
