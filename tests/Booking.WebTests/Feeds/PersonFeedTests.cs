using System.Net;
using System.Text.RegularExpressions;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Feeds;

/// <summary>A person's own courses as other calendars fetch them.</summary>
public sealed class PersonFeedTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();
    private long _department;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // In the past of every machine: the web server passes over an If-Modified-Since that its own clock has not come to.
        _host.Clock.Set(new DateTimeOffset(2024, 1, 8, 7, 0, 0, TimeSpan.Zero));
        _department = await _host.Data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek@example.org");
        var run = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Selvskade"), code: "H-1", sessions: 2);
        await _host.Data.AddSeatsAsync(run, 2, _department);
        var other = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "En andens kursus"), code: "H-2");
        await _host.Data.AddSeatsAsync(other, 2, _department);
        await _host.Data.AddEmployeeAsync(_department, "Bo Bæk", "bo@example.org");
        await _host.Data.AddEmployeeAsync(_department, "Anna Ågård", "anna@example.org");
        var secretary = await _host.SignInAsync("sek@example.org");
        await secretary.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org" });
        await secretary.PostFormAsync("/runs/H-2/reserve", new() { ["Lines"] = "anna@example.org" });
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Feed_has_the_persons_own_sessions_and_nothing_else()
    {
        var bo = await _host.SignInAsync("bo@example.org");

        var answer = await GetAsync(await MakeAsync(bo));
        var text = (await answer.Content.ReadAsStringAsync(Stop)).Replace("\r\n ", "", StringComparison.Ordinal);

        Assert.Equal("text/calendar; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("METHOD:PUBLISH", text, StringComparison.Ordinal);
        Assert.Equal(3, text.Split("BEGIN:VEVENT").Length);
        Assert.Contains("SUMMARY:Selvskade (2/2)", text, StringComparison.Ordinal);
        Assert.Contains("Mølleparkvej 10", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ATTENDEE", text, StringComparison.Ordinal);
        Assert.DoesNotContain("En andens kursus", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Course_that_was_given_up_leaves_the_feed_and_the_date_says_so()
    {
        var bo = await _host.SignInAsync("bo@example.org");
        var address = await MakeAsync(bo);
        var first = await GetAsync(address);
        using var unchanged = new HttpRequestMessage(HttpMethod.Get, address);
        unchanged.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await _host.Stranger().SendAsync(unchanged, Stop)).StatusCode);

        _host.Clock.Advance(TimeSpan.FromMinutes(10));
        await _host.Data.ExecuteAsync(
            """
            update bookings set status = 'cancelled', cancelled_at = @now, cancelled_by = 'sek@example.org'
            where person_id = (select person_id from people where email = 'bo@example.org')
            """,
            new { now = _host.Clock.GetUtcNow() });
        var second = await GetAsync(address);

        Assert.DoesNotContain("VEVENT", await second.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.True(second.Content.Headers.LastModified > first.Content.Headers.LastModified);
    }

    [Fact]
    public async Task Token_is_shown_once_kept_as_a_hash_and_closed_at_once_by_its_owner_only()
    {
        var bo = await _host.SignInAsync("bo@example.org");
        var anna = await _host.SignInAsync("anna@example.org");
        var address = await MakeAsync(bo);

        Assert.DoesNotContain(address, await bo.GetStringAsync(new Uri("/bookings", UriKind.Relative), Stop), StringComparison.Ordinal);
        var id = await _host.Data.ScalarAsync<string>("select encode(token_hash, 'hex') from links where purpose = 'person.feed'");
        Assert.Equal(HttpStatusCode.NotFound, (await RevokeAsync(anna, id)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await RevokeAsync(bo, "x")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(address)).StatusCode);

        var revoked = await RevokeAsync(bo, id);

        Assert.Contains("Linket er lukket", WebUtility.HtmlDecode(await revoked.Content.ReadAsStringAsync(Stop)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(address)).StatusCode);
        Assert.Equal(
            ["feed.made", "feed.revoked"],
            await _host.Data.QueryAsync<string>("select action from audit_entries where action like 'feed.%' order by audit_id"));
    }

    [Fact]
    public async Task Feed_of_somebody_who_left_is_gone()
    {
        var address = await MakeAsync(await _host.SignInAsync("bo@example.org"));
        await _host.Data.ExecuteAsync("update people set is_active = false where email = 'bo@example.org'");

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(address)).StatusCode);
    }

    private Task<HttpResponseMessage> GetAsync(string address) => _host.Stranger().GetAsync(new Uri(address, UriKind.Relative), Stop);

    private static Task<HttpResponseMessage> RevokeAsync(HttpClient client, string id) =>
        client.PostFormAsync("/bookings?handler=revoke", new() { ["link"] = id }, "/bookings");

    private static async Task<string> MakeAsync(HttpClient client)
    {
        var html = await (await client.PostFormAsync("/bookings?handler=make", [], "/bookings")).Content.ReadAsStringAsync(Stop);
        Assert.Contains("href=\"webcal://localhost/calendar/", html, StringComparison.Ordinal);
        return Regex.Match(
            html, "value=\"https://localhost(?<path>/calendar/[A-Za-z0-9_-]{43}\\.ics)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["path"].Value;
    }
}
