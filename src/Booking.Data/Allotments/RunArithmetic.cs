using System.Globalization;
using System.Numerics;

namespace Booking.Data.Allotments;

/// <summary>How a run's seats were shared, as HR looks at it.</summary>
public sealed record RunArithmetic
{
    /// <summary>The run's code.</summary>
    public required string RunCode { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>Which year's key and accounts were used.</summary>
    public required int PlanYear { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>The zone its times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>All seats of the run today.</summary>
    public required int Capacity { get; init; }

    /// <summary>Seats of the external sectors.</summary>
    public required int ExternalSeats { get; init; }

    /// <summary><c>draft</c>, <c>published</c>, <c>cancelled</c> or <c>completed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When unused guaranteed seats went to the open pool.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>The publishing first, then each raise of the capacity.</summary>
    public IReadOnlyList<AllotmentRound> Rounds { get; init; } = [];
}

/// <summary>Seats that were shared at one moment.</summary>
public sealed record AllotmentRound
{
    /// <summary>When.</summary>
    public required DateTimeOffset AllottedAt { get; init; }

    /// <summary>Seats shared among the departments.</summary>
    public required int SharedSeats { get; init; }

    /// <summary>Sum of the weights.</summary>
    public required long TotalWeight { get; init; }

    /// <summary>Seats that the external sectors got.</summary>
    public required int ExternalSeats { get; init; }

    /// <summary>Seats that went straight to the open pool.</summary>
    public required int OpenSeats { get; init; }

    /// <summary>One line per department, in Danish order of their names.</summary>
    public required IReadOnlyList<DepartmentArithmetic> Departments { get; init; }
}

/// <summary>One department's line: share + carry = claim; claim - seats = what the next run starts with.</summary>
public sealed record DepartmentArithmetic
{
    /// <summary>The department's code.</summary>
    public required string Code { get; init; }

    /// <summary>The department's name.</summary>
    public required string Name { get; init; }

    /// <summary>Weight in the key.</summary>
    public required int Weight { get; init; }

    /// <summary>Seats given before the rest was shared.</summary>
    public required int MinimumSeats { get; init; }

    /// <summary>Exact share of the shared seats.</summary>
    public required Fraction Share { get; init; }

    /// <summary>What earlier runs of the plan year owed the department; negative when it was ahead.</summary>
    public required Fraction CarryBefore { get; init; }

    /// <summary>Seats guaranteed.</summary>
    public required int Seats { get; init; }

    /// <summary>Seats guaranteed in the plan year before.</summary>
    public required int GuaranteedBefore { get; init; }

    /// <summary>Share plus carry.</summary>
    public Fraction Claim => Share + CarryBefore;

    /// <summary>What the next run starts with.</summary>
    public Fraction CarryAfter => Claim - Seats;
}

/// <summary>A row of <c>allotments</c> as read; the arithmetic columns are null for the pools that are not a department's.</summary>
internal sealed record AllotmentRow
{
    public required string Pool { get; init; }

    public string? Code { get; init; }

    public string? Name { get; init; }

    public required int Seats { get; init; }

    public int? Weight { get; init; }

    public long? TotalWeight { get; init; }

    public int? MinimumSeats { get; init; }

    public int? SharedSeats { get; init; }

    // As text: the driver's decimal ends at 28 digits, an exact fraction does not.
    public string? CarryNumerator { get; init; }

    public string? CarryDenominator { get; init; }

    public int? GuaranteedBefore { get; init; }

    public required DateTimeOffset AllottedAt { get; init; }

    internal static AllotmentRound ToRound(IGrouping<DateTimeOffset, AllotmentRow> rows) => new()
    {
        AllottedAt = rows.Key,
        SharedSeats = rows.Max(row => row.SharedSeats) ?? 0,
        TotalWeight = rows.Max(row => row.TotalWeight) ?? 0,
        ExternalSeats = rows.Where(row => row.Pool == Pools.External).Sum(row => row.Seats),
        OpenSeats = rows.Where(row => row.Pool == Pools.Open).Sum(row => row.Seats),
        Departments = [.. rows.Where(row => row.Pool == Pools.Department).Select(row => row.ToDepartment())],
    };

    private DepartmentArithmetic ToDepartment() => new()
    {
        Code = Code ?? "",
        Name = Name ?? "",
        Weight = Weight ?? 0,
        MinimumSeats = MinimumSeats ?? 0,
        Share = TotalWeight > 0 ? new Fraction((BigInteger)(Weight ?? 0) * (SharedSeats ?? 0), TotalWeight.Value) : Fraction.Zero,
        CarryBefore = new Fraction(
            BigInteger.Parse(CarryNumerator ?? "0", CultureInfo.InvariantCulture),
            BigInteger.Parse(CarryDenominator ?? "1", CultureInfo.InvariantCulture)),
        Seats = Seats,
        GuaranteedBefore = GuaranteedBefore ?? 0,
    };
}
