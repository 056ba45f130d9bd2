using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.FillRates;

public sealed partial class FillRatePageTests(BookingHost host) : IClassFixture<BookingHost>, IAsyncLifetime
{
    private const string Page = "/hr/fill-rates";
    private HttpClient _hr = null!;

    public async ValueTask InitializeAsync()
    {
        // The class shares one database: rows are made once.
        if (await host.Data.ScalarAsync<long>("select count(*) from role_assignments where email = 'hr@example.org'") == 0)
        {
            await ArrangeAsync();
        }

        _hr = await host.SignInAsync("hr@example.org");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(Page)]
    [InlineData(Page + ".csv")]
    public async Task Page_is_for_hr_only(string url)
    {
        Assert.Equal(HttpStatusCode.OK, (await _hr.GetAsync(url)).StatusCode);
        var secretary = await host.SignInAsync("secretary@example.org");
        Assert.Equal(HttpStatusCode.Forbidden, (await secretary.GetAsync(url)).StatusCode);
        var stranger = await host.Stranger().GetAsync(url);
        Assert.Equal(HttpStatusCode.Redirect, stranger.StatusCode);
        Assert.Contains("/sign-in", stranger.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Problems_stand_first_and_each_run_links_to_its_pages()
    {
        var html = await GetAsync(Page);

        Assert.Equal(["SOON", "LATE", "ONLINE"], Codes(html));
        Assert.Contains("Fyldes næppe", html, StringComparison.Ordinal);
        foreach (var link in new[] { "/runs/SOON", "/hr/runs/SOON/allotment", "/hr/runs/SOON/audit" })
        {
            Assert.Contains($"href=\"{link}\"", html, StringComparison.Ordinal);
        }

        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?sort=start&dir=desc", "ONLINE", "LATE", "SOON")]
    [InlineData("?sort=title", "LATE", "SOON", "ONLINE")]
    [InlineData("?sort=taken", "ONLINE", "SOON", "LATE")]
    [InlineData("?form=online", "ONLINE")]
    [InlineData("?area=career", "ONLINE")]
    [InlineData("?view=will-not-fill", "SOON")]
    [InlineData("?view=unused&sort=code", "LATE", "SOON")]
    [InlineData("?q=angst+k1", "SOON")]
    [InlineData("?month=3&sort=start", "LATE")]
    [InlineData("?year=1999")]
    public async Task Filters_and_order_stand_in_the_address(string query, params string[] codes) =>
        Assert.Equal(codes, Codes(await GetAsync(Page + query)));

    [Fact]
    public async Task Sorted_column_says_so_and_its_link_turns_the_order()
    {
        var html = await GetAsync(Page + "?sort=start&q=k");

        Assert.Contains("aria-sort=\"ascending\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/hr/fill-rates?q=k&amp;sort=start&amp;dir=desc\"", html, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(html, "aria-sort=", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData("?year=99999999999999999999&page=-5&days=abc&month=0&sort=';drop table runs;--&dir=x")]
    [InlineData("?q=%00%27%22%3Cscript%3E%25_%5C&page=2147483647")]
    [InlineData("?q=%ED%A0%80&area=%00&form=%00&view=%00")]
    [InlineData("?sort=start&sort=code&year=2027&year=1&q=a&q=b")]
    [InlineData("?year=1900&month=12&when=past")]
    public async Task Hostile_addresses_are_answered_calmly(string query)
    {
        Assert.Equal(HttpStatusCode.OK, (await _hr.GetAsync(Page + query)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _hr.GetAsync(Page + ".csv" + query)).StatusCode);
    }

    [Fact]
    public async Task Chart_has_title_description_and_its_table()
    {
        var html = await GetAsync(Page);

        Assert.Matches("<svg class=\"chart\" role=\"img\" aria-labelledby=\"chart-title chart-text\"", html);
        Assert.Contains("<title id=\"chart-title\">Fyldningsgrad måned for måned</title>", html, StringComparison.Ordinal);
        Assert.Matches("<desc id=\"chart-text\">Søjlediagram: [^<]*februar 2027 30 %", html);
        Assert.Matches("<details[^>]*>\\s*<summary>Vis tallene i en tabel</summary>", html);
        Assert.Contains("<th scope=\"row\">februar 2027</th>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_has_no_inline_script_or_style()
    {
        var html = await GetAsync(Page);

        Assert.DoesNotContain(" style=", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<style", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("<script(?![^>]* src=)", html);
    }

    [Fact]
    public async Task Page_is_english_when_asked()
    {
        var client = await host.SignInAsync("hr@example.org");
        await client.GetAsync(Page + "?culture=en");

        var html = WebUtility.HtmlDecode(await client.GetStringAsync(Page));

        Assert.Contains("Unused guaranteed seats", html, StringComparison.Ordinal);
        Assert.DoesNotContain("FillRates.", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_has_the_pages_filters_and_order_for_danish_excel()
    {
        var answer = await _hr.GetAsync(Page + ".csv?sort=taken&view=unused");
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var lines = Encoding.UTF8.GetString(bytes[3..]).Split("\r\n");

        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("fyldningsgrader-2027.csv", answer.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        Assert.StartsWith("Holdkode;Kursus;Indsatsområde;Form;By;Status;Start;Dage til start;Pladser;Optaget;", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            "SOON;'=Angst k1;Det gode pleje- og behandlingsforløb;Fysisk fremmøde;Aalborg;Offentliggjort;07-02-2027 08:30;27;10;3;2;0;1;30,0;"
            + "4;4;0;3;6;3;nej;03-01-2027 08:30;-8;1;1;",
            lines[1]);
        Assert.StartsWith("LATE;<script>", lines[2], StringComparison.Ordinal);
        Assert.Equal("", lines[3]);
    }

    [Fact]
    public async Task Two_hundred_and_fifty_runs_stand_on_three_pages()
    {
        await using var other = new BookingHost();
        await other.Data.ExecuteAsync("insert into role_assignments values ('hr@example.org', 'hr')");
        var course = await other.Data.AddCourseAsync();
        for (var number = 0; number < 250; number++)
        {
            await other.Data.AddRunAsync(course, $"R{number:000}");
        }

        var client = await other.SignInAsync("hr@example.org");
        var pages = new List<string>();
        foreach (var page in new[] { "", "&page=2", "&page=3", "&page=99" })
        {
            pages.Add(WebUtility.HtmlDecode(await client.GetStringAsync(Page + "?sort=code" + page)));
        }

        Assert.Equal([100, 100, 50, 50], pages.Select(p => Codes(p).Count));
        Assert.Equal("R100", Codes(pages[1])[0]);
        Assert.Contains("Side 3 af 3", pages[3], StringComparison.Ordinal);
        Assert.Contains("href=\"/hr/fill-rates?sort=code&page=3#list\"", pages[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Year_with_most_upcoming_runs_is_shown_and_the_others_are_named()
    {
        await using var other = new BookingHost();
        await other.Data.ExecuteAsync("insert into role_assignments values ('hr@example.org', 'hr')");
        var course = await other.Data.AddCourseAsync();
        await other.Data.AddRunAsync(course, "A2027", daysFromNow: 30);
        await other.Data.AddRunAsync(course, "A2028", daysFromNow: 400);
        await other.Data.AddRunAsync(course, "B2028", daysFromNow: 401);
        var client = await other.SignInAsync("hr@example.org");

        var html = await client.GetStringAsync(Page);

        Assert.Equal(["A2028", "B2028"], Codes(html));
        Assert.Contains("<a href=\"/hr/fill-rates?year=2027\">2027 (1)</a>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_plan_says_so()
    {
        await using var other = new BookingHost();
        await other.Data.ExecuteAsync("insert into role_assignments values ('hr@example.org', 'hr')");
        var client = await other.SignInAsync("hr@example.org");

        Assert.Contains("Der er ingen handleplan endnu", WebUtility.HtmlDecode(await client.GetStringAsync(Page)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Page + ".csv")).StatusCode);
    }

    private async Task ArrangeAsync()
    {
        var data = host.Data;
        await data.ExecuteAsync("insert into role_assignments values ('hr@example.org', 'hr')");
        var department = await data.AddDepartmentAsync("N", secretary: "secretary@example.org");
        var soon = await data.AddRunAsync(await data.AddCourseAsync("K1", "=Angst k1"), "SOON", daysFromNow: 27);
        var late = await data.AddRunAsync(await data.AddCourseAsync("K2", "<script>alert(1)</script>"), "LATE", daysFromNow: 60);
        var online = await data.AddRunAsync(await data.AddCourseAsync("K3", "Åben dialog", form: "online"), "ONLINE", daysFromNow: 90);
        await data.ExecuteAsync("update courses set focus_area = 'career' where code = 'K3'");
        await data.ExecuteAsync("update runs set minimum_participants = 6 where code = 'SOON'");
        await data.AddSeatsAsync(soon, 6, department);
        await data.AddSeatsAsync(soon, 4);
        await data.AddSeatsAsync(late, 10, department);
        await data.AddSeatsAsync(online, 10);
        await data.ExecuteAsync(
            """
            update seats set status = 'taken' where run_id = @soon and number in (1, 2, 7) or run_id = @online and number <= 8;
            """,
            new { soon, online });
        await data.ExecuteAsync(
            """
            insert into bookings (run_id, seat_number, pool, status, source, booked_by, booked_at, cancelled_at, is_late_cancellation)
            values (@soon, 3, 'open', 'cancelled', 'secretary', 'x@example.org', now(), now(), true)
            """,
            new { soon });
    }

    private Task<string> GetAsync(string url) => _hr.GetStringAsync(url);

    private static IReadOnlyList<string> Codes(string html) => [.. Code().Matches(html).Select(m => m.Groups["code"].Value)];

    [GeneratedRegex("class=\"fill-title\" href=\"/runs/(?<code>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
