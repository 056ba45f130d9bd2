using System.Net;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Desk;

/// <summary>The secretary's desk: figures, actions, scope.</summary>
public sealed class DeskPageTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();
    private long _department;
    private long _other;
    private long _run;

    public async ValueTask InitializeAsync()
    {
        _department = await _host.Data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek@example.org");
        _other = await _host.Data.AddDepartmentAsync("B", "Afdeling B", secretary: "anden@example.org");
        _run = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Selvskade"), code: "H-1");
        await _host.Data.AddSeatsAsync(_run, 4, _department);
        await _host.Data.AddEmployeeAsync(_department, "Bo Bæk", "bo@example.org");
        await _host.Data.AddEmployeeAsync(_department, "Åse Ærø", "aase@example.org");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/sign-in", "/")]
    [InlineData("/sign-in?returnUrl=%2Fcourses", "/")]
    [InlineData("/sign-in?returnUrl=%2Fruns%2FH-1", "/runs/H-1")]
    public async Task Secretary_without_a_wish_begins_at_the_desk(string address, string target)
    {
        var client = _host.Stranger();
        var returnUrl = address.Split("returnUrl=") is [_, var wish] ? Uri.UnescapeDataString(wish) : "";
        var answer = await client.PostFormAsync("/sign-in", new() { ["email"] = "sek@example.org", ["returnUrl"] = returnUrl }, address);

        Assert.Equal(target, answer.Headers.Location!.ToString());
        Assert.Equal("/desk", (await client.GetAsync("/")).Headers.Location!.ToString());
        Assert.Equal("/courses", (await _host.Stranger().GetAsync("/")).Headers.Location!.ToString());
    }

    [Fact]
    public async Task Hold_name_and_hand_back_are_counted_on_the_desk()
    {
        var client = await _host.SignInAsync("sek@example.org");

        var held = await PostAsync(client, new() { ["Do"] = "hold", ["HoldCount"] = "3" });
        var named = await PostAsync(client, new() { ["Do"] = "name", ["Lines"] = "bo@example.org\naase@example.org\nukendt@example.org" });
        var handedBack = await PostAsync(client, new() { ["Do"] = "hand_back", ["HandBackCount"] = "1" });

        Assert.Contains("3 pladser er reserveret uden navn", held, StringComparison.Ordinal);
        Assert.Contains("2 pladser har fået navn.", named, StringComparison.Ordinal);
        Assert.Contains("Findes ikke i afdelingen", named, StringComparison.Ordinal);
        Assert.Contains("1 plads er givet tilbage", handedBack, StringComparison.Ordinal);
        Assert.Equal(["2", "1", "0", "0"], Figures(await PageAsync(client, "/desk")));
    }

    [Fact]
    public async Task One_seat_is_named_in_its_own_row_and_its_history_says_who_and_what()
    {
        var client = await _host.SignInAsync("sek@example.org");
        await PostAsync(client, new() { ["Do"] = "hold", ["HoldCount"] = "1" });
        var reference = await _host.Data.ScalarAsync<Guid>("select reference from bookings");

        await PostAsync(client, new() { ["Do"] = "name", ["Lines"] = "Bo Bæk", ["Booking"] = $"{reference}" });
        var html = await PageAsync(client, "/desk/runs/H-1");

        Assert.Contains("Plads reserveret uden navn", html, StringComparison.Ordinal);
        Assert.Contains("Plads har fået navn: Bo Bæk", html, StringComparison.Ordinal);
        Assert.Contains("sek@example.org (afdelingssekretær)", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ticked_runs_get_one_outcome_each()
    {
        var second = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Psykopatologi"), code: "H-2");
        await _host.Data.AddSeatsAsync(second, 2, _department);
        var client = await _host.SignInAsync("sek@example.org");

        var held = await PostDeskAsync(client, "hold", [$"{_run}-{_department}", $"{second}-{_department}"]);
        var handedBack = await PostDeskAsync(client, "hand_back", [$"{_run}-{_department}"]);
        var nothing = await PostDeskAsync(client, "hold", []);

        Assert.Contains("Udført for 2 af 2 hold", held, StringComparison.Ordinal);
        Assert.Contains("Psykopatologi</span>, H-2: 2 pladser er reserveret uden navn", held, StringComparison.Ordinal);
        Assert.Contains("Afdelingen har ingen ubrugte pladser på holdet.", handedBack, StringComparison.Ordinal);
        Assert.Contains("Sæt mindst ét flueben", nothing, StringComparison.Ordinal);
        Assert.Equal(6, await _host.Data.ScalarAsync<long>("select count(*) from bookings where held_for = 'name'"));
    }

    [Fact]
    public async Task One_link_ticks_every_row_that_can_be_ticked_and_another_none()
    {
        await _host.Data.AddSeatsAsync(await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(), code: "H-2"), 2, _department);
        var used = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(), code: "H-3");
        await _host.Data.AddSeatsAsync(used, 1, _department);
        var client = await _host.SignInAsync("sek@example.org");
        await client.PostFormAsync("/runs/H-3/reserve", new() { ["Lines"] = "bo@example.org" });

        var plain = await PageAsync(client, "/desk");
        var all = await PageAsync(client, Link(plain, "Vælg alle hold med ubrugte pladser"));
        var none = await PageAsync(client, Link(all, "Fravælg alle"));

        Assert.Equal((0, 2, 0), (Ticks(plain), Ticks(all), Ticks(none)));

        static int Ticks(string html) => html.Split('<').Count(tag => tag.Contains("name=\"Chosen\"", StringComparison.Ordinal) && tag.Contains("checked", StringComparison.Ordinal));
        static string Link(string html, string words) => html.Split($"\">{words}")[0].Split("href=\"")[^1];
    }

    [Fact]
    public async Task Seat_without_a_name_leads_from_the_bookings_to_the_page_where_it_gets_one()
    {
        var client = await _host.SignInAsync("sek@example.org");
        await PostAsync(client, new() { ["Do"] = "hold", ["HoldCount"] = "1" });

        var html = await PageAsync(client, "/bookings/department");

        Assert.Contains($"<a href=\"/desk/runs/H-1?department={_department}\">Uden navn", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("")]
    public async Task Count_that_is_none_is_said_beside_the_field(string count)
    {
        var client = await _host.SignInAsync("sek@example.org");

        var html = await PostAsync(client, new() { ["Do"] = "hold", ["HoldCount"] = count });

        Assert.Contains("Skriv et helt tal fra 1 til 99.", html, StringComparison.Ordinal);
        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from bookings"));
    }

    [Fact]
    public async Task Past_and_cancelled_runs_are_shown_only_when_asked_for()
    {
        var old = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Overstået"), code: "H-0", daysFromNow: -30);
        await _host.Data.AddSeatsAsync(old, 2, _department);
        var client = await _host.SignInAsync("sek@example.org");

        Assert.DoesNotContain("Overstået", await PageAsync(client, "/desk"), StringComparison.Ordinal);
        Assert.Contains("Overstået", await PageAsync(client, "/desk?show=all"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_departments_seats_are_not_found_and_not_touched()
    {
        var client = await _host.SignInAsync("anden@example.org");

        Assert.DoesNotContain("Selvskade", await PageAsync(client, "/desk"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/desk/runs/H-1?department={_department}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/desk/runs/ukendt")).StatusCode);
        foreach (var (address, fields) in new (string, Dictionary<string, string>)[]
        {
            ("/desk/runs/H-1", new() { ["department"] = $"{_department}", ["Do"] = "hand_back", ["HandBackCount"] = "1" }),
            ("/desk", new() { ["Do"] = "hand_back", ["Chosen"] = $"{_run}-{_department}" }),
            ("/desk/calendar?handler=make", new() { ["department"] = $"{_department}" }),
        })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.PostFormAsync(address, fields, "/desk/calendar")).StatusCode);
        }

        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from seat_transfers"));
        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from links"));
    }

    [Fact]
    public async Task Another_departments_people_are_not_in_the_history()
    {
        await _host.Data.AddSeatsAsync(_run, 1, _other);
        await _host.Data.AddEmployeeAsync(_other, "Fremmed Navn", "fremmed@example.org");
        var foreign = await _host.SignInAsync("anden@example.org");
        await foreign.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "fremmed@example.org" });
        var client = await _host.SignInAsync("sek@example.org");
        await PostAsync(client, new() { ["Do"] = "hold", ["HoldCount"] = "1" });

        var html = await PageAsync(client, "/desk/runs/H-1");

        Assert.DoesNotContain("Fremmed", html, StringComparison.Ordinal);
        Assert.DoesNotContain("anden@example.org", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/desk")]
    [InlineData("/desk/runs/H-1")]
    [InlineData("/desk/calendar")]
    public async Task Nobody_but_a_secretary_has_a_desk(string address)
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await (await _host.SignInAsync("bo@example.org")).GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await _host.Stranger().GetAsync(address)).StatusCode);
    }

    [Theory]
    [InlineData("2027-03", true)]
    [InlineData("2027-02", false)]
    [InlineData("9999-99", false)]
    [InlineData("x", false)]
    public async Task Calendar_shows_the_months_sessions(string month, bool isThere)
    {
        var client = await _host.SignInAsync("sek@example.org");

        var html = await PageAsync(client, $"/desk/calendar?month={month}");

        Assert.Equal(isThere, html.Contains("Selvskade", StringComparison.Ordinal));
    }

    private static async Task<string> PageAsync(HttpClient client, string address) => WebUtility.HtmlDecode(await client.GetStringAsync(address));

    private static async Task<string> PostAsync(HttpClient client, Dictionary<string, string> fields) =>
        WebUtility.HtmlDecode(await (await client.PostFormAsync("/desk/runs/H-1", fields)).Content.ReadAsStringAsync());

    private static async Task<string> PostDeskAsync(HttpClient client, string action, string[] chosen) => WebUtility.HtmlDecode(
        await (await client.PostFieldsAsync("/desk", [new("Do", action), .. chosen.Select(key => new KeyValuePair<string, string>("Chosen", key))], "/desk/calendar"))
            .Content.ReadAsStringAsync());

    // Used, without a name, unused, waiting: the numbers of the only row.
    private static string[] Figures(string html) => [.. html.Split("class=\"align-text-right\">").TakeLast(4).Select(cell => cell.Split('<')[0])];
}
