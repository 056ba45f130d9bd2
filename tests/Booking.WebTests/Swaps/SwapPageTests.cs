using System.Net;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Swaps;

public sealed class SwapPageTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();
    private long _a;
    private long _b;

    public async ValueTask InitializeAsync()
    {
        var data = _host.Data;
        _a = await data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek-a@example.org");
        _b = await data.AddDepartmentAsync("B", "Afdeling B", secretary: "sek-b@example.org");
        await data.AddDepartmentAsync("C", "Afdeling C", secretary: "sek-c@example.org");
        await data.AddEmployeeAsync(_a, "Bo Bæk", "bo@example.org");
        await data.AddSeatsAsync(await data.AddRunAsync(await data.AddCourseAsync(title: "Ro"), "X-1"), 3, _a);
        await data.AddSeatsAsync(await data.AddRunAsync(await data.AddCourseAsync(title: "Selvskade"), "Y-1"), 3, _b);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Secretary_proposes_and_the_other_secretary_says_yes()
    {
        var a = await _host.SignInAsync("sek-a@example.org");
        var form = WebUtility.HtmlDecode(await a.GetStringAsync($"/swaps/new?To={_b}"));
        Assert.Contains("Ro, ", form, StringComparison.Ordinal);
        Assert.Contains("3 pladser", form, StringComparison.Ordinal);

        var answer = await a.PostFormAsync("/swaps/new", Fields(), $"/swaps/new?To={_b}");
        Assert.Equal("/swaps?proposed=True", answer.Headers.Location?.OriginalString);
        Assert.Contains("Træk tilbage", WebUtility.HtmlDecode(await a.GetStringAsync("/swaps")), StringComparison.Ordinal);

        var b = await _host.SignInAsync("sek-b@example.org");
        var reference = await _host.Data.ScalarAsync<Guid>("select reference from seat_swaps");
        var html = WebUtility.HtmlDecode(await (await b.PostFormAsync("/swaps", Answer(reference, "Accept"))).Content.ReadAsStringAsync());

        Assert.Contains("Pladserne er byttet", html, StringComparison.Ordinal);
        Assert.Equal(2, await _host.Data.ScalarAsync<long>("select count(*) from seat_transfers where kind = 'swap'"));
    }

    [Theory]
    [InlineData("OfferedSeats", "9", "I har ikke så mange")]
    [InlineData("WantedSeats", "9", "De har ikke så mange")]
    [InlineData("OfferedSeats", "mange", "Skriv et antal")]
    [InlineData("OfferedRun", "Z-9", "Vælg et hold")]
    public async Task What_cannot_be_proposed_is_said_beside_the_field(string field, string value, string sentence)
    {
        var client = await _host.SignInAsync("sek-a@example.org");
        var fields = Fields();
        fields[field] = value;

        var html = WebUtility.HtmlDecode(await (await client.PostFormAsync("/swaps/new", fields, $"/swaps/new?To={_b}")).Content.ReadAsStringAsync());

        Assert.Contains(sentence, html, StringComparison.Ordinal);
        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from seat_swaps"));
    }

    [Fact]
    public async Task Others_neither_see_nor_answer_it_and_nobody_offers_another_departments_seats()
    {
        var a = await _host.SignInAsync("sek-a@example.org");
        await a.PostFormAsync("/swaps/new", Fields(), $"/swaps/new?To={_b}");
        var reference = await _host.Data.ScalarAsync<Guid>("select reference from seat_swaps");

        var c = await _host.SignInAsync("sek-c@example.org");
        Assert.DoesNotContain("Selvskade", await c.GetStringAsync("/swaps"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await c.PostFormAsync("/swaps", Answer(reference, "Accept"), "/swaps/new")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await a.PostFormAsync("/swaps", Answer(reference, "Accept"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await a.PostFormAsync("/swaps", Answer(reference, "7"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await c.GetAsync($"/swaps/new?From={_a}&To={_b}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await c.PostFormAsync("/swaps/new", Fields(), "/swaps/new")).StatusCode);
        Assert.Equal("proposed", await _host.Data.ScalarAsync<string>("select status from seat_swaps"));
    }

    [Fact]
    public async Task Only_secretaries_have_the_page()
    {
        var employee = await _host.SignInAsync("bo@example.org");

        Assert.NotEqual(HttpStatusCode.OK, (await employee.GetAsync("/swaps")).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await _host.Stranger().GetAsync("/swaps/new")).StatusCode);
    }

    private Dictionary<string, string> Fields() => new()
    {
        ["From"] = $"{_a}",
        ["To"] = $"{_b}",
        ["OfferedRun"] = "X-1",
        ["OfferedSeats"] = "2",
        ["WantedRun"] = "Y-1",
        ["WantedSeats"] = "1",
    };

    private static Dictionary<string, string> Answer(Guid reference, string answer) => new() { ["reference"] = $"{reference}", ["answer"] = answer };
}
