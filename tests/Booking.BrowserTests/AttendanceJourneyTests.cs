using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Booking.BrowserTests;

/// <summary>An instructor takes attendance by the mailed link, on a phone and at a desk, with and without script.</summary>
[Collection(nameof(Journeys))]
public sealed class AttendanceJourneyTests(Product product)
{
    private const int People = 6;

    [Theory]
    [InlineData(390, true, "K27-008-1")]
    [InlineData(390, false, "K27-012-1")]
    [InlineData(1280, true, "K27-013-1")]
    public async Task Instructor_marks_one_as_absent_and_all_others_as_there_and_takes_one_back(int width, bool script, string run)
    {
        var name = $"attendance-{(script ? "script" : "plain")}";
        var page = await product.OpenAsync(script, width);
        await page.GotoAsync(await product.AddAttendanceLinkAsync(run, People));
        await LookAsync(page, script, name);
        await Assertions.Expect(page.Locator(".attendance-people > li")).ToHaveCountAsync(People);
        await AssertTouchAsync(page);

        await page.Locator(".attendance-absent").First.ClickAsync();
        await Assertions.Expect(page.Locator("#attendance-count")).ToContainTextAsync($"0 kom, 1 kom ikke, {People - 1} er ikke registreret.");
        await Assertions.Expect(page.Locator(".attendance-absent").First).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Locator("#rest").ClickAsync();
        await Assertions.Expect(page.Locator("#attendance-count")).ToContainTextAsync($"{People - 1} kom, 1 kom ikke, 0 er ikke registreret.");
        await LookAsync(page, script, $"{name}-all");
        await page.Locator("button[id^='undo-']:not(#undo-all)").Last.ClickAsync();
        await Assertions.Expect(page.Locator("#attendance-count")).ToContainTextAsync($"{People - 2} kom, 1 kom ikke, 1 er ikke registreret.");
        await LookAsync(page, script, $"{name}-undone");

        await page.Locator(".attendance-sessions a").Nth(1).ClickAsync();
        await Assertions.Expect(page.Locator("#attendance")).ToContainTextAsync("Du kan registrere fremmøde fra");
        await LookAsync(page, script, $"{name}-ahead");
        Assert.Empty(product.Faults);
    }

    [Fact]
    public async Task Printed_it_is_one_sheet_to_sign_for_each_course_day()
    {
        var page = await product.OpenAsync();
        await page.GotoAsync(await product.AddAttendanceLinkAsync("K27-021-1", 20));
        var days = await page.Locator(".attendance-sessions a").CountAsync();

        var pdf = await page.PdfAsync(new() { PreferCSSPageSize = true, Path = Path.Combine(Product.Screens, "attendance-sheet.pdf") });

        Assert.Equal(days, Regex.Count(Encoding.Latin1.GetString(pdf), @"/Type\s*/Page\b", RegexOptions.None, TimeSpan.FromSeconds(5)));
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.LookAsync("attendance-sheet");
        Assert.False(await page.Locator("#attendance").IsVisibleAsync());
        await Assertions.Expect(page.Locator(".attendance-print").First.Locator("tbody tr")).ToHaveCountAsync(20);
    }

    private static Task LookAsync(IPage page, bool script, string name) => script ? page.InspectAsync(name) : page.LookAsync(name);

    private static async Task AssertTouchAsync(IPage page)
    {
        foreach (var button in await page.Locator(".attendance-choice, .attendance-rest").AllAsync())
        {
            var box = (await button.BoundingBoxAsync())!;
            Assert.True(box.Height >= 44 && box.Width >= 44, string.Create(CultureInfo.InvariantCulture, $"{box.Width} x {box.Height}"));
        }
    }
}
