using System.Globalization;
using System.Text.RegularExpressions;

namespace Booking.Data.Plans.Reading;

/// <summary>Reads numbers as Danes write them: decimal comma, and points between thousands.</summary>
internal static partial class DanishNumbers
{
    private static readonly CultureInfo Danish = CultureInfo.GetCultureInfo("da-DK");

    public static decimal? Parse(string text) =>
        Pattern().IsMatch(text)
        && decimal.TryParse(
            text.Replace(".", "", StringComparison.Ordinal).Replace(',', '.'),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number)
            ? number
            : null;

    public static string Format(decimal number) => number.ToString("#,##0.##", Danish);

    [GeneratedRegex(@"^-?(\d{1,3}(\.\d{3})+|\d{1,20})(,\d{1,10})?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
