using System.Net;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Frame;

public sealed class SignInTests(BookingHost host) : IClassFixture<BookingHost>
{
    [Fact]
    public async Task Sign_in_lists_people_by_role()
    {
        var department = await host.Data.AddDepartmentAsync("LIST", "Psykiatri Øst", secretary: "list@example.org");
        await host.Data.AddEmployeeAsync(department, "Åse Østergård");

        var html = await host.Stranger().GetStringAsync("/sign-in");

        Assert.Contains("Afdelingssekretærer", html, StringComparison.Ordinal);
        Assert.Contains("Psykiatri Øst", html, StringComparison.Ordinal);
        Assert.Contains("Åse Østergård", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_in_shows_the_name_and_signing_out_ends_it()
    {
        var department = await host.Data.AddDepartmentAsync();
        await host.Data.AddEmployeeAsync(department, "Signe Ågård", "signe@example.org");
        var client = await host.SignInAsync("SIGNE@example.org");

        var page = await client.GetAsync("/sign-out");
        Assert.Contains("Signe Ågård", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(page.Headers.CacheControl?.NoStore);

        var signedOut = await client.PostFormAsync("/sign-out", []);
        Assert.Equal("/", signedOut.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/sign-out")).StatusCode);
    }

    [Fact]
    public async Task An_address_without_a_role_is_refused()
    {
        var answer = await host.Stranger().PostFormAsync("/sign-in", new() { ["email"] = "nobody@example.org" });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("ingen rolle", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/courses?q=x", "/courses?q=x")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("", "/")]
    public async Task Only_addresses_of_this_site_are_returned_to(string returnUrl, string expected)
    {
        await host.Data.ExecuteAsync("insert into role_assignments values ('hr@example.org', 'hr') on conflict do nothing");

        var answer = await host.Stranger().PostFormAsync(
            "/sign-in", new() { ["email"] = "hr@example.org", ["returnUrl"] = returnUrl });

        Assert.Equal(expected, answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using var content = new FormUrlEncodedContent([new("email", "hr@example.org")]);

        var answer = await host.Stranger().PostAsync("/sign-in", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Det kunne vi ikke tage imod", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_role_ends_the_session_within_minutes()
    {
        await host.Data.ExecuteAsync("insert into role_assignments values ('lost@example.org', 'administrator')");
        var client = await host.SignInAsync("lost@example.org");
        await host.Data.ExecuteAsync("delete from role_assignments where email = 'lost@example.org'");

        host.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/sign-out")).StatusCode);
    }

    [Fact]
    public async Task Keys_of_cookies_are_kept_in_the_database()
    {
        await host.Stranger().GetAsync("/sign-in");

        Assert.True(await host.Data.ScalarAsync<long>("select count(*) from data_protection_keys") > 0);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Outside_development_nobody_is_listed_or_let_in(string environment)
    {
        await using var other = BookingHost.Create(environment);
        await other.Data.ExecuteAsync("insert into role_assignments values ('hr@example.org', 'hr')");
        var client = other.Stranger();

        var html = await client.GetStringAsync("/sign-in");
        Assert.Contains("ikke sat op", html, StringComparison.Ordinal);
        Assert.DoesNotContain("hr@example.org", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", html, StringComparison.Ordinal);

        using var content = new FormUrlEncodedContent([new("email", "hr@example.org")]);
        var answer = await client.PostAsync("/sign-in", content);
        Assert.False(answer.IsSuccessStatusCode);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies)
            && cookies.Any(c => c.StartsWith("booking.session", StringComparison.Ordinal)));
    }
}
