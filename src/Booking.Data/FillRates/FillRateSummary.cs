namespace Booking.Data.FillRates;

/// <summary>Sums over runs that are published or were held; drafts and cancelled runs are only counted beside them.</summary>
public sealed record FillRateSummary
{
    /// <summary>Runs in the sums.</summary>
    public required int Runs { get; init; }

    /// <summary>Runs left out, because they are drafts or cancelled.</summary>
    public required int LeftOut { get; init; }

    /// <summary>All seats.</summary>
    public required int Capacity { get; init; }

    /// <summary>Taken from departments' guaranteed seats.</summary>
    public required int TakenDepartment { get; init; }

    /// <summary>Taken from the external sectors' seats.</summary>
    public required int TakenExternal { get; init; }

    /// <summary>Taken from the seats for everybody.</summary>
    public required int TakenOpen { get; init; }

    /// <summary>Guaranteed seats that stand free on runs that have not started.</summary>
    public required int Unused { get; init; }

    /// <summary>Runs below their minimum that start soon.</summary>
    public required int WillNotFill { get; init; }

    /// <summary>Runs with unused guaranteed seats.</summary>
    public required int RunsWithUnused { get; init; }

    /// <summary>All taken seats.</summary>
    public int Taken => TakenDepartment + TakenExternal + TakenOpen;

    /// <summary>Taken seats of all seats, 0 to 1; 0 when there are none.</summary>
    public decimal FillRate => Capacity == 0 ? 0 : (decimal)Taken / Capacity;

    /// <summary>Adds up.</summary>
    /// <param name="rows">The runs.</param>
    /// <param name="days">From how many days before the start a run below its minimum is called endangered.</param>
    public static FillRateSummary Of(IReadOnlyCollection<FillRateRow> rows, int days)
    {
        var counted = rows.Where(r => r.Counts).ToList();
        return new FillRateSummary
        {
            Runs = counted.Count,
            LeftOut = rows.Count - counted.Count,
            Capacity = counted.Sum(r => r.Capacity),
            TakenDepartment = counted.Sum(r => r.TakenDepartment),
            TakenExternal = counted.Sum(r => r.TakenExternal),
            TakenOpen = counted.Sum(r => r.TakenOpen),
            Unused = counted.Where(r => r.HasUnused).Sum(r => r.Unused),
            WillNotFill = counted.Count(r => r.WillNotFill(days)),
            RunsWithUnused = counted.Count(r => r.HasUnused),
        };
    }
}
