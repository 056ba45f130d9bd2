using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Catalogue;

public sealed class CatalogueCacheTests
{
    [Fact]
    public async Task Numbers_are_shared_between_readers_but_never_older_than_two_seconds()
    {
        await using var host = BookingHost.Create(settings: ("Catalogue:CacheSeconds", "1"));
        var department = await host.Data.AddDepartmentAsync(secretary: "sekretaer@example.org");
        var run = await host.Data.AddRunAsync(await host.Data.AddCourseAsync(crossSector: true), "AGE-1");
        await host.Data.AddSeatsAsync(run, 9, department);
        await host.Data.AddSeatsAsync(run, 7, pool: "external");
        var stranger = host.Stranger();
        var secretary = await host.SignInAsync("sekretaer@example.org");

        Assert.Contains("7 ledige pladser", await stranger.GetStringAsync("/courses"), StringComparison.Ordinal);
        Assert.Contains("9 ledige pladser", await secretary.GetStringAsync("/courses"), StringComparison.Ordinal);
        await host.Data.ExecuteAsync("delete from seats where run_id = @run and number in (1, 10)", new { run });
        await Task.Delay(TimeSpan.FromSeconds(2.1));

        Assert.Contains("6 ledige pladser", await stranger.GetStringAsync("/courses"), StringComparison.Ordinal);
        Assert.Contains("8 ledige pladser", await secretary.GetStringAsync("/courses"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kept_page_is_never_given_to_the_wrong_reader()
    {
        await using var host = BookingHost.Create(settings: ("Catalogue:CacheSeconds", "1"));
        await host.Data.AddEmployeeAsync(await host.Data.AddDepartmentAsync(), "Åse Østergård", "aase@example.org");
        await host.Data.AddRunAsync(await host.Data.AddCourseAsync());
        var signedIn = await host.SignInAsync("aase@example.org");
        var english = host.Stranger();
        await english.GetAsync("/courses?culture=en");
        var partial = host.Stranger();
        partial.DefaultRequestHeaders.Add("HX-Request", "true");

        var own = await signedIn.GetStringAsync("/courses");
        var pages = await Task.WhenAll(
            host.Stranger().GetStringAsync("/courses"), english.GetStringAsync("/courses"), partial.GetStringAsync("/courses"));

        Assert.Contains("Åse Østergård", own, StringComparison.Ordinal);
        Assert.All(pages, page => Assert.DoesNotContain("Åse", page, StringComparison.Ordinal));
        Assert.Contains("lang=\"da\"", pages[0], StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\"", pages[1], StringComparison.Ordinal);
        Assert.DoesNotContain("<html", pages[2], StringComparison.Ordinal);
    }
}
