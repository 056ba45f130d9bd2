using System.Globalization;
using Booking.Data.Inbox;

namespace Booking.Jobs.Inbox;

/// <summary>Finds in a mail what somebody's calendar answered to an invitation (RFC 5546, method REPLY).</summary>
public static class CalendarReplyReader
{
    /// <summary>Reads a reply.</summary>
    /// <param name="mail">A mail.</param>
    /// <returns>Null when it holds no reply.</returns>
    /// <exception cref="FormatException">It says that it is one, and lacks what a reply must say.</exception>
    public static CalendarReply? Find(ReceivedPart mail)
    {
        var calendars = mail.All().Where(part => part.MediaType is "text/calendar" or "application/ics");
        foreach (var lines in calendars.Select(part => Unfold(part.Text())))
        {
            if (Value(lines, "METHOD").Equals("REPLY", StringComparison.OrdinalIgnoreCase))
            {
                return Read(lines);
            }
        }

        return null;
    }

    private static CalendarReply Read(IReadOnlyList<string> lines)
    {
        var attendees = lines.Where(line => IsProperty(line, "ATTENDEE")).ToList();
        if (attendees is not [var attendee])
        {
            throw new FormatException("A reply is about exactly one person.");
        }

        var (property, value) = Halves(attendee);
        return new CalendarReply
        {
            Uid = Guid.TryParse(Value(lines, "UID"), out var uid) ? uid : throw new FormatException("The reply's UID is none of ours."),
            Sequence = int.TryParse(Value(lines, "SEQUENCE"), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0,
            Attendee = HeaderText.Address(value) is { Length: > 0 } address ? address : throw new FormatException("The reply names nobody."),
            Answer = HeaderText.Parameter(property, "PARTSTAT").ToUpperInvariant() switch
            {
                "ACCEPTED" => CalendarAnswers.Accepted,
                "DECLINED" => CalendarAnswers.Declined,
                "TENTATIVE" => CalendarAnswers.Tentative,
                _ => throw new FormatException("The reply's answer is none that is known."),
            },
        };
    }

    private static IReadOnlyList<string> Unfold(string text)
    {
        List<string> lines = [];
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.Length > 0 && line[0] is ' ' or '\t' && lines.Count > 0)
            {
                lines[^1] += line[1..];
            }
            else
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    private static string Value(IReadOnlyList<string> lines, string name) =>
        lines.FirstOrDefault(line => IsProperty(line, name)) is { } line ? Halves(line).Value.Trim() : "";

    private static bool IsProperty(string line, string name) =>
        line.StartsWith(name, StringComparison.OrdinalIgnoreCase) && line.Length > name.Length && line[name.Length] is ':' or ';';

    // The colon that ends the parameters is the first outside quotes.
    private static (string Property, string Value) Halves(string line)
    {
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            isQuoted ^= line[i] == '"';
            if (line[i] == ':' && !isQuoted)
            {
                return (line[..i], line[(i + 1)..]);
            }
        }

        return (line, "");
    }
}
