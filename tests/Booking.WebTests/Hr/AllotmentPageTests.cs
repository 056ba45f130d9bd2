using System.Net;
using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Booking.WebTests.Hr;

public sealed class AllotmentPageTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();

    public async ValueTask InitializeAsync()
    {
        await _host.Data.ExecuteAsync("insert into role_assignments values ('hr@example.org', 'hr')");
        await _host.Data.AddDepartmentAsync("A", "Afdeling Ærø", weight: 5, secretary: "sek@example.org");
        await _host.Data.AddDepartmentAsync("B", "Afdeling Bo", weight: 1);
        var course = await _host.Data.AddCourseAsync(title: "Selvskade");
        var first = await _host.Data.AddRunAsync(course, "H-1", capacity: 2, daysFromNow: 60, status: "draft");
        var second = await _host.Data.AddRunAsync(course, "H-2", capacity: 3, daysFromNow: 70, status: "draft");
        await _host.Data.AddRunAsync(course, "H-3", status: "draft");
        await _host.Data.ExecuteAsync("update runs set external_seats = 1 where code = 'H-2'");
        await _host.Services.GetRequiredService<PublishRuns>().RunAsync([first, second], Actor.System("test"), CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Hr_sees_the_arithmetic_of_a_run_in_Danish_and_English()
    {
        var client = await _host.SignInAsync("hr@example.org");

        var danish = WebUtility.HtmlDecode(await client.GetStringAsync("/hr/runs/H-2/allotment"));
        Assert.Contains("Pladser delt mellem afdelingerne: 2 (vægte i alt: 6)", danish, StringComparison.Ordinal);
        Assert.Contains("Pladser til andre sektorer: 1", danish, StringComparison.Ordinal);
        Assert.Contains("Afdeling Ærø", danish, StringComparison.Ordinal);
        Assert.Contains("+0,333", danish, StringComparison.Ordinal);
        Assert.Contains("−0,333", danish, StringComparison.Ordinal);
        Assert.Contains("1,667", danish, StringComparison.Ordinal);
        Assert.Contains("5/3", danish, StringComparison.Ordinal);

        await client.GetAsync("/hr/runs/H-2/allotment?culture=en");
        var english = WebUtility.HtmlDecode(await client.GetStringAsync("/hr/runs/H-2/allotment"));
        Assert.Contains("Seats shared among the departments: 2 (sum of weights: 6)", english, StringComparison.Ordinal);
        Assert.Contains("+0.333", english, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_says_that_nothing_is_shared_yet()
    {
        var client = await _host.SignInAsync("hr@example.org");

        var html = await client.GetStringAsync("/hr/runs/H-3/allotment");

        Assert.Contains("Pladserne er ikke delt endnu", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<table", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_hr_may_look()
    {
        var secretary = await _host.SignInAsync("sek@example.org");
        var hr = await _host.SignInAsync("hr@example.org");

        Assert.NotEqual(HttpStatusCode.OK, (await secretary.GetAsync("/hr/runs/H-2/allotment")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await hr.GetAsync("/hr/runs/unknown/allotment")).StatusCode);
    }
}
