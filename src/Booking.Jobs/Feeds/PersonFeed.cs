using Booking.Data.Feeds;
using Booking.Data.Site;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Feeds;

/// <summary>A person's own courses as a calendar: one event per session of the runs that the person is booked on.</summary>
public sealed class PersonFeed(FeedSessionRepository sessions, FeedWriter writer, IOptions<SiteOptions> site, TimeProvider clock)
{
    /// <summary>Writes the feed.</summary>
    /// <param name="personId">The person behind the link.</param>
    /// <param name="linkedAt">When the link was made.</param>
    /// <param name="language"><c>da</c> or <c>en</c>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<WrittenFeed> WriteAsync(long personId, DateTimeOffset linkedAt, string language, CancellationToken cancellationToken)
    {
        var changedAt = await sessions.FindLastChangeAsync(personId, cancellationToken);
        var found = await sessions.ListForPersonAsync(personId, clock.GetUtcNow() - FeedWriter.Past, cancellationToken);
        return writer.Write(site.Value.Name, [.. found.Select(FeedEntry.Of)], language, linkedAt, changedAt);
    }
}
