using System.Globalization;
using Microsoft.Extensions.Options;

namespace Booking.Data.Site;

/// <summary>What a region sets to make the site its own: section <c>Site</c> of the configuration.</summary>
public sealed class SiteOptions
{
    /// <summary>Name in the header, in page titles and in mails.</summary>
    public string Name { get; set; } = "Kursusportalen";

    /// <summary>Who runs the site, in the header and the footer.</summary>
    public string Organisation { get; set; } = "Psykiatrien";

    /// <summary>The one colour of buttons, links' hover and marks, as <c>#rrggbb</c>; white text must be readable on it.</summary>
    public string Color { get; set; } = "#1f5f70";

    /// <summary>Whom to write to, in the footer; empty hides the line.</summary>
    public string ContactEmail { get; set; } = "";

    /// <summary>
    /// Where people reach the site, for links in mails, without a slash at the end. Must be set in production; elsewhere, when
    /// empty, the first address that the process listens on.
    /// </summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>IANA name of the time zone that new runs are held in and that screens and mails show.</summary>
    public string TimeZone { get; set; } = "Europe/Copenhagen";

    /// <summary>Folder for what the process keeps itself: its own PostgreSQL and mails that are not sent. Set by <c>BOOKING_DATA</c>.</summary>
    public string DataFolder { get; set; } = ".data";

    /// <summary>The colour's parts, or null when it is not written as <c>#rrggbb</c>.</summary>
    public static (byte R, byte G, byte B)? ParseColor(string? color) =>
        color is { Length: 7 } && color[0] == '#'
        && int.TryParse(color.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)
            ? ((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb)
            : null;

    /// <summary>Contrast of white on a colour, as WCAG 2 counts it: 1 to 21.</summary>
    public static double ContrastWithWhite((byte R, byte G, byte B) color)
    {
        var luminance = (0.2126 * Linear(color.R)) + (0.7152 * Linear(color.G)) + (0.0722 * Linear(color.B));
        return 1.05 / (luminance + 0.05);

        static double Linear(byte part)
        {
            var share = part / 255.0;
            return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
        }
    }
}

/// <summary>Says in whole sentences what is wrong with the section <c>Site</c>.</summary>
public sealed class SiteOptionsValidator : IValidateOptions<SiteOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, SiteOptions options)
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(options.Name))
        {
            faults.Add("Site:Name is empty; it is the name shown on every page, such as 'Kursusportalen'.");
        }

        if (SiteOptions.ParseColor(options.Color) is not { } color)
        {
            faults.Add($"Site:Color is '{options.Color}'; write it as # and six hexadecimal digits, such as '#1f5f70'.");
        }
        else if (SiteOptions.ContrastWithWhite(color) is var contrast and < 4.5)
        {
            faults.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Site:Color is '{options.Color}'; white text on it has a contrast of {contrast:0.0}, and 4.5 is needed to be readable. Choose a darker colour."));
        }

        if (options.BaseUrl.Length > 0 && !IsWebAddress(options.BaseUrl))
        {
            faults.Add($"Site:BaseUrl is '{options.BaseUrl}'; write the site's address as in 'https://kurser.example.dk', without a slash at the end.");
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out _))
        {
            faults.Add($"Site:TimeZone is '{options.TimeZone}', which this machine does not know; write an IANA name, such as 'Europe/Copenhagen'.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // A slash at the end would stand twice in every link.
    private static bool IsWebAddress(string text) =>
        !text.EndsWith('/') && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address is { Query: "", Fragment: "", UserInfo: "" };
}
