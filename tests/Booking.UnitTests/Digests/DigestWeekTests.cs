using System.Globalization;
using Booking.Data.Digests;
using Xunit;

namespace Booking.UnitTests.Digests;

/// <summary>Which week an instant belongs to, and when that week's letter is due.</summary>
public sealed class DigestWeekTests
{
    [Theory]
    [InlineData("2027-01-11T06:00:00Z", "2027-W02")]
    [InlineData("2027-01-10T22:59:59Z", "2027-W01")] // Sunday, a second before midnight in Copenhagen.
    [InlineData("2027-01-10T23:00:00Z", "2027-W02")]
    [InlineData("2027-01-03T12:00:00Z", "2026-W53")]
    [InlineData("2024-12-30T12:00:00Z", "2025-W01")]
    public void Week_is_named_as_iso_8601_does(string now, string name) => Assert.Equal(name, DigestWeek.Of(At(now), "Europe/Copenhagen").Name);

    [Theory]
    [InlineData("2027-01-13T12:00:00Z", "2027-01-11T06:30:00Z", "2027-01-03T23:00:00Z", "2027-01-10T23:00:00Z")]
    // The Sundays on which the clock changes lie in the week that is told about.
    [InlineData("2027-03-29T05:30:00Z", "2027-03-29T05:30:00Z", "2027-03-21T23:00:00Z", "2027-03-28T22:00:00Z")]
    [InlineData("2027-11-01T06:30:00Z", "2027-11-01T06:30:00Z", "2027-10-24T22:00:00Z", "2027-10-31T23:00:00Z")]
    public void Letter_is_due_on_monday_by_the_local_clock_and_tells_of_the_week_before(string now, string due, string from, string to)
    {
        var week = DigestWeek.Of(At(now), "Europe/Copenhagen");

        Assert.Equal((At(due), At(from), At(to)), (week.DueAt, week.PreviousFrom, week.PreviousTo));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
