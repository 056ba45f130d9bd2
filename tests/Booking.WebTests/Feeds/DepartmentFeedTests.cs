using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Feeds;

/// <summary>A department's courses as other calendars fetch them.</summary>
public sealed class DepartmentFeedTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();
    private long _department;
    private long _run;

    public async ValueTask InitializeAsync()
    {
        // In the past of every machine: the web server passes over an If-Modified-Since that its own clock has not come to.
        _host.Clock.Set(new DateTimeOffset(2024, 1, 8, 7, 0, 0, TimeSpan.Zero));
        _department = await _host.Data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek@example.org");
        _run = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Selvskade"), code: "H-1", sessions: 2);
        await _host.Data.AddSeatsAsync(_run, 2, _department);
        await _host.Data.AddEmployeeAsync(_department, "Bo Bæk", "bo@example.org");
        var foreign = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Fremmed kursus"), code: "H-2");
        await _host.Data.AddSeatsAsync(foreign, 2, await _host.Data.AddDepartmentAsync("B"));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Feed_has_one_event_per_session_and_no_names()
    {
        var secretary = await _host.SignInAsync("sek@example.org");
        await secretary.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org" });
        var answer = await _host.Stranger().GetAsync(await MakeAsync(secretary));
        var text = (await answer.Content.ReadAsStringAsync()).Replace("\r\n ", "", StringComparison.Ordinal);

        Assert.Equal("text/calendar; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("METHOD:PUBLISH", text, StringComparison.Ordinal);
        Assert.Equal(3, text.Split("BEGIN:VEVENT").Length);
        Assert.Contains("SUMMARY:Selvskade (2/2)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ATTENDEE", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Bo Bæk", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Fremmed", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feed_is_sent_again_only_when_it_changed()
    {
        var secretary = await _host.SignInAsync("sek@example.org");
        var address = await MakeAsync(secretary);
        var client = _host.Stranger();
        var first = await client.GetAsync(address);
        _host.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(HttpStatusCode.NotModified, (await AskAsync(client, address, first.Headers.ETag, since: null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, (await AskAsync(client, address, tag: null, first.Content.Headers.LastModified)).StatusCode);

        await secretary.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org" });
        var second = await AskAsync(client, address, first.Headers.ETag, since: null);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(client, address, tag: null, first.Content.Headers.LastModified)).StatusCode);
        Assert.True(second.Content.Headers.LastModified > first.Content.Headers.LastModified);
        Assert.Equal(Uids(await first.Content.ReadAsStringAsync()), Uids(await second.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Run_that_the_department_left_leaves_the_feed_and_the_date_says_so()
    {
        var secretary = await _host.SignInAsync("sek@example.org");
        var address = await MakeAsync(secretary);
        var client = _host.Stranger();
        var first = await client.GetAsync(address);
        _host.Clock.Advance(TimeSpan.FromMinutes(10));

        await secretary.PostFormAsync("/desk/runs/H-1", new() { ["Do"] = "hand_back", ["HandBackCount"] = "2" });
        var second = await AskAsync(client, address, tag: null, first.Content.Headers.LastModified);

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.DoesNotContain("VEVENT", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_is_shown_once_kept_as_a_hash_and_closed_at_once()
    {
        var secretary = await _host.SignInAsync("sek@example.org");
        var address = await MakeAsync(secretary);

        Assert.DoesNotContain(address, await secretary.GetStringAsync("/desk/calendar"), StringComparison.Ordinal);
        var id = await _host.Data.ScalarAsync<string>("select encode(token_hash, 'hex') from links where purpose = 'department.feed'");
        var revoked = await secretary.PostFormAsync("/desk/calendar?handler=revoke", new() { ["link"] = id }, "/desk/calendar");

        Assert.Contains("Linket er lukket", WebUtility.HtmlDecode(await revoked.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Stranger().GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await secretary.PostFormAsync("/desk/calendar?handler=revoke", new() { ["link"] = "x" }, "/desk/calendar")).StatusCode);
        Assert.Equal(
            ["feed.made", "feed.revoked"],
            await _host.Data.QueryAsync<string>("select action from audit_entries where action like 'feed.%' order by audit_id"));
    }

    [Theory]
    [InlineData("/calendar/ukendt.ics")]
    [InlineData("/calendar/ukendt")]
    public async Task Unknown_feed_is_not_found(string address) =>
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Stranger().GetAsync(address)).StatusCode);

    private async Task<string> MakeAsync(HttpClient secretary)
    {
        var answer = await secretary.PostFormAsync("/desk/calendar?handler=make", new() { ["department"] = $"{_department}" }, "/desk/calendar");
        var match = Regex.Match(await answer.Content.ReadAsStringAsync(), "https://localhost(?<path>/calendar/[A-Za-z0-9_-]{43}\\.ics)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        return match.Groups["path"].Value;
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, string address, EntityTagHeaderValue? tag, DateTimeOffset? since)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (tag is not null)
        {
            request.Headers.IfNoneMatch.Add(tag);
        }

        request.Headers.IfModifiedSince = since;
        return await client.SendAsync(request);
    }

    private static IEnumerable<string> Uids(string calendar) => calendar.Split("\r\n").Where(line => line.StartsWith("UID:", StringComparison.Ordinal));
}
