namespace Booking.Data.Allotments;

/// <summary>One department before a run's seats are shared.</summary>
public sealed record DepartmentClaim
{
    /// <summary>The department's code; the last word in a tie, compared ordinally.</summary>
    public required string Code { get; init; }

    /// <summary>Weight in the plan year's key. A department with weight 0 gets nothing, its minimum included.</summary>
    public required int Weight { get; init; }

    /// <summary>Seats that the department gets in every run, before the rest is shared.</summary>
    public int MinimumSeats { get; init; }

    /// <summary>Exact sum of the department's shares in the runs of the plan year so far.</summary>
    public Fraction Entitled { get; init; }

    /// <summary>Seats guaranteed to the department in the runs of the plan year so far.</summary>
    public int GuaranteedSeats { get; init; }
}

/// <summary>One department after a run's seats are shared, with the arithmetic that led there.</summary>
public sealed record DepartmentShare
{
    /// <summary>What the department came with.</summary>
    public required DepartmentClaim Department { get; init; }

    /// <summary>Exact share of this run: seats x weight / all weights.</summary>
    public required Fraction Share { get; init; }

    /// <summary>Seats guaranteed in this run.</summary>
    public required int Seats { get; init; }

    /// <summary>The department's code.</summary>
    public string Code => Department.Code;

    /// <summary>What earlier runs owe the department; negative when it is ahead.</summary>
    public Fraction CarryBefore => Department.Entitled - Department.GuaranteedSeats;

    /// <summary>Share plus carry: what would be right, if chairs could be cut.</summary>
    public Fraction Claim => Share + CarryBefore;

    /// <summary>What this run leaves to the next one.</summary>
    public Fraction CarryAfter => Claim - Seats;

    /// <summary>The account's exact sum of shares after this run.</summary>
    public Fraction EntitledAfter => Department.Entitled + Share;

    /// <summary>The account's guaranteed seats after this run.</summary>
    public int GuaranteedAfter => Department.GuaranteedSeats + Seats;
}

/// <summary>Why a seat went to its department: what put it before the next one in line.</summary>
public enum AwardReason
{
    /// <summary>It had the largest quotient.</summary>
    Quotient,

    /// <summary>Equal quotients: it had the fewest guaranteed seats so far this plan year.</summary>
    FewestGuaranteed,

    /// <summary>Equal quotients and seats: its code comes first.</summary>
    Code,

    /// <summary>The department's minimum in every run.</summary>
    Minimum,

    /// <summary>Another had a larger quotient, but giving it the seat would put somebody a full seat off its exact share.</summary>
    Quota,
}

/// <summary>One seat being given.</summary>
public sealed record SeatAward
{
    /// <summary>Place in the order of giving, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The department that got it.</summary>
    public required string Code { get; init; }

    /// <summary>The department's entitlement at this seat, divided by twice its guaranteed seats plus one.</summary>
    public required Fraction Quotient { get; init; }

    /// <summary>Why it went there.</summary>
    public required AwardReason Reason { get; init; }
}

/// <summary>How the sharing ended.</summary>
public enum ApportionmentOutcome
{
    /// <summary>Every seat went to a department.</summary>
    Shared,

    /// <summary>No department has a weight: every seat goes to the open pool.</summary>
    NoWeights,

    /// <summary>Refused: the departments' minimums together are more than the seats.</summary>
    MinimumsDoNotFit,
}

/// <summary>A run's seats shared among departments.</summary>
public sealed record ApportionmentResult
{
    /// <summary>How it ended.</summary>
    public required ApportionmentOutcome Outcome { get; init; }

    /// <summary>Seats that were to be shared.</summary>
    public required int Seats { get; init; }

    /// <summary>Sum of all weights.</summary>
    public required long TotalWeight { get; init; }

    /// <summary>Seats that go to the open pool because nobody has a weight.</summary>
    public required int OpenSeats { get; init; }

    /// <summary>One entry per department, ordered by code.</summary>
    public required IReadOnlyList<DepartmentShare> Departments { get; init; }

    /// <summary>The seats in the order in which they were given.</summary>
    public required IReadOnlyList<SeatAward> Awards { get; init; }

    /// <summary>Sum of the minimums of departments with a weight.</summary>
    public long MinimumSeats => Departments.Where(share => share.Department.Weight > 0).Sum(share => (long)share.Department.MinimumSeats);
}
