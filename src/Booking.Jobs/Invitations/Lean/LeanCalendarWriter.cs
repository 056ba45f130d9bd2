using System.Globalization;

namespace Booking.Jobs.Invitations.Lean;

/// <summary>Writes iCalendar line by line; every line of a message can be read here.</summary>
public sealed class LeanCalendarWriter : ICalendarWriter
{
    /// <inheritdoc />
    public byte[] Write(CalendarMethod method, IReadOnlyList<SessionEvent> events)
    {
        CalendarText.Check(method, events);
        return CalendarText.Fold(
        [
            "BEGIN:VCALENDAR",
            $"PRODID:{CalendarText.ProductId}",
            "VERSION:2.0",
            "CALSCALE:GREGORIAN",
            $"METHOD:{CalendarText.Name(method)}",
            .. events.Any(session => CalendarText.InCopenhagen(session) is not null) ? CalendarText.CopenhagenZone : [],
            .. events.SelectMany(session => Lines(method, session)),
            "END:VCALENDAR",
        ]);
    }

    /// <inheritdoc />
    public byte[] WriteFeed(CalendarFeed feed) => CalendarText.Fold(
    [
        "BEGIN:VCALENDAR",
        $"PRODID:{CalendarText.ProductId}",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        $"METHOD:{CalendarText.Name(CalendarMethod.Publish)}",
        .. CalendarText.FeedProperties(feed),
        // Always: a calendar must hold something, and a feed may be empty.
        .. CalendarText.CopenhagenZone,
        .. feed.Events.SelectMany(session => Lines(CalendarMethod.Publish, session, isFeed: true)),
        "END:VCALENDAR",
    ]);

    private static IEnumerable<string> Lines(CalendarMethod method, SessionEvent session, bool isFeed = false)
    {
        yield return "BEGIN:VEVENT";
        yield return $"UID:{session.Uid:D}";
        yield return string.Create(CultureInfo.InvariantCulture, $"SEQUENCE:{session.Sequence}");
        yield return $"DTSTAMP:{CalendarText.Utc(session.StampedAt)}";
        if (CalendarText.InCopenhagen(session) is { } local)
        {
            yield return $"DTSTART;TZID=Europe/Copenhagen:{CalendarText.Local(local.Starts)}";
            yield return $"DTEND;TZID=Europe/Copenhagen:{CalendarText.Local(local.Ends)}";
        }
        else
        {
            yield return $"DTSTART:{CalendarText.Utc(session.StartsAt)}";
            yield return $"DTEND:{CalendarText.Utc(session.EndsAt)}";
        }

        yield return $"SUMMARY:{CalendarText.Escape(session.Summary)}";
        if (session.Location.Length > 0)
        {
            yield return $"LOCATION:{CalendarText.Escape(session.Location)}";
        }

        if (session.Description.Length > 0)
        {
            yield return $"DESCRIPTION:{CalendarText.Escape(session.Description)}";
        }

        yield return $"ORGANIZER{Name(session.Organizer.Name)}:mailto:{session.Organizer.Address}";
        if (method != CalendarMethod.Publish)
        {
            yield return $"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={(session.AsksReply ? "NEEDS-ACTION;RSVP=TRUE" : "ACCEPTED;RSVP=FALSE")}{Name(session.Attendee!.Name)}"
                + $":mailto:{session.Attendee.Address}";
        }

        yield return method == CalendarMethod.Cancel ? "STATUS:CANCELLED" : "STATUS:CONFIRMED";
        // Whoever looks at a department's courses is not busy because of them.
        yield return isFeed ? "TRANSP:TRANSPARENT" : "TRANSP:OPAQUE";
        yield return "END:VEVENT";
    }

    private static string Name(string name) => name.Length == 0 ? "" : $";CN={CalendarText.Parameter(name)}";
}
