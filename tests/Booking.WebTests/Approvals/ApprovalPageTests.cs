using System.Net;
using Booking.Data.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Approvals;

public sealed class ApprovalPageTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();
    private readonly string _token = LinkToken.Create();

    public async ValueTask InitializeAsync()
    {
        var department = await _host.Data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek@example.org");
        var run = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Selvskade"), code: "H-1");
        await _host.Data.AddSeatsAsync(run, 1, department);
        await _host.Data.AddEmployeeAsync(department, "Bo Bæk", "bo@example.org", leaderEmail: "leder@example.org");
        await _host.Data.ExecuteAsync("update runs set requires_approval = true");
        var secretary = await _host.SignInAsync("sek@example.org");
        await secretary.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org" });
        await _host.Data.ExecuteAsync(
            """
            insert into links (token_hash, purpose, approval_id, created_at, expires_at)
            select @hash, 'approval.decide', approval_id, asked_at, expires_at from approvals
            """,
            new { hash = LinkToken.Hash(_token) });
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Opening_the_link_shows_the_question_and_answers_nothing()
    {
        var html = WebUtility.HtmlDecode(await _host.CreateClient().GetStringAsync($"/approvals/{_token}"));

        Assert.Contains("Bo Bæk", html, StringComparison.Ordinal);
        Assert.Contains("Ja, book pladsen", html, StringComparison.Ordinal);
        Assert.Equal("pending", await StatusAsync());
    }

    [Theory]
    [InlineData("yes", "approved", "booked", "Pladsen er booket")]
    [InlineData("no", "refused", "cancelled", "Pladsen er givet videre")]
    public async Task Answer_is_taken_and_the_same_link_again_says_so(string answer, string status, string booking, string sentence)
    {
        var client = _host.CreateClient();

        var first = WebUtility.HtmlDecode(await (await client.PostFormAsync($"/approvals/{_token}", new() { ["answer"] = answer })).Content.ReadAsStringAsync());
        var again = WebUtility.HtmlDecode(await client.GetStringAsync($"/approvals/{_token}"));

        Assert.Contains(sentence, first, StringComparison.Ordinal);
        Assert.Contains("Du har allerede svaret.", again, StringComparison.Ordinal);
        Assert.Equal(status, await StatusAsync());
        Assert.Equal(booking, await _host.Data.ScalarAsync<string>("select status from bookings"));
    }

    [Fact]
    public async Task Answer_that_is_none_asks_again()
    {
        var client = _host.CreateClient();

        var answer = await client.PostFormAsync($"/approvals/{_token}", new() { ["answer"] = "perhaps" });

        Assert.Equal($"/approvals/{_token}", answer.Headers.Location?.OriginalString);
        Assert.Equal("pending", await StatusAsync());
    }

    [Theory]
    [InlineData("reserve", "1 plads er reserveret")]
    [InlineData("waiting-list", "1 person er skrevet på.")]
    public async Task Secretary_is_told_that_the_leader_is_asked_and_not_that_the_seat_is_booked(string page, string heading)
    {
        var department = await _host.Data.ScalarAsync<long>("select department_id from departments");
        await _host.Data.AddSeatsAsync(await _host.Data.ScalarAsync<long>("select run_id from runs"), 1, department);
        await _host.Data.AddEmployeeAsync(department, "Åse Ærø", "aase@example.org", leaderEmail: "leder@example.org");
        var secretary = await _host.SignInAsync("sek@example.org");

        var html = WebUtility.HtmlDecode(
            await (await secretary.PostFormAsync($"/runs/H-1/{page}", new() { ["Lines"] = "aase@example.org" })).Content.ReadAsStringAsync());

        Assert.Contains(heading, html, StringComparison.Ordinal);
        Assert.Contains("Lederen har fået en mail og skal sige ja.", html, StringComparison.Ordinal);
        Assert.Contains("til lederen har sagt ja", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Fik en plads", html, StringComparison.Ordinal);
        Assert.DoesNotContain("er på vej til deltagerne", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hr_decides_whether_leaders_are_asked_and_nobody_else_does()
    {
        await _host.Data.ExecuteAsync("insert into role_assignments values ('hr@example.org', 'hr')");
        var hr = await _host.SignInAsync("hr@example.org", followRedirects: true);
        var secretary = await _host.SignInAsync("sek@example.org");

        var shown = WebUtility.HtmlDecode(await (await hr.PostFormAsync(
            "/hr/runs/H-1?handler=Approval", new() { ["isAsked"] = "false" }, page: "/hr/runs/H-1")).Content.ReadAsStringAsync());
        var refused = await secretary.GetAsync("/hr/runs/H-1");

        Assert.Contains("Reglen om lederens ja er ændret.", shown, StringComparison.Ordinal);
        Assert.False(await _host.Data.ScalarAsync<bool>("select requires_approval from runs"));
        Assert.Equal(1, await _host.Data.ScalarAsync<long>("select count(*) from audit_entries where action = 'run.approval_rule_changed'"));
        Assert.NotEqual(HttpStatusCode.OK, refused.StatusCode);
    }

    [Fact]
    public async Task Unknown_link_says_what_to_do()
    {
        var html = WebUtility.HtmlDecode(await _host.CreateClient().GetStringAsync("/approvals/unknown"));

        Assert.Contains("Linket findes ikke.", html, StringComparison.Ordinal);
    }

    private Task<string> StatusAsync() => _host.Data.ScalarAsync<string>("select status from approvals");
}
