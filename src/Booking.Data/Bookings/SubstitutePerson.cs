using Booking.Data.Audit;
using Booking.Data.People;
using Booking.Data.Runs;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>What became of a wish that somebody else takes a seat over.</summary>
public enum SubstituteOutcome
{
    /// <summary>The seat is the substitute's; the invitation is on its way.</summary>
    Substituted,

    /// <summary>The seat is held for the substitute until the leader says yes.</summary>
    AwaitsApproval,

    /// <summary>The first session has started.</summary>
    TooLate,

    /// <summary>The substitute has a live booking on the run, which the result names.</summary>
    AlreadyBooked,

    /// <summary>
    /// Nobody who may have this seat: not an active employee of its department, or not from the same sector. Who is not the
    /// department's secretary or HR is told only this, also when somebody was found who cannot come.
    /// </summary>
    NotInDepartment,

    /// <summary>Several employees of the department have this name.</summary>
    Ambiguous,

    /// <summary>The substitute is at another course at that time, and the wish did not say that this is known.</summary>
    Overlaps,

    /// <summary>The booking is over, or has no person yet: nobody can be put in its place.</summary>
    NotLive,

    /// <summary>There is no such booking, or it is not one that the caller may see.</summary>
    NotFound,
}

/// <summary>Who takes a seat over.</summary>
public sealed record Substitute
{
    /// <summary>An employee of the seat's department: a name, number or address as secretaries paste it.</summary>
    public PastedLine? Employee { get; private init; }

    /// <summary>Somebody from outside, for a seat that such a person has.</summary>
    public ExternalPerson? External { get; private init; }

    /// <summary>An employee.</summary>
    /// <param name="text">Name, number or address.</param>
    /// <returns>Null when there is not exactly one line.</returns>
    public static Substitute? OfEmployee(string? text) =>
        PastedLine.Parse(text) is [var line] ? new Substitute { Employee = line } : null;

    /// <summary>Somebody from outside.</summary>
    /// <param name="person">What was typed, already checked for form.</param>
    public static Substitute OfExternal(ExternalPerson person) => new() { External = person };
}

/// <summary>A wish that somebody else takes a seat over.</summary>
/// <param name="Reference">The booking that ends.</param>
/// <param name="Scope">What the caller may see and change.</param>
/// <param name="Actor">Who asks.</param>
/// <param name="Substitute">Who comes instead.</param>
/// <param name="AcceptsOverlap">Whether the caller knows that the substitute is at another course at that time.</param>
public sealed record SubstituteRequest(
    Guid Reference, BookingScope Scope, Actor Actor, Substitute Substitute, bool AcceptsOverlap = false);

/// <summary>The outcome, and what it is about.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Booking">The new booking, or the one in the way.</param>
/// <param name="Overlaps">The substitute's other courses at that time.</param>
public sealed record SubstituteResult(SubstituteOutcome Outcome, Guid? Booking, IReadOnlyList<Overlap> Overlaps)
{
    internal static SubstituteResult Of(SubstituteOutcome outcome) => new(outcome, null, []);
}

/// <summary>
/// Puts another person on a seat, until the first session starts: the old booking ends without being a late cancellation, the
/// new one has the same seat, department and price. The seat is never free in between, so the waiting list has no part in it.
/// </summary>
public sealed class SubstitutePerson(
    NpgsqlDataSource dataSource, BookingListRepository list, PersonRepository people, BookingRepository bookings,
    OverlapRepository overlaps, EndBooking end, PlacePerson place, DecisionLog log)
{
    /// <summary>Substitutes at most once, however often it is asked.</summary>
    public async Task<SubstituteResult> RunAsync(SubstituteRequest request, CancellationToken cancellationToken)
    {
        if (await list.FindAsync(request.Reference, request.Scope, cancellationToken) is not { } booking)
        {
            return SubstituteResult.Of(SubstituteOutcome.NotFound);
        }

        var isTrusted = request.Actor.Role == ActorRoles.Hr
            || (booking.DepartmentId is { } department && request.Actor.DepartmentIds.Contains(department));
        var found = await FindEmployeesAsync(request.Substitute, booking.DepartmentId, isTrusted, cancellationToken);
        if (found.Count > 1)
        {
            return SubstituteResult.Of(SubstituteOutcome.Ambiguous);
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Only who may know of the other course can say that it does not matter.
        var wish = request with { AcceptsOverlap = request.AcceptsOverlap && isTrusted };
        var result = await SubstituteAsync(
            transaction, booking.RunId, wish, found is [var employee] ? employee : null, cancellationToken);
        if (result.Outcome is SubstituteOutcome.Substituted or SubstituteOutcome.AwaitsApproval)
        {
            await transaction.CommitAsync(cancellationToken);
            log.Committed();
        }

        return isTrusted ? result : WithoutSecrets(result);
    }

    // Which colleague is at which course is the secretary's to know: a personal link gets passed on.
    private static SubstituteResult WithoutSecrets(SubstituteResult result) =>
        result.Outcome is SubstituteOutcome.AlreadyBooked or SubstituteOutcome.Overlaps
            ? SubstituteResult.Of(SubstituteOutcome.NotInDepartment)
            : result;

    private async Task<IReadOnlyList<Employee>> FindEmployeesAsync(
        Substitute substitute, long? departmentId, bool isTrusted, CancellationToken cancellationToken)
    {
        if (departmentId is not { } department || substitute.Employee is not { } line || (line.Email is null && !isTrusted))
        {
            return [];
        }

        var found = await people.FindManyAsync([department], PastedLine.Keys([line]), cancellationToken);
        return LineMatch.Of([line], found)[0].Found;
    }

    private async Task<SubstituteResult> SubstituteAsync(
        NpgsqlTransaction transaction, long runId, SubstituteRequest request, Employee? employee, CancellationToken cancellationToken)
    {
        var personId = employee?.PersonId
            ?? await FindExternalAsync(transaction, request, cancellationToken);
        if (personId is not null)
        {
            await bookings.LockPeopleAsync(transaction, runId, [personId.Value], cancellationToken);
        }

        var run = (await bookings.LockRunAsync(transaction, runId, cancellationToken))!;
        var booking = (await bookings.FindForUpdateAsync(transaction, request.Reference, request.Scope, cancellationToken))!;
        var person = personId is null ? null : await bookings.FindCandidateAsync(transaction, runId, personId.Value, cancellationToken);
        var clashes = person is null ? [] : await overlaps.ListAsync(transaction, runId, [person.PersonId], cancellationToken);
        var outcome = Decide(run, booking, person, clashes.Count > 0 && !request.AcceptsOverlap);
        if (outcome is not (SubstituteOutcome.Substituted or SubstituteOutcome.AwaitsApproval))
        {
            return new SubstituteResult(outcome, person?.LiveBooking, outcome is SubstituteOutcome.Overlaps ? clashes : []);
        }

        var placed = await ReplaceAsync(transaction, run, booking, person!, request.Actor, cancellationToken);
        return new SubstituteResult(outcome, placed.Reference, clashes);
    }

    // Only where the seat is an external person's: the page asks for one or the other, and a forged form gets nowhere.
    private async Task<long?> FindExternalAsync(NpgsqlTransaction transaction, SubstituteRequest request, CancellationToken cancellationToken) =>
        request.Substitute.External is { } external
        && await bookings.FindExternalSectorAsync(transaction, request.Reference, cancellationToken) is { } sector
            ? await people.FindOrAddExternalAsync(transaction, external, sector, cancellationToken)
            : null;

    private SubstituteOutcome Decide(RunTimes run, BookingForChange booking, Candidate? person, bool isClash) => booking switch
    {
        _ when !booking.HasPerson || run.Status is RunStatuses.Cancelled => SubstituteOutcome.NotLive,
        _ when log.Now >= run.StartsAt => SubstituteOutcome.TooLate,
        _ when person is null || person.DepartmentId != booking.DepartmentId => SubstituteOutcome.NotInDepartment,
        _ when person.LiveBooking is not null => SubstituteOutcome.AlreadyBooked,
        _ when isClash => SubstituteOutcome.Overlaps,
        _ when run.RequiresApproval && person.LeaderEmail is not null => SubstituteOutcome.AwaitsApproval,
        _ => SubstituteOutcome.Substituted,
    };

    private async Task<PlacedBooking> ReplaceAsync(
        NpgsqlTransaction transaction, RunTimes run, BookingForChange booking, Candidate person, Actor actor, CancellationToken cancellationToken)
    {
        await end.RunAsync(
            transaction, booking, new Ending { Actor = actor, Action = "booking.given_over", FreesSeat = false }, cancellationToken);
        // Whoever books for the department hears of it later, too; a participant's own wish leaves that with the secretary.
        var bookedBy = actor.Role == ActorRoles.Secretary ? actor.Name : booking.BookedBy;
        var placed = await place.RunAsync(
            transaction,
            Placement.Over(booking, run, person) with { BookedBy = bookedBy, Actor = actor, Action = "booking.substituted" },
            cancellationToken) ?? throw new InvalidOperationException("A person whose lock is held was booked meanwhile.");
        if (booking.Source == "secretary")
        {
            await log.TellAsync(
                transaction,
                [BookingMessages.SubstitutedReceipt(placed.BookingId, booking.BookingId, run.RunId, Recipient.OfAddress(bookedBy), log.Now)],
                cancellationToken);
        }

        return placed;
    }
}
