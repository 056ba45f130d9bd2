using Booking.Data.Plans.Reading;

namespace Booking.Data.Plans;

/// <summary>A made-up year's plan inside the program, for a first look at it. Nobody in it exists.</summary>
public static class DemonstrationPlan
{
    /// <summary>Days from today to the first run.</summary>
    private const int DaysAhead = 28;

    private const int DaysOfWeek = 7;

    /// <summary>The four files, with their dates as written.</summary>
    public static PlanSource Source { get; } =
        new(name => typeof(DemonstrationPlan).Assembly.GetManifestResourceStream($"demo/{name}"));

    /// <summary>
    /// How many days to move the plan so that its first run starts about four weeks from a day: whole weeks, so that
    /// every run keeps its weekday.
    /// </summary>
    /// <param name="today">The local date to count from.</param>
    /// <param name="timeZone">IANA name of the zone that the plan's times are local to.</param>
    public static int ShiftDays(DateOnly today, string timeZone)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var files = PlanFiles.Read(Source, new PlanReadSettings { TimeZone = timeZone });
        var first = files.Runs.Min(run => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(run.Sessions[0].StartsAt, zone).DateTime));
        var days = today.AddDays(DaysAhead).DayNumber - first.DayNumber;
        return (int)Math.Round((double)days / DaysOfWeek, MidpointRounding.ToEven) * DaysOfWeek;
    }
}
