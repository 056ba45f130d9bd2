using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Booking.Data.Desk;
using Booking.Data.Site;
using Booking.Jobs.Invitations;
using Booking.Jobs.Outbox;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Desk;

/// <summary>A department's courses as a calendar: one event per session of the runs on which it has seats or bookings, without names.</summary>
public sealed class DepartmentFeed(
    DeskCalendarRepository sessions, ICalendarWriter calendars, MailWriter mail, IOptions<SiteOptions> site, TimeProvider clock)
{
    // What is over stays for a month, so that nobody misses yesterday's course in the calendar.
    private static readonly TimeSpan Past = TimeSpan.FromDays(31);

    /// <summary>Writes the feed. The same content gives the same bytes.</summary>
    /// <param name="department">The department behind the link.</param>
    /// <param name="language"><c>da</c> or <c>en</c>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<WrittenFeed> WriteAsync(FeedDepartment department, string language, CancellationToken cancellationToken)
    {
        var found = await sessions.ListAsync([department.DepartmentId], clock.GetUtcNow() - Past, to: null, cancellationToken);
        var changedAt = found.Select(session => session.ChangedAt).Append(department.ChangedAt).Max();
        return new WrittenFeed(
            calendars.WriteFeed(new CalendarFeed
            {
                Name = $"{site.Value.Name}: {department.Name}",
                Events = [.. found.Select(session => ToEvent(session, language != "en"))],
            }),
            changedAt);
    }

    private SessionEvent ToEvent(DeskSession session, bool isDanish)
    {
        var place = Place(session);
        var part = session.SessionCount > 1
            ? $" ({MailWords.Number(session.Number)}/{MailWords.Number(session.SessionCount)})"
            : "";
        return new SessionEvent
        {
            Uid = Uid(session.DepartmentId, session.SessionId),
            Sequence = session.Sequence,
            StartsAt = session.StartsAt,
            EndsAt = session.EndsAt,
            TimeZone = session.TimeZone,
            Summary = $"{session.CourseTitle}{part}",
            Location = place,
            Description = string.Join(
                '\n',
                $"{(isDanish ? "Hold" : "Run")}: {session.RunCode}",
                $"{(isDanish ? "Afdeling" : "Department")}: {session.DepartmentName}",
                $"{(isDanish ? "Pladser i brug" : "Seats in use")}: {MailWords.Number(session.TakenSeats)}",
                $"{(isDanish ? "Ubrugte pladser" : "Unused seats")}: {MailWords.Number(session.UnusedSeats)}"),
            StampedAt = session.ChangedAt,
            Organizer = mail.Sender,
        };
    }

    // Made from what never changes, so that a session keeps its place in the reader's calendar.
    private static Guid Uid(long departmentId, long sessionId)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"feed/{departmentId}/{sessionId}")));
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    private static string Place(DeskSession session) => string.Join(
        ", ",
        new[] { session.VenueName, session.VenueAddress, $"{session.PostalCode} {session.Town}".Trim() }
            .Where(part => !string.IsNullOrWhiteSpace(part)));
}

/// <summary>A feed as it is sent.</summary>
/// <param name="Bytes">The calendar.</param>
/// <param name="ChangedAt">When its content last changed.</param>
public sealed record WrittenFeed(byte[] Bytes, DateTimeOffset ChangedAt);
