using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

namespace Booking.Jobs.Invitations.Full;

/// <summary>
/// Writes iCalendar with Ical.Net. Four things are mended: names are quoted where they must be, a backslash is escaped, the constant
/// zone block is put in, and lines are folded by octets, never inside a character.
/// </summary>
public sealed class IcalNetCalendarWriter : ICalendarWriter
{
    // Ical.Net leaves a backslash as it is; this one character stands for it until the text is written.
    private const char Backslash = '\uE000';

    /// <inheritdoc />
    public byte[] Write(CalendarMethod method, IReadOnlyList<SessionEvent> events)
    {
        CalendarText.Check(method, events);
        var lines = Serialize(method, events.Select(session => ToEvent(method, session)));
        if (events.Any(session => CalendarText.InCopenhagen(session) is not null))
        {
            lines.InsertRange(FirstComponent(lines), CalendarText.CopenhagenZone);
        }

        return CalendarText.Fold(lines);
    }

    /// <inheritdoc />
    public byte[] WriteFeed(CalendarFeed feed)
    {
        var lines = Serialize(CalendarMethod.Publish, feed.Events.Select(session =>
        {
            var written = ToEvent(CalendarMethod.Publish, session);
            // Whoever looks at a department's courses is not busy because of them.
            written.Transparency = "TRANSPARENT";
            return written;
        }));
        // Always with the zone: a calendar must hold something, and a feed may be empty.
        lines.InsertRange(FirstComponent(lines), [.. CalendarText.FeedProperties(feed), .. CalendarText.CopenhagenZone]);
        return CalendarText.Fold(lines);
    }

    private static int FirstComponent(List<string> lines) =>
        lines.FindIndex(line => line is "BEGIN:VEVENT" or "END:VCALENDAR");

    private static List<string> Serialize(CalendarMethod method, IEnumerable<CalendarEvent> events)
    {
        var calendar = new Calendar { Method = CalendarText.Name(method), ProductId = CalendarText.ProductId, Scale = "GREGORIAN" };
        calendar.Events.AddRange(events);
        var text = new CalendarSerializer().SerializeToString(calendar)
            ?? throw new InvalidOperationException("Ical.Net wrote nothing.");
        return [.. text.ReplaceLineEndings("\n").Replace("\n ", "", StringComparison.Ordinal)
            .Replace($"{Backslash}", "\\\\", StringComparison.Ordinal).TrimEnd('\n').Split('\n')];
    }

    private static CalendarEvent ToEvent(CalendarMethod method, SessionEvent session)
    {
        var local = CalendarText.InCopenhagen(session);
        var written = new CalendarEvent
        {
            Uid = session.Uid.ToString("D"),
            Sequence = session.Sequence,
            DtStamp = new CalDateTime(session.StampedAt.UtcDateTime, "UTC"),
            Start = local is null ? new CalDateTime(session.StartsAt.UtcDateTime, "UTC") : new CalDateTime(local.Starts, session.TimeZone),
            End = local is null ? new CalDateTime(session.EndsAt.UtcDateTime, "UTC") : new CalDateTime(local.Ends, session.TimeZone),
            Summary = Text(session.Summary),
            Location = session.Location.Length > 0 ? Text(session.Location) : null,
            Description = session.Description.Length > 0 ? Text(session.Description) : null,
            Organizer = new Organizer($"mailto:{session.Organizer.Address}") { CommonName = Name(session.Organizer) },
            Status = method == CalendarMethod.Cancel ? "CANCELLED" : "CONFIRMED",
            Transparency = "OPAQUE",
        };
        if (method != CalendarMethod.Publish)
        {
            written.Attendees.Add(new Attendee($"mailto:{session.Attendee!.Address}")
            {
                CommonName = Name(session.Attendee),
                Type = "INDIVIDUAL",
                Role = "REQ-PARTICIPANT",
                ParticipationStatus = session.AsksReply ? "NEEDS-ACTION" : "ACCEPTED",
                Rsvp = session.AsksReply,
            });
        }

        return written;
    }

    private static string Text(string text) => CalendarText.Clean(text).Replace('\\', Backslash);

    private static string? Name(Mail.Mailbox mailbox) =>
        mailbox.Name.Length > 0 ? CalendarText.Parameter(mailbox.Name) : null;
}
