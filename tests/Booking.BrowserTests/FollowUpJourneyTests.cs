using Microsoft.Playwright;
using Xunit;

namespace Booking.BrowserTests;

/// <summary>Answers after a course, by the link of the mail: saved, gone on with, sent; and such mail turned off.</summary>
[Collection(nameof(Journeys))]
public sealed class FollowUpJourneyTests(Product product)
{
    [Theory]
    [InlineData(390, true, "m1010@example.org")]
    [InlineData(390, false, "m1011@example.org")]
    [InlineData(1280, true, "m1012@example.org")]
    public async Task Participant_saves_goes_on_sends_and_turns_such_mail_off(int width, bool script, string person)
    {
        var link = await product.AddFollowUpLinkAsync("K27-030-1", person, "evaluation", 1);
        var page = await product.OpenAsync(script, width);
        await page.GotoAsync(link);
        await LookAsync(page, script, "follow-up-evaluation");

        await page.Locator("label[for='Form-Overall-4']").ClickAsync();
        await page.FillAsync("#Form-Best", "Øvelserne");
        await page.Locator("button[value='save']").ClickAsync();
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("gemt, men ikke sendt");
        await LookAsync(page, script, "follow-up-saved");
        await page.GotoAsync(link);
        await Assertions.Expect(page.Locator("#Form-Overall-4")).ToBeCheckedAsync();
        await page.Locator("button[value='send']").ClickAsync();
        await Assertions.Expect(page.Locator(".form-error-message")).ToHaveCountAsync(3);
        await LookAsync(page, script, "follow-up-faults");
        foreach (var field in new[] { "Relevance", "Goals", "Recommends" })
        {
            await page.Locator($"label[for='Form-{field}-5']").ClickAsync();
        }

        await page.Locator("button[value='send']").ClickAsync();
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("Tak for dine svar");
        await LookAsync(page, script, "follow-up-sent");
        await page.Locator("a[href$='/mail']").ClickAsync();
        await LookAsync(page, script, "follow-up-mail");
        await page.Locator("button[name='choice']").ClickAsync();
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("ikke flere");
        await LookAsync(page, script, "follow-up-mail-off");
        Assert.Empty(product.Faults);
    }

    [Theory]
    [InlineData("use", 30, "m1013@example.org")]
    [InlineData("leader", 60, "m1014@example.org")]
    public async Task Use_and_leaders_form_are_filled_in_by_keyboard_on_a_phone(string kind, int days, string person)
    {
        var link = await product.AddFollowUpLinkAsync("K27-030-1", person, kind, days);
        var page = await product.OpenAsync(width: 390);
        await page.GotoAsync(link);
        await page.InspectAsync($"follow-up-{kind}");

        await page.Locator("#Form-Frequency").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator("#Form-Frequency-2")).ToBeCheckedAsync();
        if (kind == "use")
        {
            await page.Locator("#barrier-time").FocusAsync();
            await page.Keyboard.PressAsync("Space");
            await page.Locator("#Form-Shared").FocusAsync();
            await page.Keyboard.PressAsync("Space");
        }

        await page.Locator("button[value='send']").FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("Tak for dine svar");
        Assert.Empty(product.Faults);
    }

    // axe runs as a script in the page, so without script there is only the picture.
    private static Task LookAsync(IPage page, bool script, string name) => script ? page.InspectAsync(name) : page.LookAsync($"{name}-plain");
}
