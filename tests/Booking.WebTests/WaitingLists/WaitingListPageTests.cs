using System.Net;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Jobs.WaitingLists;
using Booking.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Booking.WebTests.WaitingLists;

public sealed class WaitingListPageTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();
    private long _run;
    private long _department;

    public async ValueTask InitializeAsync()
    {
        _department = await _host.Data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek@example.org");
        _run = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Selvskade"), code: "H-1");
        await _host.Data.AddSeatsAsync(_run, 1, _department);
        await _host.Data.AddEmployeeAsync(_department, "Bo Bæk", "bo@example.org");
        await _host.Data.AddEmployeeAsync(_department, "Åse Ærø", "aase@example.org");
        await _host.Data.AddEmployeeAsync(_department, "Cecilie Grøn", "cecilie@example.org");
        var other = await _host.Data.AddDepartmentAsync("B", "Afdeling B", secretary: "anden@example.org");
        await _host.Data.AddSeatsAsync(_run, 2, other);
        await _host.Data.AddEmployeeAsync(other, "Frede Fremmed", "fremmed@example.org");
        await _host.Data.ExecuteAsync("insert into role_assignments values ('hr@example.org', 'hr')");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Lines_without_a_seat_go_on_the_list_with_one_more_button()
    {
        var client = await _host.SignInAsync("sek@example.org");
        var reserved = Text(await client.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org\naase@example.org\ncecilie@example.org" }));
        Assert.Contains("Skriv dem uden plads på venteliste (2)", await reserved, StringComparison.Ordinal);
        Assert.Contains("action=\"/runs/H-1/waiting-list\"", await reserved, StringComparison.Ordinal);
        var numbers = await _host.Data.QueryAsync<string>("select employee_number from people where email in ('aase@example.org', 'cecilie@example.org') order by email");

        var html = await Text(await client.PostFieldsAsync("/runs/H-1/waiting-list", numbers.Select(number => new KeyValuePair<string, string>("Picked", number))));

        Assert.Contains("2 personer er skrevet på.", html, StringComparison.Ordinal);
        Assert.Contains("nr. 2 på egen liste, nr. 2 blandt alle", html, StringComparison.Ordinal);
        Assert.Contains(WaitingListOrder.Rule("da"), html, StringComparison.Ordinal);
        Assert.Equal(2, await _host.Data.ScalarAsync<long>("select count(*) from waiting_list_entries where status = 'waiting'"));
    }

    [Fact]
    public async Task Run_page_of_a_full_run_leads_a_secretary_to_the_list()
    {
        await FillAsync();
        var client = await _host.SignInAsync("sek@example.org");

        Assert.Contains("href=\"/runs/H-1/waiting-list\"", await client.GetStringAsync("/runs/H-1"), StringComparison.Ordinal);
        Assert.Contains("href=\"/runs/H-1/waiting-list?department=", await client.GetStringAsync("/runs/H-1/reserve"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_typed_is_said_beside_the_box()
    {
        var client = await _host.SignInAsync("sek@example.org");

        var html = await Text(await client.PostFormAsync("/runs/H-1/waiting-list", new() { ["Lines"] = " \n" }));

        Assert.Contains("indsæt mindst én linje", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_departments_id_or_people_are_not_obeyed()
    {
        var client = await _host.SignInAsync("sek@example.org");
        var other = await _host.Data.ScalarAsync<long>("select department_id from departments where code = 'B'");

        var answer = await client.PostFieldsAsync("/runs/H-1/waiting-list", [new("Lines", "fremmed@example.org"), new("department", $"{other}")]);
        var html = await Text(await client.PostFormAsync("/runs/H-1/waiting-list", new() { ["Lines"] = "fremmed@example.org" }));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Findes ikke i afdelingen", html, StringComparison.Ordinal);
        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from waiting_list_entries"));
    }

    [Theory]
    [InlineData("da", "Nr. 1 af 1", "Foran i køen: 0 på samme liste, 0 i alt.", "Andre afdelinger har 2 ubrugte pladser", "Bo Bæk: tilmeldt")]
    [InlineData("en", "No. 1 of 1", "Ahead in the queue: 0 on the same list, 0 in all.", "Other departments have 2 unused seats", "Bo Bæk: booked")]
    public async Task Secretary_sees_who_waits_and_what_stands_in_the_way_in_both_languages(
        string language, string place, string ahead, string others, string taken)
    {
        await FillAsync();
        var entry = await JoinAsync("aase@example.org");
        var client = await _host.SignInAsync("sek@example.org");
        await client.GetAsync($"/waiting-lists?culture={language}");

        var list = await Text(await client.GetAsync("/waiting-lists"));
        var html = await Text(await client.GetAsync($"/waiting-lists/{entry}"));

        Assert.Contains("Åse Ærø", list, StringComparison.Ordinal);
        Assert.Contains(place, list, StringComparison.Ordinal);
        foreach (var sentence in new[] { place, ahead, others, taken, WaitingListOrder.Rule(language), WaitingListOrder.Turn("offer", 16, language) })
        {
            Assert.Contains(sentence, html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Entry_of_another_department_is_not_found_and_its_names_are_nowhere()
    {
        await FillAsync();
        var entry = await JoinAsync("aase@example.org");
        foreach (var stranger in new[] { "anden@example.org", "cecilie@example.org" })
        {
            var client = await _host.SignInAsync(stranger);

            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/waiting-lists/{entry}")).StatusCode);
            var posted = await client.PostFormAsync($"/waiting-lists/{entry}", new() { ["answer"] = "Withdraw" }, "/courses");
            Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
        }

        var other = await _host.SignInAsync("anden@example.org");
        Assert.DoesNotContain("Åse", await Text(await other.GetAsync("/waiting-lists")), StringComparison.Ordinal);
        Assert.DoesNotContain("Åse", await Text(await other.GetAsync("/runs/H-1/waiting-list")), StringComparison.Ordinal);
        Assert.Equal("waiting", await StatusAsync());
    }

    [Fact]
    public async Task Participant_sees_the_own_place_without_colleagues_names()
    {
        await FillAsync();
        var entry = await JoinAsync("aase@example.org");
        var client = await _host.SignInAsync("aase@example.org");

        var html = await Text(await client.GetAsync($"/waiting-lists/{entry}"));

        Assert.Contains("Nr. 1 af 1", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Bo Bæk", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Participants_own_courses_show_the_place_in_the_queue_and_lead_to_giving_it_up()
    {
        await FillAsync();
        var entry = await JoinAsync("aase@example.org");
        await JoinAsync("cecilie@example.org");
        var client = await _host.SignInAsync("cecilie@example.org");

        var html = await Text(await client.GetAsync("/bookings"));
        var stranger = await Text(await (await _host.SignInAsync("bo@example.org")).GetAsync("/bookings"));

        Assert.Contains("Du står på venteliste", html, StringComparison.Ordinal);
        Assert.Contains("Nr. 2 af 2", html, StringComparison.Ordinal);
        Assert.DoesNotContain($"{entry}", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Du står på venteliste", stranger, StringComparison.Ordinal);
        var own = html.Split("href=\"/waiting-lists/")[1].Split('"')[0];
        await client.PostFormAsync($"/waiting-lists/{own}", new() { ["answer"] = "Withdraw" });
        Assert.Contains("Du er ikke tilmeldt nogen kurser", await Text(await client.GetAsync("/bookings")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Participant_with_an_offer_sees_until_when_it_stands()
    {
        await OfferAsync();
        var client = await _host.SignInAsync("aase@example.org");

        var html = await Text(await client.GetAsync("/bookings"));

        Assert.Contains("Tilbudt dig – svar senest", html, StringComparison.Ordinal);
        Assert.Contains("Svar på tilbuddet", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Withdrawing_is_one_button_and_recorded()
    {
        await FillAsync();
        var entry = await JoinAsync("aase@example.org");
        var client = await _host.SignInAsync("sek@example.org");

        var html = await Text(await client.PostFormAsync($"/waiting-lists/{entry}", new() { ["answer"] = "Withdraw" }));

        Assert.Contains("Pladsen i køen er givet op.", html, StringComparison.Ordinal);
        Assert.Equal(
            "sek@example.org secretary",
            await _host.Data.ScalarAsync<string>("select actor || ' ' || actor_role from audit_entries where action = 'waiting_list.withdrawn'"));
    }

    [Fact]
    public async Task Opening_the_personal_link_changes_nothing_and_the_button_accepts()
    {
        var token = await OfferAsync();
        var stranger = _host.Stranger();

        var shown = await Text(await stranger.GetAsync($"/waiting-list/{token}"));
        Assert.Equal("offered", await StatusAsync());
        var nonsense = await stranger.PostFormAsync($"/waiting-list/{token}", new() { ["answer"] = "7" });
        Assert.Equal((HttpStatusCode.OK, "offered"), (nonsense.StatusCode, await StatusAsync()));
        var html = await Text(await stranger.PostFormAsync($"/waiting-list/{token}", new() { ["answer"] = "Accept" }));

        Assert.Contains("Svar senest", shown, StringComparison.Ordinal);
        Assert.Contains(WaitingListOrder.Rule("da"), shown, StringComparison.Ordinal);
        Assert.Contains("Pladsen er taget imod.", html, StringComparison.Ordinal);
        Assert.Equal("accepted", await StatusAsync());
        Assert.Equal(1, await _host.Data.ScalarAsync<long>("select count(*) from outbox where kind = 'booking.invitation' and recipient_email = 'aase@example.org'"));
    }

    [Fact]
    public async Task Declining_by_the_personal_link_passes_the_seat_on()
    {
        var token = await OfferAsync();
        await JoinAsync("cecilie@example.org");

        var html = await Text(await _host.Stranger().PostFormAsync($"/waiting-list/{token}", new() { ["answer"] = "Decline" }));

        Assert.Contains("Pladsen er gået videre.", html, StringComparison.Ordinal);
        Assert.Equal(["declined", "offered"], await _host.Data.QueryAsync<string>("select status from waiting_list_entries order by entry_id"));
    }

    [Theory]
    [InlineData("da", "Der er et andet kursus på samme tid", "Ja tak alligevel")]
    [InlineData("en", "There is another course at the same time", "Accept the seat anyway")]
    public async Task Another_course_at_that_time_is_shown_and_asked_about_again(string language, string heading, string button)
    {
        var token = await OfferAsync();
        var other = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Samtidig"), code: "H-9");
        await _host.Data.AddSeatsAsync(other, 1, _department);
        var secretary = await _host.SignInAsync("sek@example.org");
        await secretary.PostFieldsAsync("/runs/H-9/reserve", [new("Lines", "aase@example.org"), new("AcceptsOverlap", "true")]);
        var stranger = _host.Stranger();
        await stranger.GetAsync($"/waiting-list/{token}?culture={language}");

        var asked = await Text(await stranger.PostFormAsync($"/waiting-list/{token}", new() { ["answer"] = "Accept" }));
        Assert.Equal("offered", await StatusAsync());
        await stranger.PostFormAsync($"/waiting-list/{token}", new() { ["answer"] = "Accept", ["acceptsOverlap"] = "true" });

        Assert.Contains(heading, asked, StringComparison.Ordinal);
        Assert.Contains("Samtidig", asked, StringComparison.Ordinal);
        Assert.Contains(button, asked, StringComparison.Ordinal);
        Assert.Contains("name=\"acceptsOverlap\" value=\"true\"", asked, StringComparison.Ordinal);
        Assert.Equal("accepted", await StatusAsync());
    }

    [Theory]
    [InlineData("/waiting-list/nonsense")]
    [InlineData("/waiting-list/%27%22%3Cscript%3E")]
    public async Task Unknown_link_says_so_calmly(string url) =>
        Assert.Equal(HttpStatusCode.OK, (await _host.Stranger().GetAsync(url)).StatusCode);

    [Fact]
    public async Task Hr_sees_the_whole_list_and_sets_the_rule()
    {
        await FillAsync();
        await JoinAsync("aase@example.org");
        var client = await _host.SignInAsync("hr@example.org");

        var shown = await Text(await client.GetAsync("/hr/runs/H-1/waiting-list"));
        var wrong = await Text(await client.PostFormAsync("/hr/runs/H-1/waiting-list", new() { ["Mode"] = "book", ["Hours"] = "mange" }));
        var html = await Text(await client.PostFormAsync("/hr/runs/H-1/waiting-list", new() { ["Mode"] = "book", ["Hours"] = "8" }));

        Assert.Contains("Åse Ærø", shown, StringComparison.Ordinal);
        Assert.Contains("Skriv et helt tal fra 1 til 400.", wrong, StringComparison.Ordinal);
        Assert.Contains("Gemt.", html, StringComparison.Ordinal);
        Assert.Contains(WaitingListOrder.Turn("book", 8, "da"), html, StringComparison.Ordinal);
        Assert.Equal("book 8", await _host.Data.ScalarAsync<string>("select waiting_list_mode || ' ' || offer_working_hours from runs"));
        var secretary = await _host.SignInAsync("sek@example.org");
        Assert.NotEqual(HttpStatusCode.OK, (await secretary.GetAsync("/hr/runs/H-1/waiting-list")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/hr/runs/NOPE/waiting-list")).StatusCode);
    }

    private async Task FillAsync()
    {
        var client = await _host.SignInAsync("sek@example.org");
        await client.PostFormAsync("/runs/H-1/reserve", new() { ["Lines"] = "bo@example.org" });
    }

    private async Task<Guid> JoinAsync(string email)
    {
        var client = await _host.SignInAsync("sek@example.org");
        await client.PostFormAsync("/runs/H-1/waiting-list", new() { ["Lines"] = email });
        return await _host.Data.ScalarAsync<Guid>(
            "select reference from waiting_list_entries join people using (person_id) where email = @email", new { email });
    }

    // Åse waits, Bo cancels: the seat is offered to Åse, and this is the link in the mail.
    private async Task<string> OfferAsync()
    {
        await FillAsync();
        await JoinAsync("aase@example.org");
        await _host.Services.GetRequiredService<CancelBooking>().RunAsync(
            new CancelRequest(
                await _host.Data.ScalarAsync<Guid>("select reference from bookings"), BookingScope.All, Actor.System("test"), AcceptsLate: true),
            default);
        var token = LinkToken.Create();
        await _host.Data.ExecuteAsync(
            """
            insert into links (token_hash, purpose, entry_id, created_at, expires_at)
            select @hash, 'waiting_list.entry', entry_id, joined_at, joined_at + interval '40 days' from waiting_list_entries
            """,
            new { hash = LinkToken.Hash(token) });
        return token;
    }

    private Task<string> StatusAsync() => _host.Data.ScalarAsync<string>("select status from waiting_list_entries");

    private static async Task<string> Text(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
}
