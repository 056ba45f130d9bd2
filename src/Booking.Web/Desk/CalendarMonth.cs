using System.Globalization;
using Booking.Data.Desk;
using Booking.Web.Localisation;

namespace Booking.Web.Desk;

/// <summary>One month of a department's sessions, as weeks from Monday to Sunday.</summary>
/// <param name="First">The month's first day.</param>
/// <param name="Weeks">The weeks that have a day in it.</param>
public sealed record CalendarMonth(DateOnly First, IReadOnlyList<CalendarWeek> Weeks)
{
    private const int DaysOfWeek = 7;

    /// <summary>The month before.</summary>
    public DateOnly Previous => First.AddMonths(-1);

    /// <summary>The month after.</summary>
    public DateOnly Next => First.AddMonths(1);

    /// <summary>A month as addresses have it, such as <c>2027-03</c>.</summary>
    /// <param name="month">Any day of it.</param>
    public static string Text(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>Reads a month from an address; null when it is none.</summary>
    /// <param name="text">Such as <c>2027-03</c>.</param>
    public static DateOnly? Parse(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
        && month.Year is > 2000 and < 2100 ? month : null;

    /// <summary>The first Monday shown, and the Monday after the last day shown.</summary>
    /// <param name="month">The month's first day.</param>
    public static (DateOnly From, DateOnly To) Days(DateOnly month) =>
        (Monday(month), Monday(month.AddMonths(1).AddDays(-1)).AddDays(DaysOfWeek));

    /// <summary>Lays sessions out by the local day on which they start.</summary>
    /// <param name="month">The month's first day.</param>
    /// <param name="sessions">The sessions; those of other months are only shown where a week reaches into them.</param>
    public static CalendarMonth Of(DateOnly month, IEnumerable<DeskSession> sessions)
    {
        var byDay = sessions.ToLookup(session => DateOnly.FromDateTime(DisplayFormat.Local(session.StartsAt, session.TimeZone)));
        var (from, to) = Days(month);
        var days = Enumerable.Range(0, to.DayNumber - from.DayNumber).Select(from.AddDays)
            .Select(day => new CalendarDay(day, day.Month == month.Month, [.. byDay[day]]));
        return new CalendarMonth(
            month, [.. days.Chunk(DaysOfWeek).Select(week => new CalendarWeek(ISOWeek.GetWeekOfYear(week[0].Date.ToDateTime(TimeOnly.MinValue)), week))]);
    }

    // Danish weeks begin on Monday.
    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + DaysOfWeek - 1) % DaysOfWeek));
}

/// <summary>One week.</summary>
/// <param name="Number">As ISO 8601 counts it.</param>
/// <param name="Days">Monday to Sunday.</param>
public sealed record CalendarWeek(int Number, IReadOnlyList<CalendarDay> Days);

/// <summary>One day.</summary>
/// <param name="Date">The day.</param>
/// <param name="IsInMonth">Whether it is of the month shown.</param>
/// <param name="Sessions">What starts on it.</param>
public sealed record CalendarDay(DateOnly Date, bool IsInMonth, IReadOnlyList<DeskSession> Sessions);
