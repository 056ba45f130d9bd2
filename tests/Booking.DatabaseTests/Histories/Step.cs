using System.Collections.Immutable;

namespace Booking.DatabaseTests.Histories;

/// <summary>What can happen next.</summary>
internal enum StepKind
{
    Reserve,
    Cancel,
    SignUp,
    Confirm,
    Join,
    Accept,
    Decline,
    Withdraw,
    Raise,
    Hold,
    Name,
    HandBack,
    Substitute,
    Move,
    Propose,
    AcceptSwap,
    DeclineSwap,
    WithdrawSwap,
    Approve,
    Refuse,
    Postpone,
    CancelRun,
    Wait,
    Advance,
    Sweep,
}

/// <summary>
/// One step of a history. Who and Pick are numbers that mean something in whatever state the step meets ("the third live
/// booking"), so that a history without one of its steps is a history still.
/// </summary>
internal sealed record Step(StepKind Kind, int Run, int Who, int Pick)
{
    // What people do most often comes most often.
    private static readonly ImmutableArray<StepKind> Kinds =
    [
        .. Enumerable.Repeat(StepKind.Reserve, 5),
        .. Enumerable.Repeat(StepKind.Join, 7),
        .. Enumerable.Repeat(StepKind.Cancel, 6),
        .. Enumerable.Repeat(StepKind.SignUp, 4),
        .. Enumerable.Repeat(StepKind.Confirm, 3),
        .. Enumerable.Repeat(StepKind.Accept, 3),
        .. Enumerable.Repeat(StepKind.Hold, 4),
        .. Enumerable.Repeat(StepKind.Name, 4),
        .. Enumerable.Repeat(StepKind.Substitute, 3),
        .. Enumerable.Repeat(StepKind.Move, 3),
        .. Enumerable.Repeat(StepKind.Propose, 3),
        .. Enumerable.Repeat(StepKind.Approve, 3),
        StepKind.HandBack, StepKind.AcceptSwap, StepKind.AcceptSwap, StepKind.AcceptSwap, StepKind.DeclineSwap, StepKind.WithdrawSwap,
        StepKind.Refuse, StepKind.Refuse, StepKind.Postpone, StepKind.Postpone, StepKind.CancelRun,
        StepKind.Decline, StepKind.Decline, StepKind.Withdraw, StepKind.Withdraw, StepKind.Raise, StepKind.Wait, StepKind.Wait,
        StepKind.Advance, StepKind.Advance, StepKind.Advance, StepKind.Sweep,
    ];

    public static ImmutableArray<Step> History(int seed, int length)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, length).Select(_ => new Step(
                Kinds[random.Next(Kinds.Length)], random.Next(HistoryWorld.Runs.Length), random.Next(1_000), random.Next(1_000))),
        ];
    }

    /// <summary>How long a step of time is: minutes, hours or days.</summary>
    public TimeSpan Time => (Pick % 6) switch
    {
        0 => TimeSpan.FromMinutes(1),
        1 => TimeSpan.FromMinutes(31),
        2 => TimeSpan.FromHours(5),
        3 => TimeSpan.FromDays(1),
        4 => TimeSpan.FromDays(3),
        _ => TimeSpan.FromDays(8),
    };

    /// <summary>One to three different employees of one department.</summary>
    public IReadOnlyList<string> Employees
    {
        get
        {
            var department = HistoryWorld.Departments[Who % 2];
            return [.. Enumerable.Range(0, 1 + (Pick % 3)).Select(i => $"{department}{1 + ((Who / 2 + i) % HistoryWorld.PeopleOfEach)}")];
        }
    }

    /// <summary>Whether the secretary books people who are elsewhere at that time all the same.</summary>
    public bool AcceptsOverlap => Pick % 4 == 0;

    /// <summary>How far a run is moved, in days.</summary>
    public int Days => (Pick % 5) switch
    {
        0 => -9,
        1 => -2,
        2 => 1,
        3 => 8,
        _ => 30,
    };

    /// <summary>A run, mostly another one.</summary>
    public int OtherRun => (Run + (Pick % HistoryWorld.Runs.Length)) % HistoryWorld.Runs.Length;

    /// <summary>One external person.</summary>
    public string External => $"x{1 + (Who % HistoryWorld.Externals)}";

    /// <inheritdoc />
    public override string ToString() => $"{Kind} on R{Run + 1}, {string.Join('+', Employees)} or {External}, {Pick} ({Time})";
}
