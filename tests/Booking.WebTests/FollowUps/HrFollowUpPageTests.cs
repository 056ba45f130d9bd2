using System.Net;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.FollowUps;

/// <summary>HR's figures after courses: for HR alone, and nothing of fewer than five answers.</summary>
public sealed class HrFollowUpPageTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();

    public async ValueTask InitializeAsync()
    {
        var department = await _host.Data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek@example.org");
        await _host.Data.ExecuteAsync(
            "insert into role_assignments values ('hr@example.org', 'hr'), ('admin@example.org', 'administrator')");
        await AddAnswersAsync(department, "K-STOR", "=HYPERLINK(1)", 6);
        await AddAnswersAsync(department, "K-LILLE", "Lille kursus", 4);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Large_group_is_shown_and_small_one_is_not_on_any_page_or_in_the_file()
    {
        var hr = await _host.SignInAsync("hr@example.org");

        var list = WebUtility.HtmlDecode(await hr.GetStringAsync("/hr/follow-ups"));
        var large = WebUtility.HtmlDecode(await hr.GetStringAsync("/hr/follow-ups/K-STOR?year=2027"));
        var small = WebUtility.HtmlDecode(await hr.GetStringAsync("/hr/follow-ups/K-LILLE?year=2027"));
        var csv = (await hr.GetStringAsync("/hr/follow-ups.csv?year=2027")).Split("\r\n");

        Assert.Equal(2, list.Split("4 · 6 af 6 svar").Length - 1);
        Assert.Contains("Færre end fem svar", list, StringComparison.Ordinal);
        Assert.Contains("gennemsnit 4 af 5", large, StringComparison.Ordinal);
        Assert.Contains("Hemmelig tekst K-STOR", large, StringComparison.Ordinal);
        Assert.DoesNotContain("Person", large, StringComparison.Ordinal);
        Assert.Contains("4 er spurgt. Færre end fem har svaret", small, StringComparison.Ordinal);
        Assert.DoesNotContain("Hemmelig tekst", small, StringComparison.Ordinal);
        Assert.Contains("K-LILLE;Lille kursus;2027;Evaluering;4;Færre end fem svar", csv);
        Assert.Contains("K-STOR;'=HYPERLINK(1);2027;Evaluering;6;6;100,0;4,00;4,00;4,00;4,00;;;;;;;;;;", csv);
    }

    [Theory]
    [InlineData("sek@example.org")]
    [InlineData("admin@example.org")]
    [InlineData("underviser1@example.org")]
    [InlineData("person-K-STOR-1@example.org")]
    [InlineData(null)]
    public async Task Nobody_but_hr_sees_the_figures(string? email)
    {
        var client = email is null ? _host.Stranger() : await _host.SignInAsync(email);

        foreach (var address in new[] { "/hr/follow-ups", "/hr/follow-ups/K-STOR", "/hr/follow-ups.csv" })
        {
            Assert.NotEqual(HttpStatusCode.OK, (await client.GetAsync(address)).StatusCode);
        }
    }

    [Theory]
    [InlineData("/hr/follow-ups?year=1999", HttpStatusCode.OK)]
    [InlineData("/hr/follow-ups?year=%27%3B--", HttpStatusCode.OK)]
    [InlineData("/hr/follow-ups.csv?year=99999999999", HttpStatusCode.OK)]
    [InlineData("/hr/follow-ups/findes-ikke?year=2027", HttpStatusCode.NotFound)]
    public async Task Nonsense_is_no_fault(string address, HttpStatusCode expected)
    {
        var hr = await _host.SignInAsync("hr@example.org");

        Assert.Equal(expected, (await hr.GetAsync(address)).StatusCode);
    }

    private async Task AddAnswersAsync(long department, string code, string title, int people)
    {
        var run = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(code, title), daysFromNow: 10);
        await _host.Data.AddSeatsAsync(run, people, department);
        for (var number = 1; number <= people; number++)
        {
            var person = await _host.Data.AddEmployeeAsync(department, $"Person {number}", $"person-{code}-{number}@example.org");
            await _host.Data.ExecuteAsync(
                """
                with booking as (
                    insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
                    values (@run, @number, @person, @department, 'department', 'attended', 'secretary', 'sek@example.org', now())
                    returning booking_id
                )
                insert into follow_up_forms (booking_id, kind, days, due_at, asked_at, saved_at, answered_at, overall, relevance, goals, recommends, best)
                select booking_id, 'evaluation', 1, now(), now(), now(), now(), 4, 4, 4, 4, 'Hemmelig tekst ' || @code from booking
                """,
                new { run, number, person, department, code });
        }

        await _host.Data.ExecuteAsync("update runs set ends_at = starts_at + interval '1 hour'");
        _host.Clock.Set(new DateTimeOffset(2027, 6, 1, 8, 0, 0, TimeSpan.Zero));
    }
}
