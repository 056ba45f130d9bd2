namespace Booking.Data.Site;

/// <summary>Counts hours that people are at work: deadlines that do not pass at night, over a weekend or on a holiday.</summary>
public static class WorkingTime
{
    /// <summary>The moment when so many working hours have passed; counting starts at the next working time.</summary>
    /// <param name="from">Where to start.</param>
    /// <param name="hours">How many working hours; at least one.</param>
    /// <param name="options">When the working days begin and end.</param>
    /// <param name="zone">The zone that they are meant in.</param>
    /// <returns>A moment within a working day (its end included), in UTC.</returns>
    public static DateTimeOffset Add(DateTimeOffset from, int hours, WorkingHoursOptions options, TimeZoneInfo zone)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hours);
        var local = TimeZoneInfo.ConvertTime(from, zone).DateTime;
        var left = TimeSpan.FromHours(hours);
        var day = DateOnly.FromDateTime(local);
        while (true)
        {
            var begins = Later(day.ToDateTime(options.Start), local);
            var ends = day.ToDateTime(options.End);
            if (options.IsWorkingDay(day) && begins < ends)
            {
                if (left <= ends - begins)
                {
                    return ToUtc(begins + left, zone);
                }

                left -= ends - begins;
            }

            day = day.AddDays(1);
        }
    }

    private static DateTime Later(DateTime one, DateTime other) => one > other ? one : other;

    // A wall clock time that a clock change skips is an hour later; one that comes twice is meant the second time.
    private static DateTimeOffset ToUtc(DateTime local, TimeZoneInfo zone)
    {
        var existing = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        return new DateTimeOffset(existing, zone.GetUtcOffset(existing)).ToUniversalTime();
    }
}
