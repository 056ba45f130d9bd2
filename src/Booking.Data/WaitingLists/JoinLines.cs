using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.People;

namespace Booking.Data.WaitingLists;

/// <summary>What became of one pasted line.</summary>
public enum WaitingLineOutcome
{
    /// <summary>The person waits now.</summary>
    Joined,

    /// <summary>A seat was free after all: the person has it.</summary>
    Booked,

    /// <summary>A seat was free after all: it is held until the leader says yes.</summary>
    AwaitsApproval,

    /// <summary>The person had a live booking on this run already.</summary>
    AlreadyBooked,

    /// <summary>The person waited there already.</summary>
    AlreadyWaiting,

    /// <summary>Nobody in the department fits the line.</summary>
    NotFound,

    /// <summary>Several people in the department fit the line: an e-mail address or a number would decide.</summary>
    Ambiguous,

    /// <summary>The same person stands in an earlier line.</summary>
    Repeated,

    /// <summary>The run is not open for sign-up.</summary>
    SignUpClosed,
}

/// <summary>One pasted line and what became of it.</summary>
public sealed record WaitingLineResult
{
    /// <summary>The line as pasted.</summary>
    public required string Line { get; init; }

    /// <summary>What became of it.</summary>
    public required WaitingLineOutcome Outcome { get; init; }

    /// <summary>The employee it meant, if exactly one.</summary>
    public Employee? Employee { get; init; }

    /// <summary>The new entry.</summary>
    public Guid? Entry { get; init; }

    /// <summary>The booking, when there is one.</summary>
    public Guid? Booking { get; init; }

    /// <summary>Why nobody can sign up, when sign-up is closed.</summary>
    public SignUpState State { get; init; }
}

/// <summary>Puts the employees of pasted lines on a run's waiting list, in the order of the lines.</summary>
public sealed class JoinLines(PersonRepository people, JoinWaitingList join)
{
    /// <summary>More lines than this are not looked at in one go.</summary>
    public const int MaximumLines = 200;

    /// <summary>Every line gets its own outcome, in the order pasted, which is the order of the list.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="departmentId">The department whose employees are meant.</param>
    /// <param name="lines">What was pasted, at most <see cref="MaximumLines"/>.</param>
    /// <param name="actor">The secretary.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<WaitingLineResult>> RunAsync(
        long runId, long departmentId, IReadOnlyList<PastedLine> lines, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lines.Count, MaximumLines, nameof(lines));
        var matches = LineMatch.Of(lines, await people.FindManyAsync([departmentId], PastedLine.Keys(lines), cancellationToken));
        List<WaitingLineResult> results = [];
        HashSet<long> seen = [];
        // One after the other: the order of joining is the order of the list.
        foreach (var (line, found) in matches)
        {
            results.Add(found switch
            {
                [] => new WaitingLineResult { Line = line.Text, Outcome = WaitingLineOutcome.NotFound },
                [var employee] when !seen.Add(employee.PersonId) =>
                    new WaitingLineResult { Line = line.Text, Outcome = WaitingLineOutcome.Repeated, Employee = employee },
                [var employee] => From(
                    line,
                    employee,
                    await join.RunAsync(new JoinRequest(runId, departmentId, employee.PersonId, actor), cancellationToken)),
                _ => new WaitingLineResult { Line = line.Text, Outcome = WaitingLineOutcome.Ambiguous },
            });
        }

        return results;
    }

    private static WaitingLineResult From(PastedLine line, Employee employee, JoinResult result) => new()
    {
        Line = line.Text,
        Employee = employee,
        Entry = result.Entry,
        Booking = result.Booking,
        State = result.State,
        Outcome = result.Outcome switch
        {
            JoinOutcome.Joined => WaitingLineOutcome.Joined,
            JoinOutcome.Booked => WaitingLineOutcome.Booked,
            JoinOutcome.AwaitsApproval => WaitingLineOutcome.AwaitsApproval,
            JoinOutcome.AlreadyBooked => WaitingLineOutcome.AlreadyBooked,
            JoinOutcome.AlreadyWaiting => WaitingLineOutcome.AlreadyWaiting,
            JoinOutcome.NotInDepartment => WaitingLineOutcome.NotFound,
            JoinOutcome.SignUpClosed => WaitingLineOutcome.SignUpClosed,
        },
    };
}
