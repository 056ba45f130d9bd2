using System.Globalization;

namespace Booking.Web.Localisation;

/// <summary>Instants in fields of type <c>datetime-local</c>: as text, on the clocks of a run.</summary>
public static class LocalInput
{
    private const string Format = "yyyy-MM-dd'T'HH:mm";
    private static readonly string[] Accepted = [Format, "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm"];

    /// <summary><c>2027-03-15T08:30</c>.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="timeZone">IANA name of the run's zone.</param>
    public static string Of(DateTimeOffset at, string timeZone) =>
        DisplayFormat.Local(at, timeZone).ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The instant; null when the text is no time, or one that the clocks leave out in spring.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="timeZone">IANA name of the run's zone.</param>
    /// <param name="current">What the field held: text that is unchanged means that very instant, also in the hour that comes twice.</param>
    public static DateTimeOffset? Parse(string? text, string timeZone, DateTimeOffset current)
    {
        if (text is null || !DateTime.TryParseExact(text.Trim(), Accepted, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || local.Year is < 2000 or > 2100)
        {
            return null;
        }

        if (local == DisplayFormat.Local(current, timeZone))
        {
            return current;
        }

        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        if (zone.IsInvalidTime(local))
        {
            return null;
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
