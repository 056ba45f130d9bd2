using System.Net;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Bookings;

public sealed class ReservePageTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();
    private long _department;

    public async ValueTask InitializeAsync()
    {
        _department = await _host.Data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek@example.org");
        var run = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Selvskade"), code: "H-1");
        await _host.Data.AddSeatsAsync(run, 2, _department);
        await _host.Data.AddEmployeeAsync(_department, "Bo Bæk", "bo@example.org");
        await _host.Data.AddEmployeeAsync(_department, "Åse Ærø", "aase@example.org");
        await _host.Data.AddEmployeeAsync(_department, "Cecilie Grøn", "cecilie@example.org");
        var other = await _host.Data.AddDepartmentAsync("B", secretary: "anden@example.org");
        await _host.Data.AddEmployeeAsync(other, "Bo Fremmed", "fremmed@example.org");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Search_finds_own_employees_only()
    {
        var client = await _host.SignInAsync("sek@example.org");

        var html = await client.GetStringAsync("/runs/H-1/reserve?q=bo");

        Assert.Contains("Bo B&#xE6;k", Encode(html), StringComparison.Ordinal);
        Assert.DoesNotContain("Fremmed", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pasted_lines_get_their_own_outcome_and_those_without_a_seat_stay_in_the_box()
    {
        var client = await _host.SignInAsync("sek@example.org");

        var answer = await client.PostFormAsync(
            "/runs/H-1/reserve", new() { ["Lines"] = "Bo Bæk; bo@example.org\nfremmed@example.org\naase@example.org\ncecilie@example.org" });
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("2 pladser er reserveret (4 linjer).", html, StringComparison.Ordinal);
        Assert.Contains("Findes ikke i afdelingen", html, StringComparison.Ordinal);
        Assert.Contains("Ingen ledig plads tilbage", html, StringComparison.Ordinal);
        var box = html[html.IndexOf("<textarea", StringComparison.Ordinal)..html.IndexOf("</textarea>", StringComparison.Ordinal)];
        Assert.Contains("fremmed@example.org", box, StringComparison.Ordinal);
        Assert.DoesNotContain("bo@example.org", box, StringComparison.Ordinal);
        Assert.Equal(2, await _host.Data.ScalarAsync<long>("select count(*) from bookings where status = 'booked'"));
    }

    [Theory]
    [InlineData("da", "1 plads er reserveret (1 linje).")]
    [InlineData("en", "1 seat is reserved (1 line).")]
    public async Task One_seat_and_one_line_are_singular(string language, string sentence)
    {
        var client = await _host.SignInAsync("sek@example.org");
        await client.GetAsync($"/runs/H-1/reserve?culture={language}");

        var answer = await client.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org" });

        Assert.Contains(sentence, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Person_on_another_course_at_that_time_is_named_and_booked_only_when_confirmed()
    {
        var client = await _host.SignInAsync("sek@example.org");
        var other = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Konflikthåndtering"), code: "H-2");
        await _host.Data.AddSeatsAsync(other, 1, _department);
        await client.PostFormAsync("/runs/H-2/reserve", new() { ["Lines"] = "bo@example.org" });

        var asked = await client.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org" });
        var html = WebUtility.HtmlDecode(await asked.Content.ReadAsStringAsync());
        var bookedMeanwhile = await _host.Data.ScalarAsync<long>("select count(*) from bookings");
        await client.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org", ["AcceptsOverlap"] = "true" });

        Assert.Contains("Er på et andet kursus på samme tid", html, StringComparison.Ordinal);
        Assert.Contains("Konflikthåndtering", html, StringComparison.Ordinal);
        Assert.Contains("Reserver alligevel", html, StringComparison.Ordinal);
        Assert.Equal(1, bookedMeanwhile);
        Assert.Equal(2, await _host.Data.ScalarAsync<long>("select count(*) from bookings where status = 'booked'"));
    }

    [Fact]
    public async Task Hostile_search_words_are_answered_calmly()
    {
        var client = await _host.SignInAsync("sek@example.org");

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/runs/H-1/reserve?q=%00%25_%5C'--")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/runs/H-1/reserve?q={new string('a', 5000)}")).StatusCode);
    }

    [Fact]
    public async Task Nothing_typed_is_said_beside_the_box()
    {
        var client = await _host.SignInAsync("sek@example.org");

        var answer = await client.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "  \n " });

        Assert.Contains("indsæt mindst én linje", WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_departments_id_in_the_form_is_not_obeyed()
    {
        var client = await _host.SignInAsync("sek@example.org");
        var other = await _host.Data.ScalarAsync<long>("select department_id from departments where code = 'B'");

        await client.PostFieldsAsync(
            "/runs/H-1/reserve",
            [new("Lines", "fremmed@example.org"), new("department", $"{other}")]);

        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from bookings"));
    }

    [Fact]
    public async Task Secretary_sees_own_departments_bookings_and_cancels_one()
    {
        var client = await _host.SignInAsync("sek@example.org");
        await client.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org" });
        var reference = await _host.Data.ScalarAsync<Guid>("select reference from bookings");

        var list = WebUtility.HtmlDecode(await client.GetStringAsync("/bookings/department"));
        var answer = await client.PostFormAsync($"/bookings/{reference}/cancel", []);

        Assert.Contains("Bo Bæk", list, StringComparison.Ordinal);
        Assert.Contains("Tilmeldingen er afmeldt", WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Equal("cancelled", await _host.Data.ScalarAsync<string>("select status from bookings"));
    }

    [Fact]
    public async Task A_booking_of_another_department_is_not_found()
    {
        var own = await _host.SignInAsync("sek@example.org");
        await own.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org" });
        var reference = await _host.Data.ScalarAsync<Guid>("select reference from bookings");

        var other = await _host.SignInAsync("anden@example.org");
        var colleague = await _host.SignInAsync("cecilie@example.org");

        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/bookings/{reference}/cancel")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await colleague.GetAsync($"/bookings/{reference}/cancel")).StatusCode);
    }

    [Fact]
    public async Task Participant_sees_own_courses_and_cancels()
    {
        var secretary = await _host.SignInAsync("sek@example.org");
        await secretary.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org" });
        var reference = await _host.Data.ScalarAsync<Guid>("select reference from bookings");
        var client = await _host.SignInAsync("bo@example.org");

        var mine = await client.GetStringAsync("/bookings");
        await client.PostFormAsync($"/bookings/{reference}/cancel", []);

        Assert.Contains("Selvskade", mine, StringComparison.Ordinal);
        Assert.Equal("bo@example.org", await _host.Data.ScalarAsync<string>("select cancelled_by from bookings"));
    }

    [Theory]
    [InlineData("hr@example.org")]
    [InlineData("anden@example.org")]
    public async Task Hr_cancels_as_hr_whatever_else_the_person_is(string email)
    {
        await _host.Data.ExecuteAsync("insert into role_assignments values (@email, 'hr')", new { email });
        var secretary = await _host.SignInAsync("sek@example.org");
        await secretary.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org" });
        var reference = await _host.Data.ScalarAsync<Guid>("select reference from bookings");
        var hr = await _host.SignInAsync(email);

        await hr.PostFormAsync($"/bookings/{reference}/cancel", []);

        Assert.Equal(
            [$"{email} hr"],
            await _host.Data.QueryAsync<string>("select actor || ' ' || actor_role from audit_entries where action = 'booking.cancelled'"));
    }

    [Theory]
    [InlineData("bo@example.org")]
    [InlineData(null)]
    public async Task Nobody_but_a_secretary_reserves(string? email)
    {
        var client = email is null ? _host.Stranger() : await _host.SignInAsync(email);

        var answer = await client.GetAsync("/runs/H-1/reserve");

        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
    }

    private static string Encode(string html) => html.Replace("æ", "&#xE6;", StringComparison.Ordinal);
}
