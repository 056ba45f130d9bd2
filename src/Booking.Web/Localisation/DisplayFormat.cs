using System.Collections.Concurrent;
using System.Globalization;

namespace Booking.Web.Localisation;

/// <summary>
/// How dates, times, money and numbers stand on the screens: Danish as <c>15. marts 2027 kl. 8.30</c>, English as
/// <c>15 March 2027 at 08:30</c>. Instants are shown in the zone of the run that they belong to.
/// </summary>
/// <param name="culture">The language of the reader.</param>
public sealed class DisplayFormat(CultureInfo culture)
{
    private static readonly ConcurrentDictionary<string, TimeZoneInfo> Zones = new(StringComparer.Ordinal);

    /// <summary>The format of the running request's language.</summary>
    public static DisplayFormat Current => new(CultureInfo.CurrentUICulture);

    private bool IsEnglish => culture.TwoLetterISOLanguageName == "en";

    /// <summary>The local time of an instant.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="timeZone">IANA name, such as <c>Europe/Copenhagen</c>.</param>
    public static DateTime Local(DateTimeOffset at, string timeZone) =>
        TimeZoneInfo.ConvertTime(at, Zones.GetOrAdd(timeZone, TimeZoneInfo.FindSystemTimeZoneById)).DateTime;

    /// <summary><c>15. marts 2027 kl. 8.30</c></summary>
    /// <param name="at">The instant.</param>
    /// <param name="timeZone">IANA name of the run's zone.</param>
    public string DateTime(DateTimeOffset at, string timeZone)
    {
        var local = Local(at, timeZone);
        return $"{Date(DateOnly.FromDateTime(local))} {(IsEnglish ? "at" : "kl.")} {Time(local)}";
    }

    /// <summary><c>15. marts 2027</c></summary>
    /// <param name="at">The instant.</param>
    /// <param name="timeZone">IANA name of the run's zone.</param>
    public string Date(DateTimeOffset at, string timeZone) => Date(DateOnly.FromDateTime(Local(at, timeZone)));

    /// <summary><c>15. marts 2027</c></summary>
    /// <param name="date">The day.</param>
    public string Date(DateOnly date) => date.ToString(IsEnglish ? "d MMMM yyyy" : "d. MMMM yyyy", culture);

    /// <summary><c>15. mar. 2027</c>: for tables.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="timeZone">IANA name of the run's zone.</param>
    public string ShortDate(DateTimeOffset at, string timeZone) =>
        Local(at, timeZone).ToString(IsEnglish ? "d MMM yyyy" : "d. MMM yyyy", culture);

    /// <summary><c>mandag 15. marts 2027</c></summary>
    /// <param name="at">The instant.</param>
    /// <param name="timeZone">IANA name of the run's zone.</param>
    public string Weekday(DateTimeOffset at, string timeZone) =>
        Local(at, timeZone).ToString(IsEnglish ? "dddd d MMMM yyyy" : "dddd d. MMMM yyyy", culture);

    /// <summary><c>8.30–15.30</c>, or <c>8.30 – 16. marts 2027 kl. 2.30</c> when the end is another day. The first day stands beside it.</summary>
    /// <param name="from">Start.</param>
    /// <param name="to">End.</param>
    /// <param name="timeZone">IANA name of the run's zone.</param>
    public string TimeSpan(DateTimeOffset from, DateTimeOffset to, string timeZone)
    {
        var (start, end) = (Local(from, timeZone), Local(to, timeZone));
        return start.Date == end.Date
            ? $"{Time(start)}–{Time(end)}"
            : $"{Time(start)} – {DateTime(to, timeZone)}";
    }

    /// <summary><c>15.–16. marts 2027</c>, <c>30. marts – 2. april 2027</c> or one day.</summary>
    /// <param name="from">Start of the first session.</param>
    /// <param name="to">End of the last session.</param>
    /// <param name="timeZone">IANA name of the run's zone.</param>
    public string DateSpan(DateTimeOffset from, DateTimeOffset to, string timeZone)
    {
        var start = DateOnly.FromDateTime(Local(from, timeZone));
        var end = DateOnly.FromDateTime(Local(to, timeZone));
        if (start == end)
        {
            return Date(start);
        }

        var (day, dayMonth) = IsEnglish ? ("%d", "d MMMM") : ("d.", "d. MMMM");
        return start.Year != end.Year ? $"{Date(start)} – {Date(end)}"
            : start.Month != end.Month ? $"{start.ToString(dayMonth, culture)} – {Date(end)}"
            : $"{start.ToString(day, culture)}–{Date(end)}";
    }

    /// <summary><c>marts 2027</c></summary>
    /// <param name="month">Any day of the month.</param>
    public string Month(DateOnly month) => month.ToString("MMMM yyyy", culture);

    /// <summary><c>1.250 kr.</c> or <c>1.250,50 kr.</c>; English as <c>DKK 1,250</c>.</summary>
    /// <param name="amount">Kroner.</param>
    public string Money(decimal amount)
    {
        var number = amount.ToString(amount == decimal.Truncate(amount) ? "N0" : "N2", culture);
        return IsEnglish ? $"DKK {number}" : $"{number} kr.";
    }

    /// <summary>A whole number with the language's thousands separator.</summary>
    /// <param name="value">The number.</param>
    public string Number(long value) => value.ToString("N0", culture);

    /// <summary>A number with one decimal, without it when it is zero.</summary>
    /// <param name="value">The number.</param>
    public string OneDecimal(double value) => Math.Round(value, 1).ToString("#,0.#", culture);

    private string Time(DateTime local) =>
        local.ToString(IsEnglish ? "HH:mm" : "H.mm", CultureInfo.InvariantCulture);
}
