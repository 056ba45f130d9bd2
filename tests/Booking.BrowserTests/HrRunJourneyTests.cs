using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Booking.BrowserTests;

/// <summary>HR moves a run and cancels another; the person who is booked reads it, and the calendar follows.</summary>
[Collection(nameof(Journeys))]
public sealed partial class HrRunJourneyTests(Product product)
{
    [Theory]
    [InlineData(true, 1280, "K27-004-1", "pss-a")]
    [InlineData(false, 390, "K27-007-1", "psn-a")]
    public async Task Move_a_run_then_cancel_it_and_the_person_is_told_each_time(bool script, int width, string code, string department)
    {
        var person = await BookAsync(code, department, script);
        var page = await product.OpenAsync(script, width);
        await Product.SignInAsync(page, "hr@example.org");

        // Found among the fill rates; first the page says what would happen, then it is done.
        await page.GotoAsync($"/hr/fill-rates?q={code}");
        await page.Locator($"a[href='/hr/runs/{code}']").First.ClickAsync();
        await LookAsync(page, script, "hr-run");
        await page.GotoAsync($"/hr/runs/{code}/bookings");
        // Whoever else is on the run is another journey's: they come in any order.
        await Assertions.Expect(page.Locator(".hr-bookings tbody tr").First).ToBeVisibleAsync();
        await LookAsync(page, script, "hr-bookings");
        await page.GotoAsync("/hr/attendance");
        await Assertions.Expect(page.Locator("main tbody tr").First).ToBeVisibleAsync();
        await LookAsync(page, script, "hr-attendance");
        await page.GotoAsync($"/hr/runs/{code}");
        await page.Locator($"a[href='/hr/runs/{code}/postpone']").ClickAsync();
        var start = await page.Locator("#Form-Sessions-0--StartsAt").InputValueAsync();
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$", start);
        await page.FillAsync("#Form-VenueName", "Kulturhuset, sal 2");
        await page.Locator("button[formaction*='Check']").ClickAsync();
        await Assertions.Expect(page.Locator("#check-title")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".hr-check")).ToContainTextAsync(SomebodyIsTold());
        await LookAsync(page, script, "hr-postpone-check");
        await page.Locator("button[formaction*='Move']").ClickAsync();
        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("flyttet");
        await page.OpenMailAsync(person, "Ændret");
        await Assertions.Expect(page.Locator("#event code").First).ToContainTextAsync("REQUEST");
        await Assertions.Expect(page.Locator("pre.mail-text")).ToContainTextAsync("Kulturhuset, sal 2");
        await LookAsync(page, script, "hr-postpone-mail");

        // Sent empty first: the faults stand beside their fields.
        await page.GotoAsync($"/hr/runs/{code}/cancel");
        await page.Locator("main form button").ClickAsync();
        await Assertions.Expect(page.Locator(".form-error-message").First).ToBeVisibleAsync();
        await LookAsync(page, script, "hr-cancel-faults");
        await page.FillAsync("#Form-Reason", "Underviseren er blevet syg.");
        await page.Locator("label[for='Form-IsSure']").ClickAsync();
        await page.Locator("main form button").ClickAsync();
        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("aflyst");
        await LookAsync(page, script, "hr-cancelled");

        // The letter begins with "Aflyst", and so do the calendar's mails: the one without an event has the reason.
        await WaitForTextAsync(page, person, "Underviseren er blevet syg.");
        await LookAsync(page, script, "hr-cancel-letter");
        await WaitForTextAsync(page, person, "fjerner", "CANCEL");
        await LookAsync(page, script, "hr-cancel-calendar");
        Assert.Empty(product.Faults);
    }

    [Fact]
    public async Task Capacity_by_keyboard_alone()
    {
        var page = await product.OpenAsync();
        await Product.SignInAsync(page, "hr@example.org");
        await page.GotoAsync("/hr/runs/K27-006-2");
        await page.TabToAsync("a[href$='/capacity']");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/capacity");
        await page.TabToAsync("#Form-To");
        await page.Keyboard.PressAsync("ControlOrMeta+a");
        await page.Keyboard.TypeAsync("1");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#Form-To-error")).ToContainTextAsync("garanteret afdelinger og ubrugt");
        await page.InspectAsync("hr-capacity-refused");
        await page.TabToAsync("#Form-To");
        await page.Keyboard.PressAsync("ControlOrMeta+a");
        await page.Keyboard.TypeAsync("60");
        await page.TabToAsync("main form button");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("flere pladser");
        Assert.Empty(product.Faults);
    }

    [GeneratedRegex("Personer, der får besked: [1-9]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SomebodyIsTold();

    // A secretary books the first of the department's people that the search offers; the invitation is waited for.
    private async Task<string> BookAsync(string code, string department, bool script)
    {
        var page = await product.OpenAsync(script);
        await Product.SignInAsync(page, $"sekretaer.{department}@example.org");
        await page.GotoAsync($"/runs/{code}/reserve?q=a");
        var number = await page.Locator("input[name='Picked']").First.GetAttributeAsync("value");
        await page.Locator("input[name='Picked']").First.CheckAsync(new() { Force = true });
        await page.Locator("section[aria-labelledby='pick-title'] button.button-primary").ClickAsync();
        await Assertions.Expect(page.Locator("#outcome-title")).ToContainTextAsync("1 plads er reserveret");
        var person = $"m{number}@example.org";
        await page.OpenMailAsync(person, "Din plads");
        await page.Context.CloseAsync();
        return person;
    }

    // One of the newest mails to the address that has these words, and an event of this method when one is asked for.
    private static async Task WaitForTextAsync(IPage page, string to, string words, string? method = null)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            await page.GotoAsync("/dev/mail");
            var mails = page.Locator("tbody tr").Filter(new() { HasText = to });
            var links = new List<string>();
            for (var i = 0; i < Math.Min(await mails.CountAsync(), 6); i++)
            {
                links.Add((await mails.Nth(i).Locator("a").First.GetAttributeAsync("href"))!);
            }

            foreach (var link in links)
            {
                await page.GotoAsync(link);
                var hasWords = (await page.Locator("pre.mail-text").InnerTextAsync()).Contains(words, StringComparison.Ordinal);
                if (hasWords && (method is null || await page.Locator("#event code").Filter(new() { HasText = method }).CountAsync() > 0))
                {
                    return;
                }
            }

            await Task.Delay(200);
        }

        Assert.Fail($"No mail to {to} has '{words}' and {method ?? "no event"}.");
    }

    private static Task LookAsync(IPage page, bool script, string name) =>
        script ? page.InspectAsync(name) : page.LookAsync($"{name}-noscript");
}
