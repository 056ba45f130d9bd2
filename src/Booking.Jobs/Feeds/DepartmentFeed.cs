using System.Globalization;
using Booking.Data.Desk;
using Booking.Data.Feeds;
using Booking.Data.Site;
using Booking.Jobs.Outbox;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Feeds;

/// <summary>A department's courses as a calendar: one event per session of the runs on which it has seats or bookings, without names.</summary>
public sealed class DepartmentFeed(
    FeedSessionRepository feeds, DeskCalendarRepository sessions, FeedWriter writer, IOptions<SiteOptions> site, TimeProvider clock)
{
    /// <summary>Writes the feed.</summary>
    /// <param name="departmentId">The department behind the link.</param>
    /// <param name="linkedAt">When the link was made.</param>
    /// <param name="language"><c>da</c> or <c>en</c>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<WrittenFeed> WriteAsync(long departmentId, DateTimeOffset linkedAt, string language, CancellationToken cancellationToken)
    {
        var department = await feeds.GetDepartmentAsync(departmentId, cancellationToken);
        var found = await sessions.ListAsync([departmentId], clock.GetUtcNow() - FeedWriter.Past, to: null, cancellationToken);
        return writer.Write(
            $"{site.Value.Name}: {department.Name}",
            [.. found.Select(session => new FeedEntry(ToFeed(session), Facts(session, language != "en")))],
            language,
            linkedAt,
            department.ChangedAt);
    }

    private static FeedSession ToFeed(DeskSession session) => new()
    {
        Key = string.Create(CultureInfo.InvariantCulture, $"feed/{session.DepartmentId}/{session.SessionId}"),
        Number = session.Number,
        SessionCount = session.SessionCount,
        StartsAt = session.StartsAt,
        EndsAt = session.EndsAt,
        RunCode = session.RunCode,
        TimeZone = session.TimeZone,
        CourseTitle = session.CourseTitle,
        Place = string.Join(
            ", ",
            new[] { session.VenueName, session.VenueAddress, $"{session.PostalCode} {session.Town}".Trim() }
                .Where(part => !string.IsNullOrWhiteSpace(part))),
        Sequence = session.Sequence,
        ChangedAt = session.ChangedAt,
    };

    private static string[] Facts(DeskSession session, bool isDanish) =>
    [
        $"{(isDanish ? "Afdeling" : "Department")}: {session.DepartmentName}",
        $"{(isDanish ? "Pladser i brug" : "Seats in use")}: {MailWords.Number(session.TakenSeats)}",
        $"{(isDanish ? "Ubrugte pladser" : "Unused seats")}: {MailWords.Number(session.UnusedSeats)}",
    ];
}
