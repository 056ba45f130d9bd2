using Microsoft.Playwright;
using Xunit;

namespace Booking.BrowserTests;

/// <summary>A participant cannot come and passes the seat on by the link in the invitation; then the secretary's ways, and swaps.</summary>
[Collection(nameof(Journeys))]
public sealed class SubstituteJourneyTests(Product product)
{
    [Theory]
    [InlineData(true, 1280, 1272, 1273)]
    [InlineData(false, 390, 1274, 1275)]
    public async Task Participant_passes_the_seat_on_by_the_link_in_the_invitation(bool script, int width, int participant, int colleague)
    {
        var secretary = await product.OpenAsync(width: width);
        await ReserveAsync(secretary, "bup-a", participant);

        var page = await product.OpenAsync(script, width);
        await page.OpenMailAsync($"m{participant}@example.org", "Din plads");
        await page.GotoAsync(await page.FindLinkAsync("/bookings/manage/"));
        await LookAsync(page, script, "substitute-manage");
        await page.Locator("a[href$='/substitute']").ClickAsync();

        // Somebody of another department first: the answer says no more than that it cannot be.
        await page.FillAsync("#Form-Email", "m1002@example.org");
        await page.Locator("main form button").ClickAsync();
        await Assertions.Expect(page.Locator(".alert-warning")).ToContainTextAsync("Vi kan ikke give pladsen til den adresse");
        await LookAsync(page, script, "substitute-refused");
        await page.FillAsync("#Form-Email", $"m{colleague}@example.org");
        await page.Locator("main form button").ClickAsync();
        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("Pladsen er givet videre");
        await LookAsync(page, script, "substitute-done");

        await page.OpenMailAsync($"m{participant}@example.org", "Afmeldt");
        Assert.Equal(1, await page.Locator("#event code").Filter(new() { HasText = "CANCEL" }).CountAsync());
        await page.OpenMailAsync($"m{colleague}@example.org", "Din plads");
        Assert.Equal(1, await page.Locator("#event code").Filter(new() { HasText = "REQUEST" }).CountAsync());
        await LookAsync(page, script, "substitute-invitation");
        Assert.Empty(product.Faults);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Secretary_has_pages_to_substitute_to_move_and_to_swap(int width)
    {
        var page = await product.OpenAsync(width: width);
        var person = width == 390 ? 1277 : 1276;
        await ReserveAsync(page, "bup-a", person);
        await page.GotoAsync("/bookings/department");
        await page.InspectAsync("substitute-list");
        await page.Locator("a[href$='/substitute']").First.ClickAsync();
        await page.InspectAsync("substitute-form");
        await page.Locator("main form button").ClickAsync();
        await Assertions.Expect(page.Locator(".form-error-message")).ToBeVisibleAsync();
        await page.InspectAsync("substitute-faults");
        await page.GotoAsync("/bookings/department");
        await page.Locator("a[href$='/move']").First.ClickAsync();
        await page.InspectAsync("move");

        // Another run of the same course is open: there is a choice.
        await page.GotoAsync("/runs/K27-031-1/reserve");
        await page.FillAsync("#Lines", $"{person}");
        await page.Locator("section[aria-labelledby='paste-title'] button").ClickAsync();
        var booking = await page.Locator("#outcome a[href$='/cancel']").First.GetAttributeAsync("href");
        await page.GotoAsync(booking!.Replace("/cancel", "/move", StringComparison.Ordinal));
        await page.InspectAsync("move-choice");
        await page.Locator("main form button").ClickAsync();
        await Assertions.Expect(page.Locator("#form-errors")).ToBeVisibleAsync();
        await page.InspectAsync("move-faults");
        await page.Locator("label[for='run-K27-031-2']").ClickAsync();
        await page.Locator("main form button").ClickAsync();
        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("Deltageren er flyttet");
        await page.InspectAsync("move-done");

        await page.GotoAsync("/swaps/new");
        await page.InspectAsync("swap-to");
        await page.Locator("main form button").ClickAsync();
        await page.SelectOptionAsync("#OfferedRun", new SelectOptionValue { Index = 0 });
        await page.FillAsync("#OfferedSeats", "1");
        await page.InspectAsync("swap-form");
        await page.Locator("main form button").ClickAsync();
        await page.WaitForURLAsync("**/swaps?proposed=True");
        await page.InspectAsync("swap-proposed");
        await page.Locator("button[value='Withdraw']").First.ClickAsync();
        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("trukket tilbage");
        await page.InspectAsync("swap-withdrawn");
        Assert.Empty(product.Faults);
    }

    private static async Task ReserveAsync(IPage page, string department, int person)
    {
        await Product.SignInAsync(page, $"sekretaer.{department}@example.org");
        await page.GotoAsync("/courses?seats=1");
        await page.Locator("h3.course-title a").First.ClickAsync();
        await page.Locator("a[href^='/runs/']").First.ClickAsync();
        await page.Locator("a[href$='/reserve']").First.ClickAsync();
        await page.FillAsync("#Lines", $"{person}");
        await page.Locator("section[aria-labelledby='paste-title'] button").ClickAsync();
        await Assertions.Expect(page.Locator("#outcome-title")).ToContainTextAsync("1 plads er reserveret");
    }

    private static Task LookAsync(IPage page, bool script, string name) =>
        script ? page.InspectAsync(name) : page.LookAsync($"{name}-noscript");
}
