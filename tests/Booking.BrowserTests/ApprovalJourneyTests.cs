using Microsoft.Playwright;
using Xunit;

namespace Booking.BrowserTests;

/// <summary>HR lets leaders be asked on a run; a secretary reserves; the leader says yes or no by the link in the mail.</summary>
[Collection(nameof(Journeys))]
public sealed class ApprovalJourneyTests(Product product)
{
    [Theory]
    [InlineData(1280, "K27-030-2", "spc-r", "yes", "Pladsen er booket")]
    [InlineData(390, "K27-017-1", "spc-d", "no", "Pladsen er givet videre")]
    public async Task Leader_answers_by_the_link_in_the_mail(int width, string run, string department, string answer, string sentence)
    {
        var page = await product.OpenAsync(width: width);
        await product.SwitchToAsync(page, "hr@example.org");
        await page.GotoAsync($"/hr/runs/{run}");
        await page.Locator("form[action='?handler=Approval'] button").ClickAsync();
        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync("Reglen om lederens ja er ændret");

        await product.SwitchToAsync(page, $"sekretaer.{department}@example.org");
        await page.GotoAsync($"/runs/{run}/reserve?q=a");
        var pick = page.Locator(".form-group-checkbox").Filter(new() { HasNotText = "Leder" }).First.Locator("label");
        var name = await pick.EvaluateAsync<string>("label => label.firstChild.textContent.trim()");
        await pick.ClickAsync();
        await page.Locator("section[aria-labelledby='pick-title'] button.button-primary").ClickAsync();
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("Lederen har fået en mail og skal sige ja");
        await page.InspectAsync("approval-reserved");
        await page.GotoAsync("/bookings/department");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync(name);
        await page.InspectAsync("approval-department");

        await product.SwitchToAsync(page, null);
        await page.OpenMailAsync(name, "Kan ");
        await page.InspectAsync("approval-mail");
        var link = await page.FindLinkAsync("/approvals/");
        await page.GotoAsync(link);
        await page.InspectAsync("approval-asked");
        await page.TabToAsync($"button[value='{answer}']");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".alert-success")).ToContainTextAsync(sentence);
        await page.InspectAsync($"approval-{answer}");
        await page.GotoAsync(link);
        await Assertions.Expect(page.Locator(".alert-warning")).ToContainTextAsync("Du har allerede svaret");
        await page.InspectAsync("approval-again");
        Assert.Empty(product.Faults);
    }
}
