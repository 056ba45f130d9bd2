using Microsoft.Playwright;
using Xunit;

namespace Booking.BrowserTests;

/// <summary>A secretary decides about unused seats by the link of the warning before the release.</summary>
[Collection(nameof(Journeys))]
public sealed class ReleaseJourneyTests(Product product)
{
    [Theory]
    [InlineData(1280, "K27-003-3")]
    [InlineData(390, "K27-030-2")]
    public async Task Secretary_keeps_one_seat_and_hands_one_back(int width, string run)
    {
        var link = await product.AddReleaseLinkAsync(run, "PSN-A", "sekretaer.psn-a@example.org");
        var page = await product.OpenAsync(width: width);
        await page.GotoAsync(link);
        await page.InspectAsync("release");

        await page.FillAsync("#KeepCount", "0");
        await page.Locator("section[aria-labelledby='keep-title'] button").ClickAsync();
        await Assertions.Expect(page.Locator(".form-error-message").First).ToBeVisibleAsync();
        await page.InspectAsync("release-faults");
        await page.FillAsync("#KeepCount", "1");
        await page.Locator("section[aria-labelledby='keep-title'] button").ClickAsync();
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("1 plads er reserveret uden navn");
        await page.InspectAsync("release-kept");
        await page.GotoAsync($"{link}?choice=hand_back");
        await page.InspectAsync("release-hand-back");
        await page.FillAsync("#HandBackCount", "1");
        await page.Locator("section[aria-labelledby='hand-back-title'] button").ClickAsync();
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("1 plads er givet tilbage");
        await page.InspectAsync("release-handed-back");
        Assert.Empty(product.Faults);
    }
}
