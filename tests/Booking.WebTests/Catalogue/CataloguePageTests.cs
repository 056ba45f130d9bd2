using System.Net;
using System.Text.RegularExpressions;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Catalogue;

/// <summary>A catalogue that the tests of this class only read.</summary>
public sealed class CatalogueHost : IAsyncLifetime
{
    public BookingHost Host { get; } = BookingHost.Create();

    public async ValueTask InitializeAsync()
    {
        var department = await Host.Data.AddDepartmentAsync("PSY", "Psykiatri Øst", secretary: "sekretaer@example.org");
        await Host.Data.AddEmployeeAsync(department, "Åse Østergård", "aase@example.org");
        for (var n = 1; n <= 25; n++)
        {
            var course = await Host.Data.AddCourseAsync($"K27-{n:000}", n == 3 ? "Pårørendesamtaler" : $"Kursus nr. {n}", crossSector: n % 2 == 0);
            var run = await Host.Data.AddRunAsync(course, $"K27-{n:000}-1", daysFromNow: 20 + n);
            await Host.Data.AddSeatsAsync(run, n % 3 == 0 ? 5 : 0, department);
            await Host.Data.AddSeatsAsync(run, 2, pool: "external");
        }

        var hostile = await Host.Data.AddCourseAsync("K27-XSS", "<script>alert(1)</script> & \"Zoologi\"");
        await Host.Data.AddRunAsync(hostile, daysFromNow: 90);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

public sealed partial class CataloguePageTests(CatalogueHost catalogue) : IClassFixture<CatalogueHost>
{
    private readonly BookingHost _host = catalogue.Host;

    [Fact]
    public async Task Everybody_sees_the_courses_with_their_next_runs()
    {
        var html = await _host.Stranger().GetStringAsync("/courses");

        Assert.Contains("26 kurser", html, StringComparison.Ordinal);
        Assert.Equal(20, CourseTitles().Count(html));
        Assert.Contains("href=\"/courses?page=2\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/runs/K27-001-1\"", html, StringComparison.Ordinal);
        Assert.Contains("1. februar 2027", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_front_page_leads_to_the_catalogue() =>
        Assert.Equal("/courses", (await _host.Stranger().GetAsync("/")).Headers.Location?.ToString());

    [Fact]
    public async Task Search_and_filters_stay_in_the_form()
    {
        var html = await _host.Stranger().GetStringAsync("/courses?q=paaroer&form=onsite");

        Assert.Contains("Pårørendesamtaler", html, StringComparison.Ordinal);
        Assert.Equal(1, CourseTitles().Count(html));
        Assert.Contains("value=\"paaroer\"", html, StringComparison.Ordinal);
        Assert.Matches("id=\"form-onsite\"[^>]*checked", html);
    }

    [Fact]
    public async Task Seats_left_are_counted_for_the_one_who_looks()
    {
        var stranger = await _host.Stranger().GetStringAsync("/courses?seats=1");
        var secretary = await (await _host.SignInAsync("sekretaer@example.org")).GetStringAsync("/courses?seats=1");
        var employee = await (await _host.SignInAsync("aase@example.org")).GetStringAsync("/courses?seats=1");

        Assert.Contains("12 kurser", stranger, StringComparison.Ordinal);
        Assert.Contains("8 kurser", secretary, StringComparison.Ordinal);
        Assert.Contains("8 kurser", employee, StringComparison.Ordinal);
    }

    [Fact]
    public async Task English_is_english_all_through()
    {
        var client = _host.Stranger(followRedirects: true);

        var html = await client.GetStringAsync("/courses?culture=en");

        Assert.Contains("26 courses", html, StringComparison.Ordinal);
        Assert.Contains("Good care and treatment", html, StringComparison.Ordinal);
        Assert.Contains("1 February 2027", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Indsatsområde", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Htmx_gets_the_results_alone_and_the_short_address()
    {
        var client = _host.Stranger();
        client.DefaultRequestHeaders.Add("HX-Request", "true");

        var answer = await client.GetAsync("/courses?q=paaroer&sort=&page=");
        var html = await answer.Content.ReadAsStringAsync();

        Assert.DoesNotContain("<html", html, StringComparison.Ordinal);
        Assert.Contains("1 kursus", html, StringComparison.Ordinal);
        Assert.Equal("/courses?q=paaroer", Assert.Single(answer.Headers.GetValues("HX-Push-Url")));
        Assert.Contains("HX-Request", answer.Headers.Vary);
    }

    [Fact]
    public async Task Nothing_found_says_what_to_do()
    {
        var html = await _host.Stranger().GetStringAsync("/courses?q=traktor&seats=1");

        Assert.Contains("0 kurser", html, StringComparison.Ordinal);
        Assert.Contains("Ingen kurser passer på det hele", html, StringComparison.Ordinal);
        Assert.Contains("Vis alle kurser", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?q='; drop table courses; --&focus='&form=<b>&month=2027-99&town=%00&sort=x&page=-5&seats=maybe")]
    [InlineData("?q=%3Cscript%3Ealert(1)%3C/script%3E&town=%22%3E%3Cimg src=x onerror=alert(1)%3E")]
    [InlineData("?page=999999999999999999999999&q=%F0%9F%98%80%00%ED%A0%80")]
    [InlineData("?q=((((%7C%7C%26%26!!:*:*\\\\&q=second&page=2147483647")]
    public async Task Hostile_addresses_are_answered_calmly(string query)
    {
        var answer = await _host.Stranger().GetAsync("/courses" + query);
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Titles_are_text_and_never_markup()
    {
        var html = await _host.Stranger().GetStringAsync("/courses?q=zoologi");

        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/courses/NOTHING")]
    [InlineData("/runs/NOTHING")]
    [InlineData("/courses/%F0%9F%98%80")]
    [InlineData("/runs/..%2f..%2fetc%2fpasswd")]
    public async Task Unknown_codes_are_404(string url) =>
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Stranger().GetAsync(url)).StatusCode);

    [GeneratedRegex("class=\"course-title\"", RegexOptions.None, 1000)]
    private static partial Regex CourseTitles();
}
