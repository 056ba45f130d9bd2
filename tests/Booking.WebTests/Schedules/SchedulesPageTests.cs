using System.Net;
using Booking.Data.Schedules;
using Booking.Jobs.Schedules;
using Booking.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Booking.WebTests.Schedules;

public sealed class SchedulesPageTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        await _host.Data.ExecuteAsync("insert into role_assignments (email, role) values ('admin@example.org', 'administrator')");

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Page_says_when_each_ran_when_it_runs_next_and_what_was_wrong()
    {
        var record = _host.Services.GetRequiredService<RecordScheduleRun>();
        await record.BeginAsync("release", Stop);
        _host.Clock.Advance(TimeSpan.FromSeconds(1.5));
        await record.EndAsync("release", "NpgsqlException: <away>", Stop);
        await _host.Services.GetRequiredService<ISchedules>().RegisterAsync(AllSchedules.List, Stop);
        var admin = await _host.SignInAsync("admin@example.org");

        var html = WebUtility.HtmlDecode(await admin.GetStringAsync(new Uri("/admin/schedules", UriKind.Relative), Stop));

        Assert.Contains("1,5 s på", html, StringComparison.Ordinal);
        Assert.Contains("NpgsqlException: <away>", html, StringComparison.Ordinal);
        Assert.Contains("kl. 3.30", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Ikke sat op endnu", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedule_is_started_by_hand_from_a_node_that_runs_none_and_the_trail_says_who_did_it()
    {
        await _host.Services.GetRequiredService<ISchedules>().RegisterAsync(AllSchedules.List, Stop);
        var admin = await _host.SignInAsync("admin@example.org");

        var answer = await admin.PostFormAsync("/admin/schedules", new() { ["name"] = "housekeeping" });
        var unknown = await admin.PostFormAsync("/admin/schedules", new() { ["name"] = "nothing" });

        Assert.Equal("/admin/schedules?started=housekeeping", answer.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(
            "{\"schedule\": \"housekeeping\"}",
            await _host.Data.ScalarAsync<string>("select details::text from audit_entries where action = 'schedule.started'"));
    }
}
