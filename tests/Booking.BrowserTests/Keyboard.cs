using Microsoft.Playwright;
using Xunit;

namespace Booking.BrowserTests;

/// <summary>What somebody without a mouse does.</summary>
internal static class Keyboard
{
    /// <summary>Presses Tab until something that fits has the focus.</summary>
    public static async Task TabToAsync(this IPage page, string selector)
    {
        for (var presses = 0; presses < 120; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector))
            {
                return;
            }
        }

        Assert.Fail($"{selector} cannot be reached with Tab on {page.Url}.");
    }

    /// <summary>Goes to a link and through it.</summary>
    public static async Task FollowAsync(this IPage page, string selector, string url)
    {
        await page.TabToAsync(selector);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(url);
    }
}
