using Booking.Jobs.Mail;

namespace Booking.Jobs.Invitations;

/// <summary>What a calendar message asks of the calendar that reads it (RFC 5546).</summary>
public enum CalendarMethod
{
    /// <summary>Put the event in, or bring it up to date.</summary>
    Request,

    /// <summary>Take the event out.</summary>
    Cancel,

    /// <summary>Show events without anybody being invited: feeds and downloads.</summary>
    Publish,
}

/// <summary>One session as one person's calendar shows it.</summary>
public sealed record SessionEvent
{
    /// <summary>Stable for one booking and session.</summary>
    public required Guid Uid { get; init; }

    /// <summary>The event's version, from the database.</summary>
    public required int Sequence { get; init; }

    /// <summary>When it starts.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The run's zone; only Europe/Copenhagen is written as local time, others as UTC.</summary>
    public required string TimeZone { get; init; }

    /// <summary>What the calendar shows in its grid.</summary>
    public required string Summary { get; init; }

    /// <summary>Address, online link, or both.</summary>
    public string Location { get; init; } = "";

    /// <summary>Facts about the course. No personal remarks and no personal links: calendars are shared.</summary>
    public string Description { get; init; } = "";

    /// <summary>The moment this message is made.</summary>
    public required DateTimeOffset StampedAt { get; init; }

    /// <summary>The site's own mailbox.</summary>
    public required Mailbox Organizer { get; init; }

    /// <summary>The recipient; left out by <see cref="CalendarMethod.Publish"/>.</summary>
    public Mailbox? Attendee { get; init; }

    /// <summary>Whether the attendee's calendar is asked to answer; replies must then be read.</summary>
    public bool AsksReply { get; init; }
}

/// <summary>Writes iCalendar (RFC 5545). One of the three seams between the two stacks.</summary>
public interface ICalendarWriter
{
    /// <summary>Writes one calendar, UTF-8 with CRLF, folded at 75 octets.</summary>
    /// <param name="method">What the reader is to do. A request or a cancellation holds exactly one event with its attendee.</param>
    /// <param name="events">The events.</param>
    /// <exception cref="ArgumentException">A request or cancellation without exactly one event and its attendee.</exception>
    byte[] Write(CalendarMethod method, IReadOnlyList<SessionEvent> events);

    /// <summary>Writes a calendar that programs subscribe to: method PUBLISH, named, and with any number of events, also none.</summary>
    /// <param name="feed">The feed. Attendees of its events are left out.</param>
    byte[] WriteFeed(CalendarFeed feed);
}
