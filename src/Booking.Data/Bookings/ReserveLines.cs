using Booking.Data.Audit;
using Booking.Data.People;

namespace Booking.Data.Bookings;

/// <summary>What became of one pasted line.</summary>
public enum LineOutcome
{
    /// <summary>The person has a seat now.</summary>
    Booked,

    /// <summary>The person had a live booking on this run already.</summary>
    AlreadyBooked,

    /// <summary>No seat was left in the department's pool or the open pool.</summary>
    NoSeatLeft,

    /// <summary>Nobody in the department fits the line.</summary>
    NotFound,

    /// <summary>Several people in the department fit the line: an e-mail address or a number would decide.</summary>
    Ambiguous,

    /// <summary>The same person stands in an earlier line.</summary>
    Repeated,

    /// <summary>The run is not open for sign-up.</summary>
    SignUpClosed,

    /// <summary>A seat is held for the person; it is booked when the leader says yes.</summary>
    AwaitsApproval,

    /// <summary>The person is at another course at that time: to be confirmed.</summary>
    Overlaps,
}

/// <summary>One pasted line and what became of it.</summary>
public sealed record LineResult
{
    /// <summary>The line as pasted.</summary>
    public required string Line { get; init; }

    /// <summary>What became of it.</summary>
    public required LineOutcome Outcome { get; init; }

    /// <summary>The employee it meant, if exactly one.</summary>
    public Employee? Employee { get; init; }

    /// <summary>The new booking, or the one that exists already.</summary>
    public Guid? Reference { get; init; }

    /// <summary>The pool the seat came from.</summary>
    public string? Pool { get; init; }

    /// <summary>Why nobody can sign up, when sign-up is closed.</summary>
    public SignUpState State { get; init; }

    /// <summary>The other courses at that time.</summary>
    public IReadOnlyList<Overlap> Overlaps { get; init; } = [];
}

/// <summary>Reserves seats for pasted lines: finds each line's employee in the department, then reserves all that were found.</summary>
public sealed class ReserveLines(PersonRepository people, ReserveSeats reserveSeats)
{
    /// <summary>More lines than this are not looked at in one go.</summary>
    public const int MaximumLines = 200;

    /// <summary>Reserves what can be reserved; every line gets its own outcome, in the order pasted.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="departmentId">The department whose employees are meant.</param>
    /// <param name="lines">What was pasted, at most <see cref="MaximumLines"/>.</param>
    /// <param name="actor">The secretary.</param>
    /// <param name="acceptsOverlap">Whether the secretary knows who is at another course at that time, and books all the same.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<LineResult>> RunAsync(
        long runId, long departmentId, IReadOnlyList<PastedLine> lines, Actor actor, bool acceptsOverlap, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lines.Count, MaximumLines, nameof(lines));
        var matches = LineMatch.Of(lines, await people.FindManyAsync([departmentId], PastedLine.Keys(lines), cancellationToken));
        var personIds = LineMatch.People(matches);
        var results = personIds.Count == 0
            ? []
            : (await reserveSeats.RunAsync(new ReserveRequest(runId, departmentId, personIds, actor, acceptsOverlap), cancellationToken))
                .ToDictionary(result => result.PersonId);
        return LineMatch.Results(matches, (line, employee) => FromReservation(line, employee, results[employee.PersonId]));
    }

    private static LineResult FromReservation(PastedLine line, Employee employee, ReserveResult result) => new()
    {
        Line = line.Text,
        Employee = employee,
        Reference = result.Reference,
        Pool = result.Pool,
        State = result.State,
        Overlaps = result.Overlaps,
        Outcome = result.Outcome switch
        {
            ReserveOutcome.Booked => LineOutcome.Booked,
            ReserveOutcome.AlreadyBooked => LineOutcome.AlreadyBooked,
            ReserveOutcome.NoSeatLeft => LineOutcome.NoSeatLeft,
            ReserveOutcome.NotInDepartment => LineOutcome.NotFound,
            ReserveOutcome.SignUpClosed => LineOutcome.SignUpClosed,
            ReserveOutcome.AwaitsApproval => LineOutcome.AwaitsApproval,
            ReserveOutcome.Overlaps => LineOutcome.Overlaps,
        },
    };
}
