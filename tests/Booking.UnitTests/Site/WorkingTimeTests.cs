using System.Globalization;
using Booking.Data.Site;
using Xunit;

namespace Booking.UnitTests.Site;

/// <summary>Working hours: 8 to 16, Monday to Friday, in Copenhagen.</summary>
public sealed class WorkingTimeTests
{
    private static readonly TimeZoneInfo Copenhagen = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    [Theory]
    // Within a day, over night, over a weekend.
    [InlineData("2027-01-11T09:00+01:00", 4, "2027-01-11T13:00+01:00")]
    [InlineData("2027-01-11T15:00+01:00", 2, "2027-01-12T09:00+01:00")]
    [InlineData("2027-01-15T15:00+01:00", 2, "2027-01-18T09:00+01:00")]
    // Asked at night, early, on a Saturday: counting starts with the next working day.
    [InlineData("2027-01-11T22:30+01:00", 1, "2027-01-12T09:00+01:00")]
    [InlineData("2027-01-11T05:00+01:00", 8, "2027-01-11T16:00+01:00")]
    [InlineData("2027-01-16T12:00+01:00", 8, "2027-01-18T16:00+01:00")]
    // The end of a day belongs to it, and its last moment is no working time.
    [InlineData("2027-01-11T16:00+01:00", 1, "2027-01-12T09:00+01:00")]
    [InlineData("2027-01-11T08:00+01:00", 16, "2027-01-12T16:00+01:00")]
    // Over both clock changes, the wall clock counts.
    [InlineData("2026-03-27T15:00+01:00", 2, "2026-03-30T09:00+02:00")]
    [InlineData("2027-10-29T15:00+02:00", 2, "2027-11-01T09:00+01:00")]
    // Over Easter, over Ascension Day, over Constitution Day (a Saturday), over Christmas and New Year.
    [InlineData("2027-03-24T15:00+01:00", 2, "2027-03-30T09:00+02:00")]
    [InlineData("2027-05-05T15:00+02:00", 2, "2027-05-07T09:00+02:00")]
    [InlineData("2026-06-04T15:00+02:00", 2, "2026-06-08T09:00+02:00")]
    [InlineData("2026-12-23T15:00+01:00", 2, "2026-12-28T09:00+01:00")]
    [InlineData("2027-12-30T15:00+01:00", 2, "2028-01-03T09:00+01:00")]
    public void Working_hours_are_counted_on_the_local_clock(string from, int hours, string expected) =>
        Assert.Equal(Parse(expected), WorkingTime.Add(Parse(from), hours, new WorkingHoursOptions(), Copenhagen));

    [Fact]
    public void Other_days_and_hours_are_configuration()
    {
        var nights = new WorkingHoursOptions { Start = new(18, 0), End = new(20, 0), Days = [DayOfWeek.Sunday] };

        var end = WorkingTime.Add(Parse("2027-01-11T09:00+01:00"), 3, nights, Copenhagen);

        Assert.Equal(Parse("2027-01-24T19:00+01:00"), end);
    }

    [Theory]
    [InlineData("2026-04-02", "2026-04-03", "2026-04-05", "2026-04-06", "2026-05-14", "2026-05-24", "2026-05-25")]
    [InlineData("2027-03-25", "2027-03-26", "2027-03-28", "2027-03-29", "2027-05-06", "2027-05-16", "2027-05-17")]
    [InlineData("2028-04-13", "2028-04-14", "2028-04-16", "2028-04-17", "2028-05-25", "2028-06-04", "2028-06-05")]
    public void Public_holidays_of_a_year_are_these_and_no_others(params string[] movable)
    {
        var year = movable[0][..4];
        string[] expected = [$"{year}-01-01", .. movable, $"{year}-12-25", $"{year}-12-26"];

        var found = Enumerable.Range(0, 365).Select(Day($"{year}-01-01").AddDays).Where(PublicHolidays.Contains).Select(day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

        Assert.Equal(expected, found);
    }

    [Theory]
    // The Great Prayer Day was abolished, and the Friday after Ascension Day is none.
    [InlineData("2026-05-01")]
    [InlineData("2027-04-23")]
    [InlineData("2028-05-12")]
    [InlineData("2027-05-07")]
    public void Days_that_are_no_holidays_are_working_days(string day) => Assert.True(new WorkingHoursOptions().IsWorkingDay(Day(day)));

    [Theory]
    [InlineData("2027-12-24", false, true)]
    [InlineData("2026-12-31", false, true)]
    [InlineData("2028-06-05", false, false)]
    [InlineData("2029-06-05", false, true)]
    [InlineData("2027-05-07", true, false)]
    [InlineData("2028-05-07", false, false)]
    [InlineData("2027-08-02", true, false)]
    [InlineData("2028-08-02", true, false)]
    public void Closed_days_are_configuration(string day, bool byDefault, bool configured)
    {
        var options = new WorkingHoursOptions { ClosedDays = ["2027-05-07", "08-02"] };

        Assert.Equal((byDefault, configured), (new WorkingHoursOptions().IsWorkingDay(Day(day)), options.IsWorkingDay(Day(day))));
    }

    [Theory]
    [InlineData("12-24", true)]
    [InlineData("02-29", true)]
    [InlineData("2027-05-07", true)]
    [InlineData("24-12", false)]
    [InlineData("2027-02-29", false)]
    [InlineData("juleaften", false)]
    [InlineData("", false)]
    public void Closed_day_that_is_no_day_is_said_at_the_start(string day, bool isValid) =>
        Assert.Equal(isValid, new WorkingHoursOptionsValidator().Validate(null, new WorkingHoursOptions { ClosedDays = [day] }).Succeeded);

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);

    private static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
