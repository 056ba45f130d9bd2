using Microsoft.Playwright;
using Xunit;

namespace Booking.BrowserTests;

/// <summary>A run is full; a secretary puts people on its list; a seat is given up; the next one accepts the offer by mail.</summary>
[Collection(nameof(Journeys))]
public sealed class WaitingListJourneyTests(Product product)
{
    private const string Run = "/runs/K27-001-2";

    [Theory]
    [InlineData(true, 1280, "bup-a")]
    [InlineData(false, 390, "pss-b")]
    public async Task Full_run_wait_offer_accept_invitation(bool script, int width, string department)
    {
        var page = await product.OpenAsync(script, width);
        await Product.SignInAsync(page, $"sekretaer.{department}@example.org");
        await page.GotoAsync($"{Run}/reserve?q=a");
        var picks = await page.Locator("input[name='Picked']").AllAsync();
        var numbers = await Task.WhenAll(picks.Take(12).Select(pick => pick.GetAttributeAsync("value")));
        await page.FillAsync("#Lines", string.Join('\n', numbers));
        await page.Locator("section[aria-labelledby='paste-title'] button").ClickAsync();

        // Those who found no seat go on the list with one button.
        var waiting = page.Locator("form[action$='/waiting-list'] button");
        await Assertions.Expect(waiting).ToContainTextAsync("på venteliste");
        var first = await page.Locator("form[action$='/waiting-list'] input[name='Picked']").First.GetAttributeAsync("value");
        await LookAsync(page, script, "waiting-no-seat");
        await PressAsync(page, script, "form[action$='/waiting-list'] button");
        await Assertions.Expect(page.Locator("#outcome-title")).ToContainTextAsync("skrevet på");
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("nr. 1 på egen liste");
        await LookAsync(page, script, "waiting-joined");
        await page.Locator("#outcome a[href^='/waiting-lists/']").First.ClickAsync();
        await Assertions.Expect(page.Locator("#explain-title")).ToBeVisibleAsync();
        await LookAsync(page, script, "waiting-explained");
        await page.GotoAsync("/waiting-lists");
        await LookAsync(page, script, "waiting-department");

        await page.GotoAsync("/bookings/department");
        await page.Locator($"section:has(a[href='{Run}']) a[href$='/cancel']").First.ClickAsync();
        await page.Locator("main form button").First.ClickAsync();
        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("afmeldt");

        var address = $"m{first}@example.org";
        await page.OpenMailAsync(address, "Tilbud om en plads");
        await LookAsync(page, script, "waiting-offer-mail");
        var link = await page.FindLinkAsync("/waiting-list/");
        var person = await product.OpenAsync(script, width);
        await person.GotoAsync(link);
        await LookAsync(person, script, "waiting-offer");
        await PressAsync(person, script, "button[value='Accept']");
        await Assertions.Expect(person.Locator(".alert-success")).ToContainTextAsync("Pladsen er taget imod");
        await LookAsync(person, script, "waiting-accepted");
        await page.OpenMailAsync(address, "Din plads på");
        Assert.Empty(product.Faults);
    }

    [Fact]
    public async Task Somebody_from_outside_finds_the_run_full_and_joins_its_list()
    {
        var page = await product.OpenAsync(width: 390);
        for (var person = 1; person <= 12; person++)
        {
            await page.GotoAsync("/runs/K27-001-1/sign-up");
            var isFull = await page.Locator("input[name='Form.AcceptsWaiting']").CountAsync() > 0;
            if (isFull)
            {
                await page.InspectAsync("waiting-sign-up");
            }

            var address = $"venter-{person}@kommune.example.org";
            await FillAsync(page, address);
            await page.WaitForURLAsync("**/sign-up/sent*");
            if (!isFull)
            {
                continue;
            }

            await page.InspectAsync("waiting-sent");
            await page.OpenMailAsync(address, "Bekræft, at du vil på venteliste");
            await page.GotoAsync(await page.FindLinkAsync("/sign-up/confirm/"));
            await page.InspectAsync("waiting-confirm");
            await page.Locator("main form button").ClickAsync();
            await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("Du står på ventelisten");
            await page.OpenMailAsync(address, "Du er på venteliste");
            await page.GotoAsync(await page.FindLinkAsync("/waiting-list/"));
            await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Nr. 1 af 1");
            await page.InspectAsync("waiting-place");
            return;
        }

        Assert.Fail("The run never filled up.");
    }

    private static async Task FillAsync(IPage page, string address)
    {
        await page.FillAsync("#Form-Name", "Eva Østergård");
        await page.FillAsync("#Form-Email", address);
        await page.FillAsync("#Form-Workplace", "Aalborg Kommune");
        await page.SelectOptionAsync("#Form-Sector", "municipality");
        if (await page.Locator("#Form-Ean").CountAsync() > 0)
        {
            await page.FillAsync("#Form-Ean", "5790000123452");
        }

        await page.Locator(".sign-up-form button").ClickAsync();
    }

    // By keyboard where there is script to ask what has the focus.
    private static async Task PressAsync(IPage page, bool script, string button)
    {
        if (!script)
        {
            await page.Locator(button).ClickAsync();
            return;
        }

        await page.TabToAsync(button);
        await page.Keyboard.PressAsync("Enter");
    }

    private static Task LookAsync(IPage page, bool script, string name) =>
        script ? page.InspectAsync(name) : page.LookAsync($"{name}-noscript");
}
