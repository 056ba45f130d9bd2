using System.Globalization;

namespace Booking.Data.Digests;

/// <summary>The week that a letter to HR is written in; it tells about the week before.</summary>
/// <param name="Monday">Its first day.</param>
/// <param name="Zone">The zone whose midnight begins it.</param>
public sealed record DigestWeek(DateOnly Monday, TimeZoneInfo Zone)
{
    private const int DaysOfWeek = 7;

    private static readonly TimeOnly DueTime = new(7, 30);

    /// <summary>Names the week as ISO 8601 does: <c>2027-W03</c>.</summary>
    public string Name
    {
        get
        {
            var day = Monday.ToDateTime(TimeOnly.MinValue);
            return string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(day)}-W{ISOWeek.GetWeekOfYear(day):00}");
        }
    }

    /// <summary>When the letter is due.</summary>
    public DateTimeOffset DueAt => At(Monday, DueTime);

    /// <summary>When the week before began.</summary>
    public DateTimeOffset PreviousFrom => At(Monday.AddDays(-DaysOfWeek), TimeOnly.MinValue);

    /// <summary>When the week before ended.</summary>
    public DateTimeOffset PreviousTo => At(Monday, TimeOnly.MinValue);

    /// <summary>The week of an instant.</summary>
    /// <param name="now">The instant.</param>
    /// <param name="timeZone">IANA name of the zone.</param>
    public static DigestWeek Of(DateTimeOffset now, string timeZone)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var daysSinceMonday = ((int)today.DayOfWeek + DaysOfWeek - (int)DayOfWeek.Monday) % DaysOfWeek;
        return new DigestWeek(today.AddDays(-daysSinceMonday), zone);
    }

    // Clocks change on Sundays between two and three, so neither moment is ever skipped or met twice.
    private DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local));
    }
}
