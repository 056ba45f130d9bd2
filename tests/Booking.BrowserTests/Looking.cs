using System.Buffers.Binary;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Xunit;

namespace Booking.BrowserTests;

/// <summary>What every state of every page must stand: axe finds nothing, nothing sticks out sideways; and a picture is kept.</summary>
internal static class Looking
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    public static async Task LookAsync(this IPage page, string name)
    {
        var picture = await page.ScreenshotAsync(new()
        {
            Path = Path.Combine(Product.Screens, $"{name}-{page.ViewportSize!.Width}.png"),
            FullPage = true,
        });
        // A PNG says its width at byte 16: the whole page's, so this works without script in the page too.
        var width = BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16));
        Assert.True(width <= page.ViewportSize.Width, $"{name} is {width} px wide in a window of {page.ViewportSize.Width} px.");
    }

    /// <summary>Runs axe; needs script in the page.</summary>
    public static async Task InspectAsync(this IPage page, string name)
    {
        await page.LookAsync(name);
        // The frame that shows a mail runs no script, so axe would wait in it for ever; the mail's own HTML has tests of its own.
        await page.EvaluateAsync("() => document.querySelectorAll('iframe[sandbox]').forEach(frame => frame.remove())");
        await page.EvaluateAsync(Axe);
        // Only what is wrong comes back: the list of all that is right is far longer than most pages.
        var findings = await page.EvaluateAsync<string[]>(
            """
            async rules => {
              if (window.frames.length > 0) throw new Error('axe is not in the frames of this page');
              const result = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
              return result.violations.map(v => `${v.id}: ${v.help} at ${v.nodes.slice(0, 3).map(n => n.target).join(', ')}`);
            }
            """,
            Rules);
        Assert.True(findings.Length == 0, $"{name}: {string.Join("; ", findings)}");
    }
}
