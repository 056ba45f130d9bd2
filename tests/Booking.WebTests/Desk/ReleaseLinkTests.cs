using System.Net;
using Booking.Data.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Desk;

/// <summary>The link in a warning before the release: opening it changes nothing, its forms decide.</summary>
public sealed class ReleaseLinkTests : IAsyncLifetime
{
    private const string Token = "et-link-som-kun-sekretaeren-har";
    private readonly BookingHost _host = new();
    private long _department;
    private long _run;

    public async ValueTask InitializeAsync()
    {
        _department = await _host.Data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek@example.org");
        _run = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Selvskade"), code: "H-1");
        await _host.Data.AddSeatsAsync(_run, 3, _department);
        await _host.Data.AddEmployeeAsync(_department, "Bo Bæk", "bo@example.org");
        await _host.Data.ExecuteAsync(
            """
            insert into links (token_hash, purpose, run_id, department_id, owner_email, created_at, expires_at)
            select @hash, 'release.decide', @_run, @_department, 'sek@example.org', now(), release_at from runs
            """,
            new { hash = LinkToken.Hash(Token), _run, _department });
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("", true, true)]
    [InlineData("?choice=keep", true, false)]
    [InlineData("?choice=hand_back", false, true)]
    public async Task Opening_the_link_prepares_the_choice_and_changes_nothing(string query, bool keep, bool handBack)
    {
        var html = WebUtility.HtmlDecode(await _host.Stranger().GetStringAsync($"/release/{Token}{query}"));

        Assert.Contains("Afdeling A har 3 ubrugte pladser", html, StringComparison.Ordinal);
        Assert.Equal(keep, html.Contains("name=\"KeepCount\"", StringComparison.Ordinal));
        Assert.Equal(handBack, html.Contains("name=\"HandBackCount\"", StringComparison.Ordinal));
        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from bookings"));
        Assert.Equal(3, await _host.Data.ScalarAsync<long>("select count(*) from seats where pool = 'department' and status = 'free'"));
    }

    [Fact]
    public async Task Keeping_with_names_names_some_and_holds_the_rest_in_the_secretarys_name()
    {
        var html = await PostAsync(new() { ["Choice"] = "keep", ["KeepCount"] = "2", ["Lines"] = "Bo Bæk; bo@example.org" });

        Assert.Contains("1 plads har fået navn. 1 plads er reserveret uden navn", html, StringComparison.Ordinal);
        Assert.Equal(
            ["booked sek@example.org", "held sek@example.org"],
            await _host.Data.QueryAsync<string>("select status || ' ' || booked_by from bookings order by 1"));
        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from audit_entries where actor <> 'sek@example.org' or actor_role <> 'secretary'"));
    }

    [Fact]
    public async Task Handing_back_opens_the_seats()
    {
        var html = await PostAsync(new() { ["Choice"] = "hand_back", ["HandBackCount"] = "3" });

        Assert.Contains("3 pladser er givet tilbage", html, StringComparison.Ordinal);
        Assert.Equal(3, await _host.Data.ScalarAsync<long>("select count(*) from seats where pool = 'open'"));
        Assert.Contains("har ingen ubrugte pladser", WebUtility.HtmlDecode(await _host.Stranger().GetStringAsync($"/release/{Token}")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4", "", "Skriv et helt tal fra 1 til 3.")]
    [InlineData("1", "bo@example.org\nanden@example.org", "I skrev flere navne, end I beholder pladser.")]
    public async Task What_cannot_be_kept_is_said_beside_its_field(string count, string lines, string sentence)
    {
        var html = await PostAsync(new() { ["Choice"] = "keep", ["KeepCount"] = count, ["Lines"] = lines });

        Assert.Contains(sentence, html, StringComparison.Ordinal);
        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from bookings"));
    }

    [Theory]
    [InlineData("update runs set release_at = now() - interval '50 years'; update links set expires_at = now() - interval '50 years'")]
    [InlineData("delete from department_secretaries")]
    [InlineData("delete from links")]
    public async Task Link_that_is_over_or_whose_owner_has_left_opens_nothing(string change)
    {
        await _host.Data.ExecuteAsync(change);

        var html = WebUtility.HtmlDecode(await _host.Stranger().GetStringAsync($"/release/{Token}"));

        Assert.Contains("Linket virker ikke længere", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Afdeling A", html, StringComparison.Ordinal);
    }

    private async Task<string> PostAsync(Dictionary<string, string> fields) => WebUtility.HtmlDecode(
        await (await _host.Stranger().PostFormAsync($"/release/{Token}", fields)).Content.ReadAsStringAsync());
}
