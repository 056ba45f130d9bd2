using Microsoft.Playwright;
using Xunit;

namespace Booking.BrowserTests;

/// <summary>A secretary finds a course, reserves seats, reads the receipt, and cancels one of them.</summary>
[Collection(nameof(Journeys))]
public sealed class SecretaryJourneyTests(Product product)
{
    [Theory]
    [InlineData(true, 1280, "psn-a", 2)]
    [InlineData(false, 1280, "pss-a", 80)]
    [InlineData(true, 390, "bup-b", 226)]
    public async Task Find_reserve_read_the_mail_and_cancel(bool script, int width, string department, int person)
    {
        var page = await product.OpenAsync(script, width);
        await Product.SignInAsync(page, $"sekretaer.{department}@example.org");

        await page.GotoAsync("/courses");
        await page.FillAsync("#q", "psykopat");
        await page.Locator(".catalogue-search button").ClickAsync();
        await Assertions.Expect(page.Locator("h3.course-title").First).ToContainTextAsync("Psykopatologi");
        await LookAsync(page, script, $"secretary-search-{script}");
        await page.Locator("h3.course-title a").First.ClickAsync();
        await LookAsync(page, script, $"secretary-course-{script}");
        await page.Locator("a[href^='/runs/']").First.ClickAsync();
        await LookAsync(page, script, $"secretary-run-{script}");
        await page.Locator("a[href$='/reserve']").First.ClickAsync();

        // Two of the department's people by number, one line that is nobody.
        var numbers = await EmployeesAsync(page, department, person);
        await page.FillAsync("#Lines", $"{numbers[0]}\n{numbers[1]}\nIngen Her; ingen@example.org");
        await page.Locator("section[aria-labelledby='paste-title'] button").ClickAsync();
        await Assertions.Expect(page.Locator("#outcome-title")).ToContainTextAsync("2 pladser er reserveret");
        await Assertions.Expect(page.Locator("#Lines")).ToHaveValueAsync("Ingen Her; ingen@example.org");
        await LookAsync(page, script, $"secretary-reserved-{script}");

        await page.GotoAsync("/bookings/department");
        await LookAsync(page, script, $"secretary-bookings-{script}");
        var before = await page.Locator("a[href$='/cancel']").CountAsync();
        await page.Locator("a[href$='/cancel']").First.ClickAsync();
        await LookAsync(page, script, $"secretary-cancel-{script}");
        await page.Locator("main form button").ClickAsync();
        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("afmeldt");
        await page.GotoAsync("/bookings/department");
        Assert.Equal(before - 1, await page.Locator("a[href$='/cancel']").CountAsync());

        await page.OpenMailAsync($"sekretaer.{department}@example.org", "");
        await LookAsync(page, script, $"secretary-mail-{script}");
        Assert.Empty(product.Faults);
    }

    [Fact]
    public async Task Reserve_by_keyboard_alone()
    {
        var page = await product.OpenAsync();
        await Product.SignInAsync(page, "sekretaer.thy@example.org");
        await page.GotoAsync("/courses");

        // The skip link is the first stop and leads to the content.
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator(".skipnav")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.FollowAsync("h3.course-title a", "**/courses/*");
        await page.FollowAsync("a[href^='/runs/']", "**/runs/*");
        await page.FollowAsync("a[href$='/reserve']", "**/reserve");
        await page.TabToAsync("#q");
        await page.Keyboard.TypeAsync("a");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/reserve?*q=a*");
        await page.TabToAsync("input[name='Picked']");
        await page.Keyboard.PressAsync("Space");
        await page.TabToAsync("section[aria-labelledby='pick-title'] button.button-primary");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("#outcome-title")).ToContainTextAsync("1 plads er reserveret");
    }

    private static Task LookAsync(IPage page, bool script, string name) => script ? page.InspectAsync(name) : page.LookAsync(name);

    // The first two employees of the department that the search offers.
    private static async Task<IReadOnlyList<string>> EmployeesAsync(IPage page, string department, int person)
    {
        await page.FillAsync("#q", "a");
        await page.Locator("section[aria-labelledby='pick-title'] form[role='search'] button").ClickAsync();
        var picks = page.Locator("input[name='Picked']");
        await Assertions.Expect(picks.First).ToBeVisibleAsync();
        Assert.True(await picks.CountAsync() >= 2, $"{department} has no two people with a name that starts with A ({person}).");
        return [(await picks.Nth(0).GetAttributeAsync("value"))!, (await picks.Nth(1).GetAttributeAsync("value"))!];
    }
}
