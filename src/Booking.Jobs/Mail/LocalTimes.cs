using System.Globalization;

namespace Booking.Jobs.Mail;

/// <summary>Instants as people read them, in the run's own time.</summary>
/// <param name="Language"><c>da</c> or <c>en</c>.</param>
/// <param name="TimeZone">IANA name of the zone.</param>
internal sealed record LocalTimes(string Language, string TimeZone)
{
    private static readonly CultureInfo Danish = CultureInfo.GetCultureInfo("da-DK");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    private bool IsDanish => Language != "en";

    /// <summary>15. marts 2027 kl. 8.30, or 15 March 2027 at 8:30.</summary>
    public string Moment(DateTimeOffset instant) => Join(Date(Local(instant)), Clock(Local(instant)));

    /// <summary>mandag den 15. marts 2027, or Monday 15 March 2027.</summary>
    public string Day(DateTimeOffset instant)
    {
        var local = Local(instant);
        return IsDanish
            ? local.ToString("dddd 'den' d. MMMM yyyy", Danish)
            : local.ToString("dddd d MMMM yyyy", English);
    }

    /// <summary>8.30–15.30, with the second date where the end is on another day.</summary>
    public string Hours(DateTimeOffset starts, DateTimeOffset ends)
    {
        var (from, to) = (Local(starts), Local(ends));
        return from.Date == to.Date ? $"{Clock(from)}–{Clock(to)}" : $"{Clock(from)} – {Join(Date(to), Clock(to))}";
    }

    /// <summary>mandag den 15. marts 2027 kl. 8.30–15.30.</summary>
    public string Span(DateTimeOffset starts, DateTimeOffset ends) => Join(Day(starts), Hours(starts, ends));

    private DateTime Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, _zone).DateTime;

    private string Date(DateTime local) => IsDanish ? local.ToString("d. MMMM yyyy", Danish) : local.ToString("d MMMM yyyy", English);

    private string Clock(DateTime local) => IsDanish ? local.ToString("H'.'mm", Danish) : local.ToString("H':'mm", English);

    private string Join(string date, string clock) => IsDanish ? $"{date} kl. {clock}" : $"{date} at {clock}";
}
