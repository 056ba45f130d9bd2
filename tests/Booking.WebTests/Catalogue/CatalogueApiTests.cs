using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Catalogue;

public sealed class CatalogueApiTests(CatalogueHost catalogue) : IClassFixture<CatalogueHost>
{
    private readonly BookingHost _host = catalogue.Host;

    [Fact]
    public async Task Courses_are_paged_and_filtered()
    {
        var all = await GetAsync("/api/v1/courses");
        var last = await GetAsync("/api/v1/courses?page=2");
        var found = await GetAsync("/api/v1/courses?q=paaroer&focus=care&form=onsite");

        Assert.Equal((26, 2, 20), (all.GetProperty("total").GetInt32(), all.GetProperty("pages").GetInt32(), all.GetProperty("items").GetArrayLength()));
        Assert.Equal(6, last.GetProperty("items").GetArrayLength());
        var course = Assert.Single(found.GetProperty("items").EnumerateArray());
        Assert.Equal("K27-003", course.GetProperty("code").GetString());
        Assert.Equal(5, course.GetProperty("runs")[0].GetProperty("freeSeats").GetProperty("departments").GetInt32());
    }

    [Fact]
    public async Task Runs_are_filtered_by_day_course_and_town()
    {
        Assert.Equal(26, (await GetAsync("/api/v1/runs")).GetProperty("total").GetInt32());
        Assert.Equal(1, (await GetAsync("/api/v1/runs?from=2027-02-01&to=2027-02-01")).GetProperty("total").GetInt32());
        Assert.Equal(1, (await GetAsync("/api/v1/runs?course=K27-007")).GetProperty("total").GetInt32());
        Assert.Equal(0, (await GetAsync("/api/v1/runs?town=Odense")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task One_course_and_one_run_tell_all_that_is_public()
    {
        var course = await GetAsync("/api/v1/courses/K27-002");
        var run = await GetAsync("/api/v1/runs/K27-002-1");

        Assert.Equal("K27-002-1", course.GetProperty("runs")[0].GetProperty("code").GetString());
        Assert.Equal("K27-002", run.GetProperty("run").GetProperty("courseCode").GetString());
        Assert.Equal(1, run.GetProperty("sessions").GetArrayLength());
        Assert.DoesNotContain("@", run.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("online", run.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/api/v1/courses?focus=nonsense", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/courses?page=0", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/courses?month=2027-13", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/runs?from=yesterday", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/courses/NOTHING", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/runs/NOTHING", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/nothing", HttpStatusCode.NotFound)]
    public async Task Errors_are_problem_documents(string url, HttpStatusCode expected)
    {
        var answer = await _host.Stranger().GetAsync(url);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)expected, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task The_description_names_every_route_with_texts_and_examples()
    {
        var document = await GetAsync("/openapi/v1.json");

        var paths = document.GetProperty("paths").EnumerateObject().Select(p => p.Name);
        Assert.Equal(["/api/v1/courses", "/api/v1/courses/{code}", "/api/v1/runs", "/api/v1/runs/{code}"], paths.Order(StringComparer.Ordinal));
        foreach (var operation in document.GetProperty("paths").EnumerateObject().Select(p => p.Value.GetProperty("get")))
        {
            Assert.False(string.IsNullOrWhiteSpace(operation.GetProperty("summary").GetString()));
            Assert.All(
                operation.GetProperty("parameters").EnumerateArray(),
                parameter =>
                {
                    Assert.False(string.IsNullOrWhiteSpace(parameter.GetProperty("description").GetString()));
                    Assert.True(parameter.TryGetProperty("example", out var _));
                });
        }

        Assert.Contains("Psykopatologi", document.GetProperty("components").GetProperty("schemas").GetRawText(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> GetAsync(string url)
    {
        var answer = await _host.Stranger().GetAsync(url);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
