using System.Globalization;
using Booking.Data.Site;
using Microsoft.Extensions.Options;

namespace Booking.Web.Site;

/// <summary>
/// The configured colour as a small style sheet: the content security policy allows no inline style, so custom properties
/// cannot stand in the page.
/// </summary>
/// <param name="options">The site's own settings.</param>
public sealed class SiteColor(IOptions<SiteOptions> options)
{
    private readonly string _css = Write(options.Value.Color);

    /// <summary>Address of the sheet; it changes with the colour, so browsers may keep it for long.</summary>
    public string Path { get; } = $"/site-color.css?v={options.Value.Color.TrimStart('#').ToLowerInvariant()}";

    internal void Map(IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/site-color.css", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=86400";
            return Results.Text(_css, "text/css; charset=utf-8");
        })
        .AllowAnonymous()
        .ExcludeFromDescription();

    private static string Write(string color)
    {
        var parts = SiteOptions.ParseColor(color)!.Value;
        return $$"""
            :root {
              --site-color: {{Mix(parts, 0, 1)}};
              --site-color-dark: {{Mix(parts, 0, 0.8)}};
              --site-color-darker: {{Mix(parts, 0, 0.62)}};
              --site-color-line: {{Mix(parts, 255, 0.28)}};
              --site-color-tint: {{Mix(parts, 255, 0.09)}};
            }

            """;
    }

    // The colour blended with black (0) or white (255); share is how much of the colour is left.
    private static string Mix((byte R, byte G, byte B) color, int with, double share)
    {
        return $"#{Part(color.R)}{Part(color.G)}{Part(color.B)}";

        string Part(byte part) =>
            ((int)Math.Round((part * share) + (with * (1 - share)))).ToString("x2", CultureInfo.InvariantCulture);
    }
}
