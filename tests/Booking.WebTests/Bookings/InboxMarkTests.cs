using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Bookings;

/// <summary>What came back to the functional mailbox stands beside the person.</summary>
public sealed class InboxMarkTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();

    public async ValueTask InitializeAsync()
    {
        var department = await _host.Data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek@example.org");
        await _host.Data.ExecuteAsync(
            "insert into role_assignments (email, role) values ('admin@example.org', 'administrator'), ('hr@example.org', 'hr')");
        var run = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(), code: "H-1");
        await _host.Data.AddSeatsAsync(run, 2, department);
        await _host.Data.AddEmployeeAsync(department, "Bo Bæk", "Bo@example.org");
        var secretary = await _host.SignInAsync("sek@example.org");
        await secretary.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org" });
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Failed_address_and_calendar_answer_stand_in_both_lists()
    {
        var secretary = await _host.SignInAsync("sek@example.org");
        var hr = await _host.SignInAsync("hr@example.org");
        Assert.DoesNotContain("Mails kommer tilbage", await secretary.ReadAsync("/bookings/department"), StringComparison.Ordinal);

        await _host.Data.ExecuteAsync(
            "insert into failed_addresses values ('bo@example.org', @now, '5.1.1', 'ukendt'); update invitations set reply = 'declined', replied_at = @now",
            new { now = _host.Clock.GetUtcNow() });

        foreach (var page in new[] { await secretary.ReadAsync("/bookings/department"), await hr.ReadAsync("/hr/runs/H-1/bookings") })
        {
            Assert.Contains("Mails kommer tilbage", page, StringComparison.Ordinal);
            Assert.Contains("Har sagt nej i sin kalender", page, StringComparison.Ordinal);
        }

        await _host.Data.ExecuteAsync("update invitations set reply = 'accepted'");
        Assert.Contains("Har sagt ja i sin kalender", await secretary.ReadAsync("/bookings/department"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mails_set_aside_are_listed_for_administrators()
    {
        var administrator = await _host.SignInAsync("admin@example.org");
        Assert.Contains("Der er ikke sat en postkasse op", await administrator.ReadAsync("/admin/inbox"), StringComparison.Ordinal);

        await _host.Data.ExecuteAsync(
            "insert into inbox_set_aside values (7, 4711, @now, 'A reply is about exactly one person.')", new { now = _host.Clock.GetUtcNow() });

        var page = await administrator.ReadAsync("/admin/inbox");
        Assert.Contains("4711", page, StringComparison.Ordinal);
        Assert.Contains("A reply is about exactly one person.", page, StringComparison.Ordinal);
    }
}
