using System.Net;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Booking.WebTests.Hr;

/// <summary>HR's pages of one run, as a browser without script uses them.</summary>
public sealed class HrRunPageTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();
    private HttpClient _hr = null!;
    private long _run;
    private long _department;

    public async ValueTask InitializeAsync()
    {
        await _host.Data.ExecuteAsync("insert into role_assignments values ('hr@example.org', 'hr')");
        _department = await _host.Data.AddDepartmentAsync("A", "Afdeling Ærø", secretary: "sek@example.org");
        _run = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Selvskade <b>"), "H-1", capacity: 5, sessions: 2);
        await _host.Data.AddSeatsAsync(_run, 3, _department);
        await _host.Data.AddSeatsAsync(_run, 1, pool: "external");
        await _host.Data.AddSeatsAsync(_run, 1, pool: "open");
        await _host.Data.ExecuteAsync("update runs set external_seats = 1");
        var person = await _host.Data.AddEmployeeAsync(_department, "Åse Ørsted", "aase@example.org");
        await _host.Services.GetRequiredService<ReserveSeats>().RunAsync(
            new ReserveRequest(_run, _department, [person], new Actor { Name = "sek@example.org", Role = ActorRoles.Secretary, DepartmentIds = [_department] }),
            CancellationToken.None);
        _hr = await _host.SignInAsync("hr@example.org");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/hr/runs/H-1")]
    [InlineData("/hr/runs/H-1/capacity")]
    [InlineData("/hr/runs/H-1/cancel")]
    [InlineData("/hr/runs/H-1/postpone")]
    [InlineData("/hr/runs/H-1/bookings")]
    [InlineData("/hr/attendance")]
    public async Task Only_hr_may_look_and_act(string url)
    {
        var secretary = await _host.SignInAsync("sek@example.org");

        Assert.Equal(HttpStatusCode.OK, (await _hr.GetAsync(url)).StatusCode);
        await _hr.GetAsync($"{url}?culture=en");
        Assert.Contains("<html lang=\"en\">", await _hr.GetStringAsync(url), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await secretary.GetAsync(url)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await _host.Stranger().GetAsync(url)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await secretary.PostFormAsync(url, Cancellation, "/courses")).StatusCode);
        Assert.Equal("published", await StatusAsync());
        if (url.Contains("H-1", StringComparison.Ordinal))
        {
            var unknown = url.Replace("H-1", "H-9", StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, (await _hr.GetAsync(unknown)).StatusCode);
        }
    }

    [Fact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        using var content = new FormUrlEncodedContent(Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, (await _hr.PostAsync("/hr/runs/H-1/cancel", content)).StatusCode);
        Assert.Equal("published", await StatusAsync());
    }

    [Fact]
    public async Task The_page_says_who_has_the_seats_and_the_fill_rates_lead_to_it()
    {
        var html = await GetAsync("/hr/runs/H-1");

        Assert.Contains("Selvskade <b>", html, StringComparison.Ordinal);
        Assert.Contains("Afdeling Ærø", html, StringComparison.Ordinal);
        Assert.Contains("Deltagere: 1.", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/hr/runs/H-1\"", await GetAsync("/hr/fill-rates"), StringComparison.Ordinal);
        Assert.Contains("href=\"/hr/attendance?year=2027\"", await GetAsync("/hr/fill-rates"), StringComparison.Ordinal);
        Assert.Contains("href=\"/hr/runs/H-1\"", await GetAsync("/hr/runs/H-1/allotment"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Capacity_is_raised_lowered_and_refused_with_names()
    {
        Assert.Equal("/hr/runs/H-1?done=Raised", (await PostCapacityAsync(5, 6)).Headers.Location?.ToString());
        Assert.Contains("flere pladser", await GetAsync("/hr/runs/H-1?done=Raised"), StringComparison.Ordinal);
        Assert.Equal("/hr/runs/H-1?done=Lowered", (await PostCapacityAsync(6, 5)).Headers.Location?.ToString());

        var refused = await ReadAsync(await PostCapacityAsync(5, 2));
        Assert.Contains("Holdet kan ikke få 2 pladser: 1 er optaget, 3 er garanteret afdelinger og ubrugt, 1 er lovet andre sektorer", refused, StringComparison.Ordinal);
        Assert.Contains("value=\"2\"", refused, StringComparison.Ordinal);
        Assert.Contains("det har 5 pladser nu", await ReadAsync(await PostCapacityAsync(9, 10)), StringComparison.Ordinal);
        Assert.Contains("Skriv et tal mellem", await ReadAsync(await PostCapacityAsync(5, 0)), StringComparison.Ordinal);
        Assert.Equal(5, await _host.Data.ScalarAsync<int>("select capacity from runs"));
        Assert.Equal("/hr/runs/H-1?done=Lowered", (await PostCapacityAsync(5, 4, external: true)).Headers.Location?.ToString());
    }

    [Fact]
    public async Task Cancelling_needs_a_reason_and_a_tick()
    {
        var faults = await ReadAsync(await _hr.PostFormAsync("/hr/runs/H-1/cancel", []));
        Assert.Contains("Skriv en begrundelse", faults, StringComparison.Ordinal);
        Assert.Contains("href=\"#Form-IsSure\"", faults, StringComparison.Ordinal);
        Assert.Equal("published", await StatusAsync());

        var done = await _hr.PostFormAsync("/hr/runs/H-1/cancel", Cancellation);

        Assert.Equal("/hr/runs/H-1?done=Cancelled", done.Headers.Location?.ToString());
        Assert.Equal("cancelled", await StatusAsync());
        var page = await GetAsync("/hr/runs/H-1?done=Cancelled");
        Assert.Contains("Begrundelse: Sygdom", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/hr/runs/H-1/cancel", page, StringComparison.Ordinal);
        Assert.Contains("kan ikke ændres", await GetAsync("/hr/runs/H-1/cancel"), StringComparison.Ordinal);
        Assert.Contains("Aflyst", await GetAsync("/runs/H-1"), StringComparison.Ordinal);
        Assert.DoesNotContain("/runs/H-1/reserve", await (await _host.SignInAsync("sek@example.org")).GetStringAsync("/runs/H-1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Moving_first_says_what_would_happen_and_then_does_it()
    {
        var fields = await MoveFieldsAsync("2027-03-22", "2027-03-29");

        var check = await ReadAsync(await _hr.PostFormAsync("/hr/runs/H-1/postpone?handler=Check", fields, "/hr/runs/H-1/postpone"));
        Assert.Contains("Personer, der får besked: 1. Kalenderopdateringer i alt: 2.", check, StringComparison.Ordinal);
        Assert.Contains("mandag 22. marts 2027 8.30–15.30 (ændret)", check, StringComparison.Ordinal);
        Assert.Contains("19. marts 2027 kl. 8.30", check, StringComparison.Ordinal);
        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from outbox where key like 'booking.invitation/%/%/1'"));

        var done = await _hr.PostFormAsync("/hr/runs/H-1/postpone?handler=Move", fields, "/hr/runs/H-1/postpone");

        Assert.Equal("/hr/runs/H-1?done=Moved", done.Headers.Location?.ToString());
        Assert.Equal(2, await _host.Data.ScalarAsync<long>("select count(*) from outbox where key like 'booking.invitation/%/%/1'"));
        // 8.30 in winter time, and after the clocks changed 8.30 in summer time.
        Assert.Equal(
            ["2027-03-22 07:30", "2027-03-29 06:30"],
            await _host.Data.QueryAsync<string>("select to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') from sessions order by number"));
    }

    [Fact]
    public async Task What_cannot_be_read_or_be_stands_beside_its_field()
    {
        var fields = await MoveFieldsAsync("2027-03-28", "2027-03-29");
        fields["Form.Sessions[0].StartsAt"] = "2027-03-28T02:30";
        fields["Form.Release"] = "i morgen";
        fields["Form.OnlineLink"] = "javascript:alert(1)";
        var unreadable = await ReadAsync(await _hr.PostFormAsync("/hr/runs/H-1/postpone?handler=Move", fields, "/hr/runs/H-1/postpone"));
        Assert.Contains("id=\"Form-Sessions-0--StartsAt-error\"", unreadable, StringComparison.Ordinal);
        Assert.Contains("id=\"Form-Release-error\"", unreadable, StringComparison.Ordinal);
        Assert.Contains("webadresse", unreadable, StringComparison.Ordinal);

        var past = await ReadAsync(await _hr.PostFormAsync(
            "/hr/runs/H-1/postpone?handler=Move", await MoveFieldsAsync("2026-12-01", "2026-12-02"), "/hr/runs/H-1/postpone"));
        Assert.Contains("ville ligge i fortiden", past, StringComparison.Ordinal);
        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from audit_entries where action = 'run.postponed'"));
    }

    [Fact]
    public async Task Too_few_participants_are_decided_on_the_page()
    {
        await _host.Data.ExecuteAsync("update runs set minimum_participants = 3");
        Assert.DoesNotContain("For få deltagere", await GetAsync("/hr/runs/H-1"), StringComparison.Ordinal);
        _host.Clock.Advance(TimeSpan.FromDays(58));
        _hr = await _host.SignInAsync("hr@example.org");

        Assert.Contains("1 af mindst 3 deltagere", await GetAsync("/hr/runs/H-1"), StringComparison.Ordinal);
        Assert.Contains("Beslutning mangler", await GetAsync("/hr/fill-rates"), StringComparison.Ordinal);
        var done = await _hr.PostFormAsync("/hr/runs/H-1?handler=GoesAhead", [], "/hr/runs/H-1");

        Assert.Equal("/hr/runs/H-1?done=GoesAhead", done.Headers.Location?.ToString());
        Assert.Contains("Gennemføres, besluttet af hr@example.org", await GetAsync("/hr/runs/H-1"), StringComparison.Ordinal);
        Assert.DoesNotContain("Beslutning mangler", await GetAsync("/hr/fill-rates"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bookings_and_flags_are_shown_by_department()
    {
        await _host.Data.ExecuteAsync(
            "update bookings set status = 'cancelled', cancelled_at = @now, is_late_cancellation = true", new { now = _host.Clock.GetUtcNow() });

        var run = await GetAsync("/hr/runs/H-1/bookings");
        Assert.Contains("Åse Ørsted", run, StringComparison.Ordinal);
        Assert.Contains("Sene afmeldinger: 1.", run, StringComparison.Ordinal);
        var year = await GetAsync("/hr/attendance?year=2027");
        Assert.Contains("Afdeling Ærø", year, StringComparison.Ordinal);
        Assert.Matches("Heraf sent\"[^>]*>1<", year);
    }

    private static Dictionary<string, string> Cancellation => new() { ["Form.Reason"] = "Sygdom", ["Form.IsSure"] = "true" };

    private Task<string> StatusAsync() => _host.Data.ScalarAsync<string>("select status from runs");

    private async Task<string> GetAsync(string url) => WebUtility.HtmlDecode(await _hr.GetStringAsync(url));

    private static async Task<string> ReadAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> PostCapacityAsync(int from, int to, bool external = false) => _hr.PostFormAsync(
        "/hr/runs/H-1/capacity", new() { ["Form.From"] = $"{from}", ["Form.To"] = $"{to}", ["Form.AlsoExternal"] = external ? "true" : "false" });

    private async Task<Dictionary<string, string>> MoveFieldsAsync(params string[] days)
    {
        var ids = await _host.Data.QueryAsync<long>("select session_id from sessions order by number");
        var fields = new Dictionary<string, string> { ["Form.VenueName"] = "Psykiatriens Hus, lokale 1", ["Form.VenueAddress"] = "Mølleparkvej 10", ["Form.PostalCode"] = "9000", ["Form.Town"] = "Aalborg" };
        for (var i = 0; i < days.Length; i++)
        {
            fields[$"Form.Sessions[{i}].SessionId"] = $"{ids[i]}";
            fields[$"Form.Sessions[{i}].StartsAt"] = $"{days[i]}T08:30";
            fields[$"Form.Sessions[{i}].EndsAt"] = $"{days[i]}T15:30";
        }

        return fields;
    }
}
