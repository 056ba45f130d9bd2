using Microsoft.Playwright;
using Xunit;

namespace Booking.BrowserTests;

/// <summary>Somebody from a municipality finds a course, signs up, confirms by the link in the mail, and cancels by another link.</summary>
[Collection(nameof(Journeys))]
public sealed class ExternalJourneyTests(Product product)
{
    [Theory]
    [InlineData(true, 1280)]
    [InlineData(false, 390)]
    public async Task Sign_up_confirm_receive_the_invitation_and_cancel(bool script, int width)
    {
        var address = $"ekstern-{script}-{width}@kommune.example.org".ToLowerInvariant();
        var page = await product.OpenAsync(script, width);
        await page.GotoAsync("/courses?seats=1");
        await LookAsync(page, script, "external-catalogue");
        await page.Locator("h3.course-title a").First.ClickAsync();
        await page.Locator("a[href^='/runs/']:not([href$='/reserve'])").First.ClickAsync();
        await page.Locator("a[href$='/sign-up']").First.ClickAsync();
        await LookAsync(page, script, "external-form");

        // Sent empty first: each fault stands beside its field.
        await page.Locator(".sign-up-form button").ClickAsync();
        await Assertions.Expect(page.Locator(".form-error-message").First).ToBeVisibleAsync();
        await LookAsync(page, script, "external-faults");
        await page.FillAsync("#Form-Name", "Eva Østergård");
        await page.FillAsync("#Form-Email", address);
        await page.FillAsync("#Form-Workplace", "Aalborg Kommune");
        await page.SelectOptionAsync("#Form-Sector", "municipality");
        if (await page.Locator("#Form-Ean").CountAsync() > 0)
        {
            await page.FillAsync("#Form-Ean", "5790000123452");
        }

        await page.Locator(".sign-up-form button").ClickAsync();
        await page.WaitForURLAsync("**/sign-up/sent");
        await LookAsync(page, script, "external-sent");

        await page.OpenMailAsync(address, "");
        await page.GotoAsync(await page.FindLinkAsync("/sign-up/confirm/"));
        await LookAsync(page, script, "external-confirm");
        await page.Locator("main form button").ClickAsync();
        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("Pladsen er din");
        await LookAsync(page, script, "external-confirmed");

        await WaitForEventAsync(page, address, "REQUEST");
        await LookAsync(page, script, "external-invitation");
        await page.GotoAsync(await page.FindLinkAsync("/bookings/manage/"));
        await LookAsync(page, script, "external-manage");
        await page.Locator("main form button").ClickAsync();
        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("afmeldt");
        await WaitForEventAsync(page, address, "CANCEL");
        await LookAsync(page, script, "external-cancellation");
        Assert.Empty(product.Faults);
    }

    [Fact]
    public async Task Sign_up_and_confirm_by_keyboard_alone()
    {
        const string Address = "tastatur@kommune.example.org";
        var page = await product.OpenAsync();
        await page.GotoAsync("/courses?seats=1");
        await page.FollowAsync("h3.course-title a", "**/courses/*");
        await page.FollowAsync("a[href^='/runs/']:not([href$='/reserve'])", "**/runs/*");
        await page.FollowAsync("a[href$='/sign-up']", "**/sign-up");

        // Sent empty: the list of faults comes before the fields, in their order, and leads to each.
        await page.TabToAsync(".sign-up-form button");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#form-errors")).ToBeVisibleAsync();
        await page.TabToAsync("#form-errors a");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#Form-Name")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Eva Østergård");
        await page.TabToAsync("#Form-Email");
        await page.Keyboard.TypeAsync(Address);
        await page.TabToAsync("#Form-Workplace");
        await page.Keyboard.TypeAsync("Aalborg Kommune");
        await page.TabToAsync("#Form-Sector");
        await page.Keyboard.PressAsync("ArrowDown");
        if (await page.Locator("#Form-Ean").CountAsync() > 0)
        {
            await page.TabToAsync("#Form-Ean");
            await page.Keyboard.TypeAsync("5790000123452");
        }

        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/sign-up/sent");

        await page.OpenMailAsync(Address, "");
        await page.GotoAsync(await page.FindLinkAsync("/sign-up/confirm/"));
        await page.TabToAsync("main form button");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("Pladsen er din");
        Assert.Empty(product.Faults);
    }

    // The newest mail to the address that carries a calendar event of this method.
    private static async Task WaitForEventAsync(IPage page, string address, string method)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            await page.GotoAsync("/dev/mail");
            await page.Locator("tbody tr").Filter(new() { HasText = address }).First.Locator("a").First.ClickAsync();
            if (await page.Locator("#event code").Filter(new() { HasText = method }).CountAsync() > 0)
            {
                return;
            }

            await Task.Delay(200);
        }

        Assert.Fail($"No {method} came to {address}.");
    }

    private static Task LookAsync(IPage page, bool script, string name) =>
        script ? page.InspectAsync(name) : page.LookAsync($"{name}-noscript");
}
