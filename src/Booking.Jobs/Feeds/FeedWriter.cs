using System.Security.Cryptography;
using System.Text;
using Booking.Data.Feeds;
using Booking.Jobs.Invitations;
using Booking.Jobs.Outbox;

namespace Booking.Jobs.Feeds;

/// <summary>Makes a calendar of sessions. The same sessions give the same bytes.</summary>
public sealed class FeedWriter(ICalendarWriter calendars, MailWriter mail)
{
    /// <summary>What is over stays in a feed for a month, so that nobody misses yesterday's course in the calendar.</summary>
    internal static TimeSpan Past { get; } = TimeSpan.FromDays(31);

    /// <summary>Writes the calendar.</summary>
    /// <param name="name">What it is called in the reader's program.</param>
    /// <param name="sessions">What stands in it.</param>
    /// <param name="language"><c>da</c> or <c>en</c>.</param>
    /// <param name="changes">What else counts as a change beside the sessions' own.</param>
    internal WrittenFeed Write(string name, IReadOnlyList<FeedEntry> sessions, string language, params IReadOnlyList<DateTimeOffset?> changes) => new(
        calendars.WriteFeed(new CalendarFeed { Name = name, Events = [.. sessions.Select(session => ToEvent(session, language != "en"))] }),
        sessions.Select(entry => entry.Session.ChangedAt).Concat(changes.OfType<DateTimeOffset>()).Max());

    private SessionEvent ToEvent(FeedEntry entry, bool isDanish)
    {
        var session = entry.Session;
        return new SessionEvent
        {
            Uid = Uid(session.Key),
            Sequence = session.Sequence,
            StartsAt = session.StartsAt,
            EndsAt = session.EndsAt,
            TimeZone = session.TimeZone,
            Summary = session.SessionCount > 1
                ? $"{session.CourseTitle} ({MailWords.Number(session.Number)}/{MailWords.Number(session.SessionCount)})"
                : session.CourseTitle,
            Location = session.Place,
            Description = string.Join('\n', [$"{(isDanish ? "Hold" : "Run")}: {session.RunCode}", .. entry.Facts]),
            StampedAt = session.ChangedAt,
            Organizer = mail.Sender,
        };
    }

    // Made from what never changes, so that a session keeps its place in the reader's calendar. Not the invitation's: whoever subscribes
    // and is invited has both, and neither calendar takes the other's event for its own.
    private static Guid Uid(string key) => new(SHA256.HashData(Encoding.ASCII.GetBytes(key)).AsSpan(0, 16), bigEndian: true);
}

/// <summary>A session and what is told of it beside its run.</summary>
/// <param name="Session">The session.</param>
/// <param name="Facts">Lines of text.</param>
internal sealed record FeedEntry(FeedSession Session, IReadOnlyList<string> Facts)
{
    /// <summary>A session of which nothing more is told.</summary>
    public static FeedEntry Of(FeedSession session) => new(session, []);
}

/// <summary>A calendar as it is sent.</summary>
/// <param name="Bytes">The calendar.</param>
/// <param name="ChangedAt">When its content last changed.</param>
public sealed record WrittenFeed(byte[] Bytes, DateTimeOffset ChangedAt);
