using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Booking.BrowserTests;

/// <summary>The development page that shows the mails the product wrote.</summary>
internal static partial class Mailbox
{
    /// <summary>Opens the newest mail to an address whose subject has a word in it; waits for the worker to write it.</summary>
    public static async Task OpenMailAsync(this IPage page, string to, string subject)
    {
        var mail = page.Locator("tbody tr").Filter(new() { HasText = to }).Filter(new() { HasText = subject }).First;
        for (var attempt = 0; ; attempt++)
        {
            // Asked for without showing it: the list is long, and there is nothing to see yet.
            var list = WebUtility.HtmlDecode(await (await page.Context.APIRequest.GetAsync("/dev/mail")).TextAsync());
            if (list.Split("<tr").Any(row => row.Contains(to, StringComparison.OrdinalIgnoreCase) && row.Contains(subject, StringComparison.OrdinalIgnoreCase)))
            {
                await page.GotoAsync("/dev/mail");
                break;
            }

            if (attempt == 100)
            {
                throw new InvalidOperationException($"No mail to {to} with '{subject}'. There are: {list}");
            }

            await Task.Delay(200);
        }

        await mail.Locator("a").First.ClickAsync();
    }

    /// <summary>The personal link of the mail that is open.</summary>
    public static async Task<string> FindLinkAsync(this IPage page, string path)
    {
        var text = await page.Locator("pre.mail-text").InnerTextAsync();
        return Links().Matches(text).Select(match => match.Value).First(link => link.Contains(path, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"https?://\S+", RegexOptions.None, 1000)]
    private static partial Regex Links();
}
