using Booking.Data.Feeds;

namespace Booking.Jobs.Feeds;

/// <summary>One run's sessions as a calendar that anybody may fetch: no seats, no names, no online link.</summary>
public sealed class RunCalendar(FeedSessionRepository sessions, FeedWriter writer)
{
    /// <summary>Writes the calendar.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="language"><c>da</c> or <c>en</c>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>Null when there is no such run, or it is not held.</returns>
    public async Task<WrittenFeed?> FindAsync(string code, string language, CancellationToken cancellationToken)
    {
        var found = await sessions.ListForRunAsync(code, cancellationToken);
        return found.Count == 0 ? null : writer.Write(found[0].CourseTitle, [.. found.Select(FeedEntry.Of)], language);
    }
}
