using System.Globalization;
using System.Text;

namespace Booking.Jobs.Invitations;

/// <summary>The rules of iCalendar's text that both writers keep.</summary>
internal static class CalendarText
{
    /// <summary>Who made the calendar.</summary>
    public const string ProductId = "-//Booking//Booking 1//DA";

    private const int LineOctets = 75;

    /// <summary>
    /// Copenhagen as one block that never changes: yearly rules from 1970, because Outlook ignores lists of single dates.
    /// </summary>
    public static readonly IReadOnlyList<string> CopenhagenZone =
    [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Copenhagen",
        "BEGIN:DAYLIGHT",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
    ];

    /// <summary>A request or a cancellation is about one event and one person.</summary>
    public static void Check(CalendarMethod method, IReadOnlyList<SessionEvent> events)
    {
        if (method != CalendarMethod.Publish && (events.Count != 1 || events[0].Attendee is null))
        {
            throw new ArgumentException("A calendar message holds exactly one event and its attendee.", nameof(events));
        }
    }

    /// <summary>The method as RFC 5546 spells it; the same word stands in the mail's Content-Type.</summary>
    public static string Name(CalendarMethod method) => method switch
    {
        CalendarMethod.Request => "REQUEST",
        CalendarMethod.Cancel => "CANCEL",
        CalendarMethod.Publish => "PUBLISH",
    };

    /// <summary>
    /// Start and end as Copenhagen's local time, or null when they must be written as UTC: another zone, or an instant in the hour
    /// that occurs twice in October. RFC 5545 says which of the two a local time means; calendars read the other one.
    /// </summary>
    public static CopenhagenTimes? InCopenhagen(SessionEvent session)
    {
        if (session.TimeZone != "Europe/Copenhagen")
        {
            return null;
        }

        var zone = TimeZoneInfo.FindSystemTimeZoneById(session.TimeZone);
        var times = new CopenhagenTimes(
            TimeZoneInfo.ConvertTime(session.StartsAt, zone).DateTime, TimeZoneInfo.ConvertTime(session.EndsAt, zone).DateTime);
        return zone.IsAmbiguousTime(times.Starts) || zone.IsAmbiguousTime(times.Ends) ? null : times;
    }

    /// <summary>An instant in UTC.</summary>
    public static string Utc(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A local time.</summary>
    public static string Local(DateTime local) => local.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);

    /// <summary>Text as a calendar can hold it: newlines are single, a tab is a space, no other control characters.</summary>
    public static string Clean(string text) =>
        string.Concat(text.ReplaceLineEndings("\n").Replace('\t', ' ').Where(c => c == '\n' || !char.IsControl(c)));

    /// <summary>A feed's own properties: its name as everybody reads it and as RFC 7986 has it, and how often to come again.</summary>
    public static IReadOnlyList<string> FeedProperties(CalendarFeed feed)
    {
        var name = Escape(feed.Name);
        var hours = feed.RefreshHours.ToString(CultureInfo.InvariantCulture);
        return
        [
            $"NAME:{name}",
            $"X-WR-CALNAME:{name}",
            "X-WR-TIMEZONE:Europe/Copenhagen",
            $"REFRESH-INTERVAL;VALUE=DURATION:PT{hours}H",
            $"X-PUBLISHED-TTL:PT{hours}H",
        ];
    }

    /// <summary>A value of type TEXT: backslash, semicolon, comma and newline are escaped, nothing else.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in Clean(text))
        {
            _ = c switch
            {
                '\n' => escaped.Append("\\n"),
                '\\' or ';' or ',' => escaped.Append('\\').Append(c),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>A parameter's value, such as CN: quoted where it must be; a quotation mark cannot be written and becomes '.</summary>
    public static string Parameter(string value)
    {
        var safe = value.Replace('"', '\'');
        return safe.AsSpan().IndexOfAny(",;:") >= 0 ? $"\"{safe}\"" : safe;
    }

    /// <summary>Ends every line with CRLF and folds it at 75 octets, never inside a character.</summary>
    public static byte[] Fold(IEnumerable<string> lines)
    {
        var folded = new StringBuilder();
        foreach (var line in lines)
        {
            var octets = 0;
            foreach (var rune in line.EnumerateRunes())
            {
                if (octets + rune.Utf8SequenceLength > LineOctets)
                {
                    folded.Append("\r\n ");
                    octets = 1;
                }

                folded.Append(rune.ToString());
                octets += rune.Utf8SequenceLength;
            }

            folded.Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(folded.ToString());
    }
}

/// <summary>Start and end of a session on the clocks of Copenhagen.</summary>
internal sealed record CopenhagenTimes(DateTime Starts, DateTime Ends);
