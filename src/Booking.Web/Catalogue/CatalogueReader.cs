using Booking.Data.Catalogue;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Booking.Web.Catalogue;

/// <summary>
/// Reads the catalogue through a cache of a second: a thousand people who look at the same page are one question to the
/// database. Reserving never reads here.
/// </summary>
public sealed class CatalogueReader : IDisposable
{
    private const int MostEntries = 2000;

    private readonly CatalogueRepository _catalogue;
    private readonly CourseRepository _courses;
    private readonly TimeSpan _lifetime;
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MostEntries });
    private readonly Lock _gate = new();

    /// <summary>Reads through the two repositories.</summary>
    /// <param name="catalogue">The list.</param>
    /// <param name="courses">Courses and runs.</param>
    /// <param name="options">For how long an answer is kept.</param>
    public CatalogueReader(CatalogueRepository catalogue, CourseRepository courses, IOptions<CatalogueOptions> options)
    {
        _catalogue = catalogue;
        _courses = courses;
        _lifetime = TimeSpan.FromSeconds(options.Value.CacheSeconds);
    }

    /// <summary>One page of the list.</summary>
    /// <param name="filter">What is looked for.</param>
    /// <param name="viewer">Whose seats are counted.</param>
    public Task<CatalogueList> ListAsync(CatalogueFilter filter, SeatViewer viewer) =>
        GetAsync($"list {viewer.ToKey()} {filter.ToKey()}", stop => _catalogue.ListAsync(filter, viewer, stop));

    /// <summary>The course of a code, or null.</summary>
    /// <param name="code">The code.</param>
    /// <param name="viewer">Whose seats are counted.</param>
    public Task<CourseDetails?> FindCourseAsync(string code, SeatViewer viewer) =>
        GetAsync($"course {viewer.ToKey()} {code}", stop => _courses.FindCourseAsync(code, viewer, stop));

    /// <summary>The run of a code, or null.</summary>
    /// <param name="code">The code.</param>
    /// <param name="viewer">Whose seats are counted.</param>
    public Task<RunDetails?> FindRunAsync(string code, SeatViewer viewer) =>
        GetAsync($"run {viewer.ToKey()} {code}", stop => _courses.FindRunAsync(code, viewer, stop));

    /// <summary>One page of runs.</summary>
    /// <param name="filter">Which runs.</param>
    public Task<RunList> ListRunsAsync(RunFilter filter) => GetAsync($"runs {filter}", stop => _courses.ListRunsAsync(filter, stop));

    /// <summary>What travel to an onsite course is reckoned from.</summary>
    /// <param name="courseId">The course.</param>
    /// <param name="viewer">Whose way is reckoned.</param>
    public Task<TravelFacts> GetTravelFactsAsync(long courseId, SeatViewer viewer) =>
        GetAsync($"travel {viewer.ToKey()} {courseId}", stop => _courses.GetTravelFactsAsync(courseId, viewer, stop));

    /// <inheritdoc />
    public void Dispose() => _cache.Dispose();

    // The first to ask reads, everybody else waits for that answer. It is nobody's request: whoever gives up does not take
    // the answer from the others, so the read has no caller's cancellation.
    private async Task<T> GetAsync<T>(string key, Func<CancellationToken, Task<T>> read)
    {
        if (_lifetime <= TimeSpan.Zero)
        {
            return await read(CancellationToken.None);
        }

        Lazy<Task<T>> answer;
        lock (_gate)
        {
            if (!_cache.TryGetValue(key, out answer!))
            {
                answer = new Lazy<Task<T>>(() => read(CancellationToken.None));
                _cache.Set(key, answer, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = _lifetime, Size = 1 });
            }
        }

        try
        {
            return await answer.Value;
        }
        catch
        {
            _cache.Remove(key);
            throw;
        }
    }
}
