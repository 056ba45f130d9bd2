using System.Net;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Feeds;

/// <summary>One run's days as anybody can put them into a calendar.</summary>
public sealed class RunCalendarTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();
    private long _run;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // In the past of every machine: the web server passes over an If-Modified-Since that its own clock has not come to.
        _host.Clock.Set(new DateTimeOffset(2024, 1, 8, 7, 0, 0, TimeSpan.Zero));
        _run = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Selvskade"), code: "H-1", sessions: 2);
        await _host.Data.ExecuteAsync("update runs set online_link = 'https://meet.example.org/secret' where run_id = @_run", new { _run });
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Page_leads_to_the_days_of_the_run_without_seats_names_or_the_online_link()
    {
        var stranger = _host.Stranger();
        Assert.Contains("/runs/H-1/calendar.ics", await stranger.GetStringAsync(new Uri("/runs/H-1", UriKind.Relative), Stop), StringComparison.Ordinal);

        var answer = await GetAsync("/runs/H-1/calendar.ics");
        var text = (await answer.Content.ReadAsStringAsync(Stop)).Replace("\r\n ", "", StringComparison.Ordinal);

        Assert.Equal("text/calendar; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("H-1.ics", answer.Content.Headers.ContentDisposition!.FileName);
        Assert.Contains("METHOD:PUBLISH", text, StringComparison.Ordinal);
        Assert.Equal(3, text.Split("BEGIN:VEVENT").Length);
        Assert.Contains("SUMMARY:Selvskade (1/2)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ATTENDEE", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unchanged_run_is_not_sent_again_and_a_moved_one_keeps_its_events()
    {
        var first = await GetAsync("/runs/H-1/calendar.ics");
        using var unchanged = new HttpRequestMessage(HttpMethod.Get, "/runs/H-1/calendar.ics");
        unchanged.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await _host.Stranger().SendAsync(unchanged, Stop)).StatusCode);

        await _host.Data.ExecuteAsync(
            "update sessions set starts_at = starts_at + interval '1 day', ends_at = ends_at + interval '1 day' where run_id = @_run", new { _run });
        var second = await GetAsync("/runs/H-1/calendar.ics");

        Assert.NotEqual(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(Uids(await first.Content.ReadAsStringAsync(Stop)), Uids(await second.Content.ReadAsStringAsync(Stop)));
    }

    [Theory]
    [InlineData("update runs set status = 'draft'")]
    [InlineData("update runs set status = 'cancelled', cancelled_at = published_at")]
    public async Task Run_that_is_not_held_has_no_calendar(string change)
    {
        await _host.Data.ExecuteAsync(change);

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/runs/H-1/calendar.ics")).StatusCode);
        var page = await _host.Stranger().GetAsync(new Uri("/runs/H-1", UriKind.Relative), Stop);
        Assert.DoesNotContain("calendar.ics", await page.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/runs/nothing/calendar.ics")]
    [InlineData("/runs/H-1%0d%0aX/calendar.ics")]
    public async Task Unknown_run_is_not_found(string address) => Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(address)).StatusCode);

    private Task<HttpResponseMessage> GetAsync(string address) => _host.Stranger().GetAsync(new Uri(address, UriKind.Relative), Stop);

    private static IEnumerable<string> Uids(string calendar) =>
        calendar.Split("\r\n").Where(line => line.StartsWith("UID:", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
