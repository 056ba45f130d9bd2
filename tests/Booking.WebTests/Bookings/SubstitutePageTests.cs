using System.Net;
using Booking.Data.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Bookings;

public sealed class SubstitutePageTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();
    private long _department;
    private long _run;
    private Guid _booking;

    public async ValueTask InitializeAsync()
    {
        var data = _host.Data;
        _department = await data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek@example.org");
        var other = await data.AddDepartmentAsync("B", secretary: "anden@example.org");
        var course = await data.AddCourseAsync(title: "Selvskade");
        _run = await data.AddRunAsync(course, code: "H-1");
        await data.AddSeatsAsync(_run, 2, _department);
        await data.AddSeatsAsync(await data.AddRunAsync(course, code: "H-2", daysFromNow: 90), 1, _department);
        await data.AddEmployeeAsync(_department, "Bo Bæk", "bo@example.org");
        await data.AddEmployeeAsync(_department, "Åse Ærø", "aase@example.org");
        await data.AddEmployeeAsync(other, "Kim Fremmed", "fremmed@example.org");
        await data.ExecuteAsync("insert into role_assignments (email, role) values ('hr@example.org', 'hr')");
        var secretary = await _host.SignInAsync("sek@example.org");
        await secretary.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org" });
        _booking = await data.ScalarAsync<Guid>("select reference from bookings");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Secretary_comes_from_the_list_and_names_a_colleague()
    {
        var client = await _host.SignInAsync("sek@example.org");
        Assert.Contains($"/bookings/{_booking}/substitute", await client.GetStringAsync("/bookings/department"), StringComparison.Ordinal);

        var html = await PostAsync(client, $"/bookings/{_booking}/substitute", new() { ["Form.Employee"] = "Åse Ærø" });

        Assert.Contains("Pladsen er givet videre", html, StringComparison.Ordinal);
        Assert.Equal("aase@example.org", await BookedAsync());
        var made = await _host.Data.ScalarAsync<Guid>("select reference from bookings where status = 'booked'");
        Assert.Contains($"/bookings/{made}/cancel", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Skriv én kollega")]
    [InlineData("fremmed@example.org", "Findes ikke i afdelingen")]
    [InlineData("bo@example.org", "har allerede en plads")]
    [InlineData("%00<script>", "Findes ikke i afdelingen")]
    public async Task What_cannot_be_is_said_and_changes_nothing(string who, string sentence)
    {
        var client = await _host.SignInAsync("sek@example.org");

        var html = await PostAsync(client, $"/bookings/{_booking}/substitute", new() { ["Form.Employee"] = who });

        Assert.Contains(sentence, html, StringComparison.Ordinal);
        Assert.Equal("bo@example.org", await BookedAsync());
    }

    [Fact]
    public async Task Overlap_asks_first()
    {
        var elsewhere = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Et andet kursus"), code: "X-1");
        await _host.Data.AddSeatsAsync(elsewhere, 1, _department);
        var client = await _host.SignInAsync("sek@example.org");
        await client.PostFormAsync("/runs/X-1/reserve", new() { ["Lines"] = "aase@example.org" });

        var asked = await PostAsync(client, $"/bookings/{_booking}/substitute", new() { ["Form.Employee"] = "aase@example.org" });
        Assert.Contains("Et andet kursus", asked, StringComparison.Ordinal);
        Assert.Contains("Giv pladsen videre alligevel", asked, StringComparison.Ordinal);

        await PostAsync(client, $"/bookings/{_booking}/substitute", new() { ["Form.Employee"] = "aase@example.org", ["Form.AcceptsOverlap"] = "true" });
        Assert.Equal("aase@example.org", await _host.Data.ScalarAsync<string>(
            "select email from bookings join people using (person_id) where status = 'booked' and run_id = @_run", new { _run }));
    }

    [Theory]
    [InlineData("substitute")]
    [InlineData("move")]
    public async Task Foreign_secretary_and_foreign_employee_find_no_such_booking(string page)
    {
        foreach (var email in new[] { "anden@example.org", "fremmed@example.org" })
        {
            var client = await _host.SignInAsync(email);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/bookings/{_booking}/{page}")).StatusCode);
            var answer = await client.PostFormAsync(
                $"/bookings/{_booking}/{page}", new() { ["Form.Employee"] = "aase@example.org", ["run"] = "H-2" }, page: "/sign-in");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        Assert.Equal("bo@example.org", await BookedAsync());
        Assert.Equal(HttpStatusCode.Redirect, (await _host.Stranger().GetAsync($"/bookings/{_booking}/{page}")).StatusCode);
    }

    [Fact]
    public async Task Participant_names_a_colleague_by_address_and_moves_nobody()
    {
        var client = await _host.SignInAsync("bo@example.org");
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/bookings/{_booking}/move")).StatusCode);

        var html = await PostAsync(client, $"/bookings/{_booking}/substitute", new() { ["Form.Email"] = "fremmed@example.org" });
        Assert.Contains("Vi kan ikke give pladsen til den adresse", html, StringComparison.Ordinal);
        html = await PostAsync(client, $"/bookings/{_booking}/substitute", new() { ["Form.Email"] = "aase@example.org" });

        Assert.Contains("Pladsen er givet videre", html, StringComparison.Ordinal);
        Assert.Equal("aase@example.org", await BookedAsync());
    }

    [Fact]
    public async Task By_the_personal_link_opening_changes_nothing_and_sending_the_form_does()
    {
        var token = await AddLinkAsync();
        var stranger = _host.Stranger();
        Assert.Contains($"/bookings/manage/{token}/substitute", await stranger.GetStringAsync($"/bookings/manage/{token}"), StringComparison.Ordinal);
        await stranger.GetAsync($"/bookings/manage/{token}/substitute");
        Assert.Equal("bo@example.org", await BookedAsync());

        var html = await PostAsync(stranger, $"/bookings/manage/{token}/substitute", new() { ["Form.Email"] = "aase@example.org" });

        Assert.Contains("Pladsen er givet videre", html, StringComparison.Ordinal);
        Assert.Equal("aase@example.org", await BookedAsync());
        // The link is the old booking's: it does not give the substitute's seat away.
        html = await PostAsync(stranger, $"/bookings/manage/{token}/substitute", new() { ["Form.Email"] = "bo@example.org" }, "/sign-in");
        Assert.Contains("gælder ikke længere", html, StringComparison.Ordinal);
        Assert.Equal("aase@example.org", await BookedAsync());
    }

    [Fact]
    public async Task An_unknown_link_says_so()
    {
        var html = WebUtility.HtmlDecode(await _host.Stranger().GetStringAsync("/bookings/manage/ukendt/substitute"));

        Assert.Contains("Linket virker ikke længere", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sek@example.org")]
    [InlineData("hr@example.org")]
    public async Task Secretary_and_hr_move_a_person_to_another_run(string email)
    {
        var client = await _host.SignInAsync(email);
        var page = WebUtility.HtmlDecode(await client.GetStringAsync($"/bookings/{_booking}/move"));
        Assert.Contains("1 ledig plads", page, StringComparison.Ordinal);
        Assert.Contains("Vælg det hold", await PostAsync(client, $"/bookings/{_booking}/move", []), StringComparison.Ordinal);

        var html = await PostAsync(client, $"/bookings/{_booking}/move", new() { ["run"] = "H-2" });

        Assert.Contains("Deltageren er flyttet", html, StringComparison.Ordinal);
        Assert.Equal("H-2", await _host.Data.ScalarAsync<string>("select code from bookings join runs using (run_id) where bookings.status = 'booked'"));
    }

    [Theory]
    [InlineData("sek@example.org", "Skriv på venteliste", "/runs/H-2/waiting-list?department=")]
    [InlineData("hr@example.org", "Se ventelisten", "/hr/runs/H-2/waiting-list")]
    public async Task Full_run_leads_to_its_waiting_list_before_and_after_the_wish(string email, string words, string link)
    {
        var secretary = await _host.SignInAsync("sek@example.org");
        await secretary.PostFormAsync("/runs/H-2/reserve", new() { ["Lines"] = "aase@example.org" });
        var client = await _host.SignInAsync(email);

        var before = WebUtility.HtmlDecode(await client.GetStringAsync($"/bookings/{_booking}/move"));
        var after = await PostAsync(client, $"/bookings/{_booking}/move", new() { ["run"] = "H-2" }, page: "/courses");

        Assert.Contains($"<a href=\"{link}", before, StringComparison.Ordinal);
        Assert.Contains($"<a class=\"alert-link\" href=\"{link}", after, StringComparison.Ordinal);
        Assert.Contains(words, after, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(after.Split("alert-link\" href=\"")[1].Split('"')[0])).StatusCode);
    }

    [Fact]
    public async Task Late_move_is_warned_about_before_it_is_made()
    {
        await _host.Data.ExecuteAsync("update runs set cancellation_deadline_at = @now where code = 'H-1'", new { now = _host.Clock.GetUtcNow() });
        var client = await _host.SignInAsync("sek@example.org");

        Assert.Contains("sent afbud", WebUtility.HtmlDecode(await client.GetStringAsync($"/bookings/{_booking}/move")), StringComparison.Ordinal);
        Assert.Contains("Tryk igen", await PostAsync(client, $"/bookings/{_booking}/move", new() { ["run"] = "H-2" }), StringComparison.Ordinal);
        await PostAsync(client, $"/bookings/{_booking}/move", new() { ["run"] = "H-2", ["acceptsLate"] = "true" });

        Assert.True(await _host.Data.ScalarAsync<bool>("select is_late_cancellation from bookings where reference = @_booking", new { _booking }));
    }

    private static async Task<string> PostAsync(HttpClient client, string url, Dictionary<string, string> fields, string? page = null)
    {
        var answer = await client.PostFormAsync(url, fields, page);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    private Task<string> BookedAsync() => _host.Data.ScalarAsync<string>(
        "select email from bookings join people using (person_id) where bookings.status = 'booked'");

    private async Task<string> AddLinkAsync()
    {
        var token = LinkToken.Create();
        await _host.Data.ExecuteAsync(
            """
            insert into links (token_hash, purpose, booking_id, created_at, expires_at)
            select @hash, 'booking.manage', booking_id, booked_at, @expires from bookings where reference = @_booking
            """,
            new { hash = LinkToken.Hash(token), expires = _host.Clock.GetUtcNow().AddDays(60), _booking });
        return token;
    }
}
