using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Booking.Data.Feeds;
using Booking.Data.Site;
using Booking.Jobs.Desk;
using Booking.Jobs.Invitations;
using Booking.Jobs.Outbox;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Feeds;

/// <summary>A person's own courses as a calendar: one event per session of the runs that the person is booked on.</summary>
public sealed class PersonFeed(
    PersonFeedRepository feeds, ICalendarWriter calendars, MailWriter mail, IOptions<SiteOptions> site, TimeProvider clock)
{
    // What is over stays for a month, so that nobody misses yesterday's course in the calendar.
    private static readonly TimeSpan Past = TimeSpan.FromDays(31);

    /// <summary>Writes the feed. The same content gives the same bytes.</summary>
    /// <param name="person">The person behind the link.</param>
    /// <param name="language"><c>da</c> or <c>en</c>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<WrittenFeed> WriteAsync(FeedPerson person, string language, CancellationToken cancellationToken)
    {
        var sessions = await feeds.ListSessionsAsync(person.PersonId, clock.GetUtcNow() - Past, cancellationToken);
        return new WrittenFeed(
            calendars.WriteFeed(new CalendarFeed
            {
                Name = site.Value.Name,
                Events = [.. sessions.Select(session => ToEvent(session, language != "en"))],
            }),
            sessions.Select(session => session.ChangedAt).Append(person.ChangedAt).Max());
    }

    private SessionEvent ToEvent(FeedSession session, bool isDanish) => new()
    {
        Uid = Uid(session.BookingId, session.SessionId),
        Sequence = session.Sequence,
        StartsAt = session.StartsAt,
        EndsAt = session.EndsAt,
        TimeZone = session.TimeZone,
        Summary = session.SessionCount > 1
            ? $"{session.CourseTitle} ({MailWords.Number(session.Number)}/{MailWords.Number(session.SessionCount)})"
            : session.CourseTitle,
        Location = session.Place,
        Description = $"{(isDanish ? "Hold" : "Run")}: {session.RunCode}",
        StampedAt = session.ChangedAt,
        Organizer = mail.Sender,
    };

    // Not the invitation's: whoever subscribes and is invited has both, and neither calendar takes the other's event for its own.
    private static Guid Uid(long bookingId, long sessionId)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"person-feed/{bookingId}/{sessionId}")));
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
