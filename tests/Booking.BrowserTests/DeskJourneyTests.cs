using System.Globalization;
using Microsoft.Playwright;
using Xunit;

namespace Booking.BrowserTests;

/// <summary>A secretary holds seats, names two by pasting, hands one back, and finds the right figures on the desk.</summary>
[Collection(nameof(Journeys))]
public sealed class DeskJourneyTests(Product product)
{
    private const string Secretary = "sekretaer.pss-a@example.org";
    private int _unused;

    [Theory]
    [InlineData(true, 1280, 0)]
    [InlineData(false, 1280, 1)]
    [InlineData(true, 390, 2)]
    public async Task Hold_name_hand_back_and_count(bool script, int width, int place)
    {
        var page = await product.OpenAsync(script, width);
        await Product.SignInAsync(page, Secretary);
        await page.GotoAsync("/");
        Assert.EndsWith("/desk", page.Url, StringComparison.Ordinal);
        await LookAsync(page, script, $"desk-{script}");
        var address = await OpenRunAsync(page, place);
        await LookAsync(page, script, $"desk-run-{script}");

        await page.FillAsync("#HoldCount", "3");
        await page.Locator("button[value='hold']").ClickAsync();
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("3 pladser er reserveret uden navn");
        var numbers = await EmployeesAsync(page, 2 * place);
        await page.GotoAsync(address);
        await page.FillAsync("#Lines", $"{numbers[0]}\n{numbers[1]}\nIngen Her; ingen@example.org");
        await page.Locator("section[aria-labelledby='name-title'] button").ClickAsync();
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("2 pladser har fået navn");
        await Assertions.Expect(page.Locator("#Lines")).ToHaveValueAsync("Ingen Her; ingen@example.org");
        await LookAsync(page, script, $"desk-named-{script}");
        await page.FillAsync("#HandBackCount", "1");
        await page.Locator("button[value='hand_back']").ClickAsync();
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("1 plads er givet tilbage");
        await page.Locator("details").First.Locator("summary").ClickAsync();
        await LookAsync(page, script, $"desk-handed-back-{script}");

        await page.GotoAsync("/desk");
        var row = page.Locator("tbody tr").Filter(new() { Has = page.Locator($"a[href='{address}']") });
        Assert.Equal(2, await FigureAsync(row, "I brug"));
        Assert.Equal(1, await FigureAsync(row, "Uden navn"));
        Assert.Equal(_unused - 4, await FigureAsync(row, "Ubrugte"));

        await page.OpenMailAsync(Secretary, "I holder 3 pladser");
        await LookAsync(page, script, $"desk-mail-{script}");
        Assert.Empty(product.Faults);
    }

    [Fact]
    public async Task Tick_two_runs_and_hold_by_keyboard_alone_and_subscribe()
    {
        var page = await product.OpenAsync();
        await Product.SignInAsync(page, "sekretaer.bup-a@example.org");
        await page.GotoAsync("/desk");

        await page.TabToAsync("input[name='Chosen']");
        await page.Keyboard.PressAsync("Space");
        await page.TabToAsync("input[name='Chosen']");
        await page.Keyboard.PressAsync("Space");
        await page.TabToAsync("button[value='hold']");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#outcome-title")).ToContainTextAsync("Udført for 2 af 2 hold");
        await page.InspectAsync("desk-many");

        await page.GotoAsync("/desk/calendar?month=2027-03");
        await page.TabToAsync("form[action*='Make' i] button");
        await page.Keyboard.PressAsync("Enter");
        await page.InspectAsync("desk-feed");
        var feed = await page.Locator("#feed-address").InputValueAsync();
        var answer = await page.Context.APIRequest.GetAsync(feed);
        Assert.Contains("BEGIN:VEVENT", await answer.TextAsync(), StringComparison.Ordinal);
        Assert.Empty(product.Faults);
    }

    // A run on which the department has four unused seats and sign-up is open; each journey takes another one.
    private async Task<string> OpenRunAsync(IPage page, int place)
    {
        var rows = page.Locator("tbody tr").Filter(new() { Has = page.Locator("input[name='Chosen']"), HasNotText = "Psykopatologi" });
        List<(string Address, int Unused)> runs = [];
        for (var number = 0; number < await rows.CountAsync(); number++)
        {
            var row = rows.Nth(number);
            var release = DateTimeOffset.Parse((await row.Locator("time").GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture);
            if (release > TimeProvider.System.GetUtcNow().AddDays(1) && await FigureAsync(row, "Ubrugte") is >= 4 and var unused && await FigureAsync(row, "I brug") == 0 && await FigureAsync(row, "Uden navn") == 0)
            {
                runs.Add(((await row.Locator("th a").GetAttributeAsync("href"))!, unused));
            }
        }

        foreach (var (address, unused) in runs.Skip(place))
        {
            await page.GotoAsync(address);
            if (await page.Locator("#HoldCount").CountAsync() == 1)
            {
                _unused = unused;
                return address;
            }
        }

        throw new InvalidOperationException("No run with four unused seats is open for sign-up.");
    }

    private static Task LookAsync(IPage page, bool script, string name) => script ? page.InspectAsync(name) : page.LookAsync(name);

    private static async Task<int> FigureAsync(ILocator row, string column) =>
        int.Parse(await row.Locator($"td[data-title='{column}']").InnerTextAsync(), CultureInfo.InvariantCulture);

    // Two employees that the reservation page offers on the same run; each journey takes others, who are nowhere at that time.
    private static async Task<IReadOnlyList<string>> EmployeesAsync(IPage page, int first)
    {
        await page.Locator("a[href*='/reserve']").First.ClickAsync();
        await page.FillAsync("#q", "a");
        await page.Locator("section[aria-labelledby='pick-title'] form[role='search'] button").ClickAsync();
        var picks = page.Locator("input[name='Picked']");
        await Assertions.Expect(picks.First).ToBeVisibleAsync();
        return [(await picks.Nth(first).GetAttributeAsync("value"))!, (await picks.Nth(first + 1).GetAttributeAsync("value"))!];
    }
}
