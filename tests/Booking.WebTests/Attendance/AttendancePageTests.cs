using System.Net;
using Booking.Data.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Attendance;

/// <summary>The page that takes attendance, for the signed-in and by the mailed link; and the list of an instructor's runs.</summary>
public sealed class AttendancePageTests : IAsyncLifetime
{
    private const string Token = "et-link-som-kun-underviseren-har";
    private const string Instructor = "underviser1@example.org";
    private readonly BookingHost _host = new();
    private long _run;
    private Guid _anna;
    private Guid _bo;

    public async ValueTask InitializeAsync()
    {
        var data = _host.Data;
        await data.ExecuteAsync("insert into role_assignments (email, role) values ('hr@example.org', 'hr'), ('admin@example.org', 'administrator')");
        var department = await data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek@example.org");
        var course = await data.AddCourseAsync(title: "Selvskade");
        _run = await data.AddRunAsync(course, code: "H-1", sessions: 2);
        var other = await data.AddRunAsync(course, code: "H-2");
        await data.ExecuteAsync("update runs set instructor_email = 'underviser2@example.org' where run_id = @other", new { other });
        await data.AddSeatsAsync(_run, 2, department);
        _anna = await BookAsync(1, await data.AddEmployeeAsync(department, "Anna Ågård", "anna@example.org", leaderEmail: "leder@example.org"));
        _bo = await BookAsync(2, await data.AddEmployeeAsync(department, "Bo <b>Bæk</b>", "bo@example.org"));
        await data.ExecuteAsync(
            """
            insert into links (token_hash, purpose, run_id, owner_email, created_at, expires_at)
            select @hash, 'attendance.mark', run_id, @Instructor, now(), ends_at + interval '14 days' from runs where run_id = @_run
            """,
            new { hash = LinkToken.Hash(Token), _run, Instructor });
        await MoveToAsync("starts_at");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/runs/H-1/attendance", Instructor, HttpStatusCode.OK)]
    [InlineData("/runs/H-1/attendance", "hr@example.org", HttpStatusCode.OK)]
    [InlineData("/runs/H-1/attendance", "underviser2@example.org", HttpStatusCode.NotFound)]
    [InlineData("/runs/H-1/attendance", "sek@example.org", HttpStatusCode.NotFound)]
    [InlineData("/runs/H-1/attendance", "anna@example.org", HttpStatusCode.NotFound)]
    [InlineData("/runs/H-1/attendance", "leder@example.org", HttpStatusCode.NotFound)]
    [InlineData("/runs/H-1/attendance", "admin@example.org", HttpStatusCode.NotFound)]
    [InlineData("/runs/H-1/attendance", null, HttpStatusCode.Redirect)]
    [InlineData("/runs/H-9/attendance", "hr@example.org", HttpStatusCode.NotFound)]
    [InlineData("/attendance", Instructor, HttpStatusCode.OK)]
    [InlineData("/attendance", "hr@example.org", HttpStatusCode.Forbidden)]
    [InlineData("/attendance", "anna@example.org", HttpStatusCode.Forbidden)]
    [InlineData("/attendance", null, HttpStatusCode.Redirect)]
    public async Task Only_hr_and_the_runs_own_instructor_are_let_in(string address, string? email, HttpStatusCode status)
    {
        var client = email is null ? _host.Stranger() : await _host.SignInAsync(email);

        Assert.Equal(status, (await client.GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task Instructor_finds_own_runs_and_the_way_to_their_attendance()
    {
        var html = WebUtility.HtmlDecode(await (await _host.SignInAsync(Instructor)).GetStringAsync("/attendance"));

        Assert.Contains("Mine hold som underviser", html, StringComparison.Ordinal);
        Assert.Contains("/runs/H-1/attendance", html, StringComparison.Ordinal);
        Assert.DoesNotContain("H-2", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hr@example.org", "hr")]
    [InlineData(Instructor, "instructor")]
    public async Task Signed_in_reader_marks_in_the_own_role(string email, string role)
    {
        var html = await PostAsync(await _host.SignInAsync(email), "/runs/H-1/attendance?session=1", ("Mark", "absent"), ("Booking", $"{_bo}"));

        Assert.Contains("0 kom, 1 kom ikke, 1 er ikke registreret.", html, StringComparison.Ordinal);
        Assert.Equal("absent", await StatusAsync(_bo));
        Assert.Equal(
            $"{email} {role}",
            await _host.Data.ScalarAsync<string>("select actor || ' ' || actor_role from audit_entries where action = 'attendance.marked'"));
    }

    [Fact]
    public async Task Link_marks_changes_and_takes_back_and_opening_it_changes_nothing()
    {
        var client = _host.Stranger();
        var address = $"/attendance/{Token}?session=1";
        var before = WebUtility.HtmlDecode(await client.GetStringAsync(address));
        Assert.Contains("Anna Ågård", before, StringComparison.Ordinal);
        Assert.Contains("Afdeling A", before, StringComparison.Ordinal);
        Assert.Equal(0, await MarksAsync());

        await PostAsync(client, address, ("Mark", "present"), ("Booking", $"{_anna}"));
        Assert.Equal("attended", await StatusAsync(_anna));
        await PostAsync(client, address, ("Mark", "absent"), ("Booking", $"{_anna}"));
        Assert.Equal("absent", await StatusAsync(_anna));
        var html = await PostAsync(client, address, ("Mark", "not-absent"), ("Booking", $"{_anna}"));

        Assert.Equal("booked", await StatusAsync(_anna));
        Assert.Contains("0 kom, 0 kom ikke, 2 er ikke registreret.", html, StringComparison.Ordinal);
        Assert.Equal(3, await _host.Data.ScalarAsync<long>($"select count(*) from audit_entries where actor = '{Instructor}'"));
    }

    [Fact]
    public async Task Everybody_is_marked_at_once_and_that_is_taken_back_at_once()
    {
        var client = _host.Stranger();

        var html = await PostAsync(client, $"/attendance/{Token}?session=1", ("Mark", "rest"));
        Assert.Contains("2 deltagere er registreret som kommet.", html, StringComparison.Ordinal);
        Assert.Contains("Fortryd det", html, StringComparison.Ordinal);

        await PostAsync(client, $"/attendance/{Token}?session=1", ("Mark", "not-present"), ("Booking", $"{_anna}"), ("Booking", $"{_bo}"));
        Assert.Equal(0, await MarksAsync());
    }

    [Theory]
    [InlineData("session=1", "nonsense", null, "Der blev ikke registreret noget")]
    [InlineData("session=1", null, null, "Der blev ikke registreret noget")]
    [InlineData("session=9", "rest", null, "Der blev ikke registreret noget")]
    [InlineData("session=x", "present", "not-a-guid", "Der blev ikke registreret noget")]
    [InlineData("session=1", "present", "not-a-guid", "2 er ikke registreret")]
    [InlineData("session=2", "rest", null, "kan først registreres en time før")]
    public async Task Nonsense_marks_nobody_and_the_page_says_so(string query, string? mark, string? booking, string sentence)
    {
        var fields = new List<(string, string)>();
        if (mark is not null)
        {
            fields.Add(("Mark", mark));
        }

        if (booking is not null)
        {
            fields.Add(("Booking", booking));
        }

        var html = await PostAsync(_host.Stranger(), $"/attendance/{Token}?{query}", [.. fields]);

        Assert.Contains(sentence, html, StringComparison.Ordinal);
        Assert.Equal(0, await MarksAsync());
    }

    [Theory]
    [InlineData("update links set expires_at = now() - interval '50 years'")]
    [InlineData("update links set revoked_at = now()")]
    [InlineData("delete from links")]
    [InlineData("update runs set instructor_email = 'underviser2@example.org'")]
    [InlineData("update runs set instructor_email = null")]
    [InlineData("update links set purpose = 'department.feed', run_id = null, department_id = (select min(department_id) from departments)")]
    public async Task Link_that_is_over_of_another_purpose_or_anothers_opens_nothing(string change)
    {
        await _host.Data.ExecuteAsync(change);

        var html = WebUtility.HtmlDecode(await _host.Stranger().GetStringAsync($"/attendance/{Token}"));

        Assert.Contains("Linket virker ikke længere", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Anna", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_fourteen_days_the_instructor_reads_and_hr_corrects()
    {
        await MoveToAsync("ends_at + interval '15 days'");

        var instructor = WebUtility.HtmlDecode(await (await _host.SignInAsync(Instructor)).GetStringAsync("/runs/H-1/attendance"));
        Assert.Contains("Der er gået mere end 14 dage", instructor, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"Mark\"", instructor, StringComparison.Ordinal);
        await PostAsync(await _host.SignInAsync("hr@example.org"), "/runs/H-1/attendance?session=2", ("Mark", "rest"));
        Assert.Equal("attended", await StatusAsync(_anna));
    }

    [Fact]
    public async Task Before_its_hour_the_page_says_when_and_can_be_printed()
    {
        await MoveToAsync("starts_at - interval '1 day'");

        var html = WebUtility.HtmlDecode(await _host.Stranger().GetStringAsync($"/attendance/{Token}"));

        Assert.Contains("Du kan registrere fremmøde fra", html, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"Mark\"", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("class=\"attendance-print\"").Length - 1);
        Assert.Contains("Underskrift", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_text_and_the_form_needs_its_token()
    {
        var client = _host.Stranger();
        Assert.DoesNotContain("<b>Bæk</b>", await client.GetStringAsync($"/attendance/{Token}"), StringComparison.Ordinal);
        using var content = new FormUrlEncodedContent([new("Mark", "rest")]);

        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync($"/attendance/{Token}?session=1", content)).StatusCode);
        Assert.Equal(0, await MarksAsync());
    }

    [Fact]
    public async Task Reports_say_who_came_who_did_not_and_what_was_assumed()
    {
        await _host.Data.ExecuteAsync(
            """
            update bookings set status = 'attended';
            update runs set attendance_settled_at = now(), attendance_assumed = true where run_id = @_run
            """,
            new { _run });
        var hr = await _host.SignInAsync("hr@example.org");
        var year = await _host.Data.ScalarAsync<int>("select plan_year from runs where run_id = @_run", new { _run });

        var bookings = WebUtility.HtmlDecode(await hr.GetStringAsync("/hr/runs/H-1/bookings"));
        Assert.Contains("Regnet som mødt uden registrering: 2.", bookings, StringComparison.Ordinal);
        Assert.Contains("data-title=\"Heraf antaget\" class=\"align-text-right\">2<", WebUtility.HtmlDecode(await hr.GetStringAsync($"/hr/attendance?year={year}")), StringComparison.Ordinal);
        Assert.Contains("de øvrige regnes som mødt", WebUtility.HtmlDecode(await hr.GetStringAsync("/hr/runs/H-1")), StringComparison.Ordinal);
        Assert.Contains("Nogle deltagere regnes som mødt", WebUtility.HtmlDecode(await hr.GetStringAsync("/runs/H-1/attendance")), StringComparison.Ordinal);
    }

    private async Task<Guid> BookAsync(int seat, long person) => await _host.Data.ScalarAsync<Guid>(
        """
        with seat as (update seats set status = 'taken' where run_id = @_run and number = @seat returning run_id, number, department_id)
        insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
        select run_id, number, @person, department_id, 'department', 'booked', 'secretary', 'sek@example.org', now() from seat
        returning reference
        """,
        new { _run, seat, person });

    private async Task MoveToAsync(string moment) => _host.Clock.Set(new DateTimeOffset(
        await _host.Data.ScalarAsync<DateTime>($"select {moment} from runs where run_id = @_run", new { _run })));

    private Task<long> MarksAsync() => _host.Data.ScalarAsync<long>("select count(*) from attendance_marks");

    private Task<string> StatusAsync(Guid booking) =>
        _host.Data.ScalarAsync<string>("select status from bookings where reference = @booking", new { booking });

    private static async Task<string> PostAsync(HttpClient client, string address, params (string Name, string Value)[] fields) =>
        WebUtility.HtmlDecode(await (await client.PostFieldsAsync(
            address, fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)),
            page: $"{address.Split('?')[0]}?session=1")).Content.ReadAsStringAsync());
}
