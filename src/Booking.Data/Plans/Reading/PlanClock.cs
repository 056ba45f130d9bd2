using System.Globalization;
using System.Text.RegularExpressions;

namespace Booking.Data.Plans.Reading;

/// <summary>Reads Danish dates and local times of one time zone into instants.</summary>
/// <param name="zone">The zone that the plan's times are local to.</param>
/// <param name="shiftDays">Days added to every date before it becomes an instant, so that clock times stay as written.</param>
internal sealed partial class PlanClock(TimeZoneInfo zone, int shiftDays)
{
    private const string Example = "15-03-2027 08:30";

    /// <summary>An instant, or in Danish why the text is none.</summary>
    public (DateTimeOffset? At, string? Fault) Instant(string text)
    {
        var match = InstantPattern().Match(text);
        return match.Success
            ? At(match.Groups["date"].Value, match.Groups["time"].Value)
            : (null, $"dato og klokkeslæt som «{Example}»");
    }

    /// <summary>The sessions of a run, or in Danish why the text is none.</summary>
    public (IReadOnlyList<PlanSession> Sessions, string? Fault) Sessions(string text)
    {
        var sessions = new List<PlanSession>();
        foreach (var part in text.Split('|', StringSplitOptions.TrimEntries))
        {
            var (session, fault) = Session(part);
            fault ??= sessions.Count > 0 ? OrderFault(sessions[^1], session!, part) : null;
            if (fault is not null)
            {
                return (sessions, fault);
            }

            sessions.Add(session!);
        }

        return (sessions, null);
    }

    /// <summary>Noon of the day that lies some days before an instant's local day.</summary>
    public DateTimeOffset NoonBefore(DateTimeOffset at, int days) =>
        ToInstant(LocalDate(at).AddDays(-days).ToDateTime(new TimeOnly(12, 0)));

    /// <summary>The local date of an instant.</summary>
    public DateOnly LocalDate(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    /// <summary>An instant as the files write it.</summary>
    public string Format(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("dd-MM-yyyy HH:mm", CultureInfo.InvariantCulture);

    private static string? OrderFault(PlanSession before, PlanSession session, string part)
    {
        if (session.StartsAt < before.StartsAt)
        {
            return $"kursusdagene i rækkefølge: «{part}» ligger før dagen foran";
        }

        return session.StartsAt < before.EndsAt ? $"kursusdage, der ikke overlapper: «{part}» begynder, før dagen foran er slut" : null;
    }

    private (PlanSession? Session, string? Fault) Session(string part)
    {
        var match = SessionPattern().Match(part);
        if (!match.Success)
        {
            return (null, $"{(part.Length > 0 ? $"«{part}» kan ikke læses; " : "")}kursusdage som «15-03-2027 08:30-15:30 | 16-03-2027 08:30-15:30»");
        }

        var (startsAt, startFault) = At(match.Groups["date"].Value, match.Groups["start"].Value);
        var (endsAt, endFault) = At(match.Groups["date"].Value, match.Groups["end"].Value);
        if (startsAt is null || endsAt is null)
        {
            return (null, startFault ?? endFault);
        }

        return startsAt < endsAt
            ? (new PlanSession { StartsAt = startsAt.Value, EndsAt = endsAt.Value }, null)
            : (null, $"et sluttidspunkt efter begyndelsen: «{part}»");
    }

    private (DateTimeOffset? At, string? Fault) At(string date, string time)
    {
        if (!DateOnly.TryParseExact(date, "d-M-yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return (null, $"en dato, der findes: «{date}» er ikke i kalenderen");
        }

        if (!TimeOnly.TryParseExact(time, "H:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock))
        {
            return (null, $"et klokkeslæt mellem 00:00 og 23:59, ikke «{time}»");
        }

        if (day.Year is < 2000 or > 2100)
        {
            return (null, $"et år mellem 2000 og 2100, ikke {day.Year}");
        }

        var local = day.AddDays(shiftDays).ToDateTime(clock);
        return zone.IsInvalidTime(local)
            ? (null, $"et klokkeslæt, der findes: {time} den {date} springes over, når uret stilles frem til sommertid")
            : (ToInstant(local), null);
    }

    // The hour that comes twice in autumn is taken the first time it comes.
    private DateTimeOffset ToInstant(DateTime local)
    {
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    [GeneratedRegex(@"^(?<date>\d{1,2}-\d{1,2}-\d{4})\s+(?<time>\d{1,2}:\d{2})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InstantPattern();

    [GeneratedRegex(@"^(?<date>\d{1,2}-\d{1,2}-\d{4})\s+(?<start>\d{1,2}:\d{2})\s*[-–]\s*(?<end>\d{1,2}:\d{2})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SessionPattern();
}
