using System.Net;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Audit;

public sealed class RunAuditPageTests(BookingHost host) : IClassFixture<BookingHost>
{
    [Fact]
    public async Task Trail_says_who_when_and_what_in_words()
    {
        var department = await host.Data.AddDepartmentAsync("N", "Psykiatri Nord", secretary: "sek@example.org");
        await host.Data.AddEmployeeAsync(department, "Sekretær Sørensen", "sek@example.org");
        var person = await host.Data.AddEmployeeAsync(department, "Åse Ørn");
        var run = await ArrangeAsync("H1");
        await WriteAsync(run, "release", "system", "run.released", details: """{"department_seats": 3, "external_seats": 2}""");
        await WriteAsync(run, "sek@example.org", "secretary", "booking.cancelled", person, department, """{"seat": 4, "late": true}""");
        await WriteAsync(run, "hr@example.org", "hr", "run.changed", details: """{"fields": ["sted", "by"]}""");
        await WriteAsync(run, "x", "system", "future.<b>action", details: """{"a": {"b": [1]}, "c": null, "d": false}""");
        var hr = await host.SignInAsync("hr@example.org");

        var html = await hr.GetStringAsync("/hr/runs/H1/audit");

        Assert.Contains("Tilmelding afmeldt", html, StringComparison.Ordinal);
        Assert.Contains("Åse Ørn · Psykiatri Nord · plads 4 · efter fristen", html, StringComparison.Ordinal);
        Assert.Contains("Sekretær Sørensen, sek@example.org (afdelingssekretær)", html, StringComparison.Ordinal);
        Assert.Contains("Systemet (frigivelse af pladser)", html, StringComparison.Ordinal);
        Assert.Contains("eksterne pladser: 2 · afdelingspladser: 3", html, StringComparison.Ordinal);
        Assert.Contains("ændret: sted, by", html, StringComparison.Ordinal);
        Assert.Contains("11. januar 2027 kl. 8.00", html, StringComparison.Ordinal);
        Assert.Contains("future.&lt;b&gt;action", html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("Tilmelding afmeldt", StringComparison.Ordinal) < html.IndexOf("garantipladser er frigivet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Long_trail_is_paged()
    {
        var run = await ArrangeAsync("H2");
        await host.Data.ExecuteAsync(
            "insert into audit_entries (at, actor, actor_role, action, run_id) select now(), 'x', 'system', 'tested', @run from generate_series(1, 51)",
            new { run });
        var hr = await host.SignInAsync("hr@example.org");

        var first = await hr.GetStringAsync("/hr/runs/H2/audit");
        var link = first[(first.IndexOf("?before=", StringComparison.Ordinal))..];
        var second = await hr.GetStringAsync("/hr/runs/H2/audit" + link[..link.IndexOf('"', StringComparison.Ordinal)]);

        Assert.Equal(50, first.Split("audit-what").Length - 1);
        Assert.Equal(1, second.Split("audit-what").Length - 1);
        Assert.DoesNotContain("Vis ældre", second, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/hr/runs/nowhere/audit", HttpStatusCode.NotFound)]
    [InlineData("/hr/runs/%01%27%22/audit", HttpStatusCode.NotFound)]
    [InlineData("/hr/runs/H3/audit?before=99999999999999999999999", HttpStatusCode.OK)]
    [InlineData("/hr/runs/H3/audit?before=-1&before=x", HttpStatusCode.OK)]
    public async Task Hostile_addresses_are_answered_calmly(string url, HttpStatusCode expected)
    {
        if (await host.Data.ScalarAsync<long>("select count(*) from runs where code = 'H3'") == 0)
        {
            await ArrangeAsync("H3");
        }

        var hr = await host.SignInAsync("hr@example.org");

        Assert.Equal(expected, (await hr.GetAsync(url)).StatusCode);
    }

    [Fact]
    public async Task Trail_is_for_hr_only()
    {
        await ArrangeAsync("H4");
        await host.Data.AddDepartmentAsync("S", secretary: "other@example.org");
        var secretary = await host.SignInAsync("other@example.org");

        Assert.Equal(HttpStatusCode.Forbidden, (await secretary.GetAsync("/hr/runs/H4/audit")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await host.Stranger().GetAsync("/hr/runs/H4/audit")).StatusCode);
    }

    private async Task<long> ArrangeAsync(string code)
    {
        await host.Data.ExecuteAsync("insert into role_assignments values ('hr@example.org', 'hr') on conflict do nothing");
        return await host.Data.AddRunAsync(await host.Data.AddCourseAsync($"K-{code}"), code);
    }

    private Task WriteAsync(
        long run, string actor, string role, string action, long? person = null, long? department = null, string details = "{}") =>
        host.Data.ExecuteAsync(
            """
            insert into audit_entries (at, actor, actor_role, action, run_id, person_id, department_id, details)
            values (@at, @actor, @role, @action, @run, @person, @department, @details::jsonb)
            """,
            new { at = host.Clock.GetUtcNow(), actor, role, action, run, person, department, details });
}
