using Booking.Web.Localisation;
using Xunit;

namespace Booking.UnitTests.Localisation;

public sealed class DisplayFormatTests
{
    private const string Copenhagen = "Europe/Copenhagen";
    private static readonly DisplayFormat Danish = new(Languages.Danish);
    private static readonly DisplayFormat English = new(Languages.English);
    private static readonly DateTimeOffset March = new(2027, 3, 15, 7, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Date_and_time_in_danish_and_english()
    {
        Assert.Equal("15. marts 2027 kl. 8.30", Danish.DateTime(March, Copenhagen));
        Assert.Equal("15 March 2027 at 08:30", English.DateTime(March, Copenhagen));
        Assert.Equal("mandag 15. marts 2027", Danish.Weekday(March, Copenhagen));
        Assert.Equal("Monday 15 March 2027", English.Weekday(March, Copenhagen));
        Assert.Equal("marts 2027", Danish.Month(new DateOnly(2027, 3, 1)));
    }

    [Theory]
    [InlineData("2027-03-28T00:59:00Z", "28. marts 2027 kl. 1.59")]
    [InlineData("2027-03-28T01:00:00Z", "28. marts 2027 kl. 3.00")]
    [InlineData("2027-10-31T00:30:00Z", "31. oktober 2027 kl. 2.30")]
    [InlineData("2027-10-31T01:30:00Z", "31. oktober 2027 kl. 2.30")]
    [InlineData("2026-12-31T23:30:00Z", "1. januar 2027 kl. 0.30")]
    public void Local_time_follows_the_clock_changes(string at, string expected) =>
        Assert.Equal(expected, Danish.DateTime(DateTimeOffset.Parse(at, Languages.English), Copenhagen));

    [Fact]
    public void Instants_are_shown_in_the_zone_of_the_run() =>
        Assert.Equal("15. marts 2027 kl. 7.30", Danish.DateTime(March, "Atlantic/Faroe"));

    [Fact]
    public void Spans_say_only_what_differs()
    {
        Assert.Equal("8.30–15.30", Danish.TimeSpan(March, March.AddHours(7), Copenhagen));
        Assert.Equal("08:30–15:30", English.TimeSpan(March, March.AddHours(7), Copenhagen));
        Assert.Equal("8.30 – 16. marts 2027 kl. 2.30", Danish.TimeSpan(March, March.AddHours(18), Copenhagen));
        Assert.Equal("15. marts 2027", Danish.DateSpan(March, March.AddHours(7), Copenhagen));
        Assert.Equal("15.–16. marts 2027", Danish.DateSpan(March, March.AddDays(1), Copenhagen));
        Assert.Equal("15–16 March 2027", English.DateSpan(March, March.AddDays(1), Copenhagen));
        Assert.Equal("15. marts – 5. april 2027", Danish.DateSpan(March, March.AddDays(21), Copenhagen));
        Assert.Equal("15. marts 2027 – 15. marts 2028", Danish.DateSpan(March, March.AddDays(366), Copenhagen));
    }

    [Fact]
    public void Money_shows_oere_only_when_there_are_some()
    {
        Assert.Equal("1.250 kr.", Danish.Money(1250m));
        Assert.Equal("1.250,50 kr.", Danish.Money(1250.5m));
        Assert.Equal("DKK 1,250", English.Money(1250.00m));
    }

    [Fact]
    public void Numbers_follow_the_language()
    {
        Assert.Equal("12.345", Danish.Number(12345));
        Assert.Equal("12,345", English.Number(12345));
        Assert.Equal("14,4", Danish.OneDecimal(14.42));
        Assert.Equal("120", Danish.OneDecimal(119.96));
    }
}
