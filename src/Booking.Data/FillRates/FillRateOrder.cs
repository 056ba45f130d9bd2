using System.Globalization;

namespace Booking.Data.FillRates;

/// <summary>The columns that the list can be sorted by.</summary>
public enum FillRateColumn
{
    /// <summary>What HR should look at first.</summary>
    Attention,

    /// <summary>The run's code.</summary>
    Code,

    /// <summary>The course's title, in Danish order.</summary>
    Title,

    /// <summary>Form of the course.</summary>
    Form,

    /// <summary>Start of the first session.</summary>
    Start,

    /// <summary>All seats.</summary>
    Capacity,

    /// <summary>All taken seats.</summary>
    Taken,

    /// <summary>Taken from departments' guaranteed seats.</summary>
    Department,

    /// <summary>Taken from the external sectors' seats.</summary>
    External,

    /// <summary>Taken from the seats for everybody.</summary>
    Open,

    /// <summary>Taken seats of all seats.</summary>
    Rate,

    /// <summary>Free guaranteed seats.</summary>
    Unused,

    /// <summary>Free seats for everybody.</summary>
    FreeOpen,

    /// <summary>Participants above (or below) the minimum.</summary>
    Minimum,

    /// <summary>Days to the release; released runs last.</summary>
    Release,

    /// <summary>Cancelled bookings.</summary>
    Cancelled,
}

/// <summary>An order of the list. Equal rows stand by start, then code, whichever way the column goes.</summary>
/// <param name="Column">What is compared.</param>
/// <param name="IsDescending">Largest first.</param>
public sealed record FillRateOrder(FillRateColumn Column, bool IsDescending)
{
    private static readonly StringComparer Danish = StringComparer.Create(CultureInfo.GetCultureInfo("da-DK"), ignoreCase: true);

    /// <summary>Sorts.</summary>
    /// <param name="rows">The runs.</param>
    /// <param name="days">From how many days before the start a run below its minimum is called endangered.</param>
    public IReadOnlyList<FillRateRow> Sort(IEnumerable<FillRateRow> rows, int days)
    {
        var sorted = Column switch
        {
            FillRateColumn.Attention => By(r => (int)r.Attention(days)),
            FillRateColumn.Code => By(r => r.RunCode, Danish),
            FillRateColumn.Title => By(r => r.CourseTitle, Danish),
            FillRateColumn.Form => By(r => r.Form),
            FillRateColumn.Start => By(r => r.StartsAt),
            FillRateColumn.Capacity => By(r => r.Capacity),
            FillRateColumn.Taken => By(r => r.Taken),
            FillRateColumn.Department => By(r => r.TakenDepartment),
            FillRateColumn.External => By(r => r.TakenExternal),
            FillRateColumn.Open => By(r => r.TakenOpen),
            FillRateColumn.Rate => By(r => r.FillRate),
            FillRateColumn.Unused => By(r => r.Unused),
            FillRateColumn.FreeOpen => By(r => r.FreeOpen),
            FillRateColumn.Minimum => By(r => r.Participants - r.MinimumParticipants),
            FillRateColumn.Release => By(r => r.DaysToRelease ?? int.MaxValue),
            FillRateColumn.Cancelled => By(r => r.Cancelled),
        };
        return [.. sorted.ThenBy(r => r.StartsAt).ThenBy(r => r.RunCode, StringComparer.Ordinal)];

        IOrderedEnumerable<FillRateRow> By<T>(Func<FillRateRow, T> key, IComparer<T>? comparer = null) =>
            IsDescending ? rows.OrderByDescending(key, comparer) : rows.OrderBy(key, comparer);
    }
}
