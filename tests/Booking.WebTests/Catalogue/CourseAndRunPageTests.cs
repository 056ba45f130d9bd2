using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Catalogue;

public sealed class CourseAndRunPageTests(BookingHost host) : IClassFixture<BookingHost>
{
    [Fact]
    public async Task A_limited_audience_is_explained()
    {
        var course = await host.Data.AddCourseAsync("LIM-1");
        await host.Data.ExecuteAsync(
            "update courses set target_groups = array['Læger'], audience_explanation = 'Kræver autorisation.' where course_id = @course",
            new { course });

        var html = await host.Stranger().GetStringAsync("/courses/LIM-1");

        Assert.Contains("Læger", html, StringComparison.Ordinal);
        Assert.Contains("Kræver autorisation.", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_two_variants_lead_to_each_other_and_tell_the_travel_saved()
    {
        var department = await host.Data.AddDepartmentAsync("FAR", secretary: "far@example.org");
        await host.Data.ExecuteAsync(
            "update departments set latitude = 56.9552, longitude = 8.6949 where department_id = @department", new { department });
        var onsite = await host.Data.AddCourseAsync("VAR-1", "Fremmøde");
        await host.Data.AddRunAsync(onsite, "VAR-1-1");
        var online = await host.Data.AddCourseAsync("VAR-2", "Onlineudgaven", form: "online");
        await host.Data.ExecuteAsync(
            "update courses set variant_of_course_id = @onsite where course_id = @online", new { onsite, online });
        var secretary = await host.SignInAsync("far@example.org");

        foreach (var (page, other) in new[] { ("VAR-1", "VAR-2"), ("VAR-2", "VAR-1") })
        {
            var html = await secretary.GetStringAsync($"/courses/{page}");
            Assert.Contains($"href=\"/courses/{other}\"", html, StringComparison.Ordinal);
            // 74 km as the crow flies, by road and home again.
            Assert.Matches("anslået 19[0-9] km kørsel og 2[23](,[0-9])? kg CO₂e", html);
        }
    }

    [Fact]
    public async Task Seats_stand_by_pool_and_the_own_apart()
    {
        var own = await host.Data.AddDepartmentAsync("POOL-A", secretary: "pool@example.org");
        var other = await host.Data.AddDepartmentAsync("POOL-B");
        var run = await host.Data.AddRunAsync(await host.Data.AddCourseAsync("POOL-1", crossSector: true), "POOL-1-1");
        await host.Data.AddSeatsAsync(run, 11, own);
        await host.Data.AddSeatsAsync(run, 13, other);
        await host.Data.AddSeatsAsync(run, 17, pool: "external");
        await host.Data.AddSeatsAsync(run, 19);
        await host.Data.ExecuteAsync("update seats set status = 'taken' where run_id = @run and number = 1", new { run });

        var secretary = await (await host.SignInAsync("pool@example.org")).GetStringAsync("/courses/POOL-1");
        var stranger = await host.Stranger().GetStringAsync("/courses/POOL-1");

        Assert.Contains("data-title=\"Din afdeling\">10<", secretary, StringComparison.Ordinal);
        Assert.Contains("data-title=\"Andre afdelinger\">13<", secretary, StringComparison.Ordinal);
        Assert.Contains("29 ledige pladser", secretary, StringComparison.Ordinal);
        Assert.Contains("data-title=\"Afdelinger\">23<", stranger, StringComparison.Ordinal);
        Assert.Contains("data-title=\"Andre sektorer\">17<", stranger, StringComparison.Ordinal);
        Assert.Contains("data-title=\"Åbne for alle\">19<", stranger, StringComparison.Ordinal);
        Assert.Contains("36 ledige pladser", stranger, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_page_shows_sessions_deadlines_map_and_what_the_viewer_can_do()
    {
        var department = await host.Data.AddDepartmentAsync("RUN-A", secretary: "run@example.org");
        await host.Data.AddEmployeeAsync(department, email: "runner@example.org");
        var run = await host.Data.AddRunAsync(await host.Data.AddCourseAsync("RUN-1", crossSector: true), "RUN-1-1", sessions: 2);
        await host.Data.AddSeatsAsync(run, 5, department);
        await host.Data.AddSeatsAsync(run, 5, pool: "external");

        var stranger = await host.Stranger().GetStringAsync("/runs/RUN-1-1");
        var secretary = await (await host.SignInAsync("run@example.org")).GetStringAsync("/runs/RUN-1-1");
        var employee = await (await host.SignInAsync("runner@example.org")).GetStringAsync("/runs/RUN-1-1");

        Assert.Contains("fredag 12. marts 2027", stranger, StringComparison.Ordinal);
        Assert.Contains("fredag 19. marts 2027", stranger, StringComparison.Ordinal);
        Assert.Contains("8.30–15.30", stranger, StringComparison.Ordinal);
        Assert.Contains("https://www.openstreetmap.org/?mlat=57.0406", stranger, StringComparison.Ordinal);
        Assert.Contains("26. februar 2027 kl. 8.30", stranger, StringComparison.Ordinal);
        Assert.Contains("/runs/RUN-1-1/sign-up", stranger, StringComparison.Ordinal);
        Assert.DoesNotContain("/runs/RUN-1-1/reserve", stranger, StringComparison.Ordinal);
        Assert.Contains("/runs/RUN-1-1/reserve", secretary, StringComparison.Ordinal);
        Assert.DoesNotContain("/runs/RUN-1-1/sign-up", secretary, StringComparison.Ordinal);
        Assert.DoesNotContain("/runs/RUN-1-1/reserve", employee, StringComparison.Ordinal);
        Assert.Contains("Bed din afdelings sekretær", employee, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_online_link_is_for_the_booked_hr_and_the_instructor_only()
    {
        const string link = "https://meet.example.org/secret-room";
        var department = await host.Data.AddDepartmentAsync("LINK", secretary: "link@example.org");
        var booked = await host.Data.AddEmployeeAsync(department, email: "booked@example.org");
        var cancelled = await host.Data.AddEmployeeAsync(department, email: "cancelled@example.org");
        await host.Data.ExecuteAsync("insert into role_assignments values ('hr@example.org', 'hr') on conflict do nothing");
        var run = await host.Data.AddRunAsync(await host.Data.AddCourseAsync("LINK-1", form: "online"), "LINK-1-1");
        await host.Data.AddSeatsAsync(run, 2, department);
        await host.Data.ExecuteAsync(
            """
            update runs set online_link = @link, instructor_email = 'teacher@example.org' where run_id = @run;
            insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at, cancelled_at)
            values (@run, 1, @booked, @department, 'department', 'booked', 'secretary', 'x', now(), null),
                (@run, 2, @cancelled, @department, 'department', 'cancelled', 'secretary', 'x', now(), now())
            """,
            new { link, run, booked, cancelled, department });

        foreach (var email in new[] { "booked@example.org", "hr@example.org", "teacher@example.org" })
        {
            Assert.Contains(link, await (await host.SignInAsync(email)).GetStringAsync("/runs/LINK-1-1"), StringComparison.Ordinal);
        }

        foreach (var email in new[] { "cancelled@example.org", "link@example.org" })
        {
            Assert.DoesNotContain(link, await (await host.SignInAsync(email)).GetStringAsync("/runs/LINK-1-1"), StringComparison.Ordinal);
        }

        foreach (var url in new[] { "/runs/LINK-1-1", "/courses/LINK-1", "/api/v1/runs/LINK-1-1", "/api/v1/courses/LINK-1", "/api/v1/runs" })
        {
            Assert.DoesNotContain("secret-room", await host.Stranger().GetStringAsync(url), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Drafts_are_unknown_and_cancelled_runs_say_so()
    {
        var course = await host.Data.AddCourseAsync("STAT-1");
        await host.Data.AddRunAsync(course, "STAT-D", status: "draft");
        await host.Data.AddRunAsync(course, "STAT-C", status: "cancelled");

        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await host.Stranger().GetAsync("/runs/STAT-D")).StatusCode);
        Assert.Contains("Aflyst", await host.Stranger().GetStringAsync("/runs/STAT-C"), StringComparison.Ordinal);
        Assert.DoesNotContain("STAT-D", await host.Stranger().GetStringAsync("/courses/STAT-1"), StringComparison.Ordinal);
    }
}
