using Booking.Data.Site;
using Xunit;

namespace Booking.UnitTests.Site;

public sealed class SiteOptionsTests
{
    [Fact]
    public void Defaults_are_right_as_they_are()
    {
        Assert.Empty(Faults(new SiteOptions()));
        Assert.True(new WorkingHoursOptionsValidator().Validate(null, new WorkingHoursOptions()).Succeeded);
    }

    [Theory]
    [InlineData("red")]
    [InlineData("#12345")]
    [InlineData("#gggggg")]
    [InlineData("1f5f70#")]
    [InlineData("#ffff00")]
    [InlineData("")]
    public void Color_that_is_none_or_cannot_be_read_upon_is_refused(string color) =>
        Assert.Contains("Site:Color", Assert.Single(Faults(new SiteOptions { Color = color })), StringComparison.Ordinal);

    [Theory]
    [InlineData("kurser.example.dk")]
    [InlineData("https://kurser.example.dk/")]
    [InlineData("https://kurser.example.dk?a=b")]
    [InlineData("ftp://kurser.example.dk")]
    public void BaseUrl_that_makes_broken_links_is_refused(string address) =>
        Assert.Contains("Site:BaseUrl", Assert.Single(Faults(new SiteOptions { BaseUrl = address })), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://kurser.example.dk")]
    [InlineData("http://localhost:5080")]
    [InlineData("https://intranet.example.dk/kurser")]
    public void BaseUrl_of_a_site_is_taken(string address) => Assert.Empty(Faults(new SiteOptions { BaseUrl = address }));

    [Fact]
    public void Several_faults_are_told_at_once() =>
        Assert.Equal(3, Faults(new SiteOptions { Name = " ", Color = "x", TimeZone = "Mars" }).Count);

    [Fact]
    public void Contrast_of_white_follows_WCAG()
    {
        Assert.Equal(1.0, SiteOptions.ContrastWithWhite((255, 255, 255)), 2);
        Assert.Equal(21.0, SiteOptions.ContrastWithWhite((0, 0, 0)), 2);
        Assert.Equal(4.54, SiteOptions.ContrastWithWhite((0x76, 0x76, 0x76)), 2);
    }

    [Fact]
    public void Working_days_are_Monday_to_Friday_unless_set()
    {
        Assert.Equal(5, new WorkingHoursOptions().WorkingDays.Count);
        Assert.Equal([DayOfWeek.Saturday], new WorkingHoursOptions { Days = [DayOfWeek.Saturday] }.WorkingDays);
    }

    [Fact]
    public void Working_day_that_ends_before_it_starts_is_refused() =>
        Assert.False(new WorkingHoursOptionsValidator().Validate(null, new WorkingHoursOptions { Start = new(17, 0) }).Succeeded);

    private static List<string> Faults(SiteOptions options) =>
        [.. new SiteOptionsValidator().Validate(null, options).Failures ?? []];
}
