using System.Net;
using System.Text.RegularExpressions;
using Booking.Data.Bookings;
using Booking.Jobs.WaitingLists;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.Bookings;

public sealed class SignUpPageTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();

    public async ValueTask InitializeAsync()
    {
        var run = await _host.Data.AddRunAsync(
            await _host.Data.AddCourseAsync(title: "Selvskade", crossSector: true, externalPrice: 1250m), code: "H-1");
        await _host.Data.AddSeatsAsync(run, 2, pool: "external");
        await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(), code: "H-2");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Sign_up_holds_a_seat_and_says_look_in_your_inbox()
    {
        var answer = await _host.Stranger().PostFormAsync("/runs/H-1/sign-up", Typed());

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/sign-up/sent", answer.Headers.Location!.OriginalString);
        Assert.Equal("held", await _host.Data.ScalarAsync<string>("select status from bookings"));
    }

    [Fact]
    public async Task The_answer_is_the_same_for_an_address_that_has_a_seat()
    {
        var first = await _host.Stranger().PostFormAsync("/runs/H-1/sign-up", Typed());
        var again = await _host.Stranger().PostFormAsync("/runs/H-1/sign-up", Typed());

        Assert.Equal(first.StatusCode, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(
            first.Headers.Select(header => header.Key).Order(), again.Headers.Select(header => header.Key).Order());
    }

    [Fact]
    public async Task Faults_are_said_beside_their_fields_and_what_was_typed_stays()
    {
        var answer = await _host.Stranger().PostFormAsync("/runs/H-1/sign-up", new()
        {
            ["Form.Name"] = "<b>Eva \"E\"</b>",
            ["Form.Email"] = "eva@kommune",
            ["Form.Workplace"] = "",
            ["Form.Sector"] = "",
            ["Form.Ean"] = "1234567890123",
        });
        var html = await answer.Content.ReadAsStringAsync();
        var text = WebUtility.HtmlDecode(html);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        foreach (var sentence in new[] { "Skriv en e-mail som", "Skriv, hvor du arbejder.", "Vælg en af de sektorer", "gyldigt EAN-nummer" })
        {
            Assert.Contains(sentence, text, StringComparison.Ordinal);
        }

        Assert.Contains("value=\"&lt;b&gt;Eva &quot;E&quot;&lt;/b&gt;\"", html, StringComparison.Ordinal);
        Assert.Contains("value=\"eva@kommune\"", html, StringComparison.Ordinal);
        Assert.Contains("aria-describedby=\"Form-Email-hint Form-Email-error\"", html, StringComparison.Ordinal);
        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from bookings"));
    }

    [Theory]
    [InlineData("da", "Du kan skrive dig på venteliste", "Skriv mig på venteliste")]
    [InlineData("en", "You can join the waiting list", "Put me on the waiting list")]
    public async Task A_full_run_says_so_and_signs_up_for_its_waiting_list(string language, string sentence, string button)
    {
        await _host.Data.ExecuteAsync("update seats set status = 'taken'");
        var client = _host.Stranger();
        await client.GetAsync($"/runs/H-1/sign-up?culture={language}");

        var html = WebUtility.HtmlDecode(await client.GetStringAsync("/runs/H-1/sign-up"));
        var typed = Typed();
        typed["Form.AcceptsWaiting"] = "true";
        var answer = await client.PostFormAsync("/runs/H-1/sign-up", typed);
        var sent = await client.GetStringAsync(answer.Headers.Location!.OriginalString);

        Assert.Contains(sentence, html, StringComparison.Ordinal);
        Assert.Contains(button, html, StringComparison.Ordinal);
        Assert.Contains(WaitingListOrder.Rule(language), html, StringComparison.Ordinal);
        Assert.Equal("/sign-up/sent?waiting=True", answer.Headers.Location!.OriginalString);
        Assert.Contains(language == "da" ? "ventelisten" : "waiting list", sent, StringComparison.Ordinal);
        Assert.True(await _host.Data.ScalarAsync<bool>("select is_for_waiting_list from sign_ups"));
    }

    [Fact]
    public async Task A_run_that_filled_up_meanwhile_keeps_what_was_typed_and_offers_the_list()
    {
        await _host.Stranger().GetAsync("/runs/H-1/sign-up");
        await _host.Data.ExecuteAsync("update seats set status = 'taken'");

        var answer = await _host.Stranger().PostFormAsync("/runs/H-1/sign-up", Typed());
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Contains("value=\"Eva Ekstern\"", html, StringComparison.Ordinal);
        Assert.Contains("name=\"Form.AcceptsWaiting\" value=\"true\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Confirming_on_a_full_run_says_that_one_waits()
    {
        await _host.Data.ExecuteAsync("update seats set status = 'taken'");
        var client = _host.Stranger();
        var typed = Typed();
        typed["Form.AcceptsWaiting"] = "true";
        await client.PostFormAsync("/runs/H-1/sign-up", typed);
        var token = await AddLinkAsync("sign_up.confirm");

        var shown = WebUtility.HtmlDecode(await client.GetStringAsync($"/sign-up/confirm/{token}"));
        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from waiting_list_entries"));
        var answer = await client.PostFormAsync($"/sign-up/confirm/{token}", []);
        var again = await client.GetStringAsync($"/sign-up/confirm/{token}");

        Assert.Contains("Ja, skriv mig på ventelisten", shown, StringComparison.Ordinal);
        Assert.Contains("Du står på ventelisten.", WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Contains("Det er allerede bekræftet.", WebUtility.HtmlDecode(again), StringComparison.Ordinal);
        Assert.Equal("waiting", await _host.Data.ScalarAsync<string>("select status from waiting_list_entries"));
    }

    [Fact]
    public async Task On_a_full_run_the_known_address_gets_its_link_and_the_pages_tell_it_from_no_other()
    {
        await _host.Stranger().PostFormAsync("/runs/H-1/sign-up", Typed());
        var form = await _host.Stranger().GetStringAsync("/runs/H-1/sign-up");
        await _host.Data.ExecuteAsync("update seats set status = 'taken'");
        foreach (var address in new[] { "/runs/H-1/sign-up", "/runs/H-1/sign-up/link" })
        {
            var known = await AnswerAsync(address, "eva@kommune.example.org");
            var unknown = await AnswerAsync(address, "nn@kommune.example.org");

            Assert.Equal(known, unknown);
            Assert.Contains("Hvis adressen har en tilmelding", known, StringComparison.Ordinal);
            _host.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(
            ["eva@kommune.example.org", "eva@kommune.example.org", "eva@kommune.example.org"],
            await _host.Data.QueryAsync<string>("select recipient_email from outbox where kind = 'sign_up.confirm'"));
        Assert.Contains("/runs/H-1/sign-up/link", await _host.Stranger().GetStringAsync("/runs/H-1"), StringComparison.Ordinal);
        Assert.DoesNotContain("/sign-up/link", form, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Skriv din e-mail.")]
    [InlineData("eva@kommune", "Skriv en e-mail som")]
    public async Task Asking_for_the_link_without_an_address_says_so_beside_the_field(string typed, string sentence)
    {
        var answer = await _host.Stranger().PostFormAsync("/runs/H-1/sign-up/link", new() { ["Email"] = typed });

        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Contains(sentence, html, StringComparison.Ordinal);
        Assert.Contains("href=\"#Email\"", html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Stranger().GetAsync("/runs/H-2/sign-up/link")).StatusCode);
    }

    [Fact]
    public async Task The_list_of_faults_is_in_the_order_of_the_fields()
    {
        var answer = await _host.Stranger().PostFormAsync("/runs/H-1/sign-up", Typed().ToDictionary(field => field.Key, _ => ""));
        var html = await answer.Content.ReadAsStringAsync();

        var faults = Regex.Matches(html, "<a href=\"#(?<id>Form-[A-Za-z]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Groups["id"].Value).ToList();
        Assert.Equal(["Form-Name", "Form-Email", "Form-Workplace", "Form-Sector", "Form-Ean"], faults);
        Assert.Equal(faults.Order(Comparer<string>.Create((a, b) => html.IndexOf($"id=\"{a}\"", StringComparison.Ordinal) - html.IndexOf($"id=\"{b}\"", StringComparison.Ordinal))), faults);
    }

    [Fact]
    public async Task A_course_that_is_not_cross_sector_has_no_sign_up()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Stranger().GetAsync("/runs/H-2/sign-up")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Stranger().GetAsync("/runs/NOPE/sign-up")).StatusCode);
    }

    [Fact]
    public async Task Opening_the_link_changes_nothing_and_the_button_confirms()
    {
        var client = _host.Stranger();
        await client.PostFormAsync("/runs/H-1/sign-up", Typed());
        var token = await AddLinkAsync("sign_up.confirm");

        await client.GetAsync($"/sign-up/confirm/{token}");
        Assert.Equal("held", await _host.Data.ScalarAsync<string>("select status from bookings"));
        var answer = await client.PostFormAsync($"/sign-up/confirm/{token}", []);

        Assert.Contains("Pladsen er din", WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Equal("booked", await _host.Data.ScalarAsync<string>("select status from bookings"));
    }

    [Fact]
    public async Task Being_elsewhere_at_that_time_is_shown_and_asked_before_both_are_booked()
    {
        var other = await _host.Data.AddRunAsync(await _host.Data.AddCourseAsync(title: "Angst & uro"), code: "H-3");
        await _host.Data.AddSeatsAsync(other, 1, pool: "external");
        await _host.Data.ExecuteAsync(
            """
            with eva as (
                insert into people (name, email, kind, sector) values ('Eva', 'eva@kommune.example.org', 'external', 'municipality') returning person_id)
            insert into bookings (run_id, seat_number, pool, person_id, status, source, booked_by, booked_at)
            select @other, 1, 'external', person_id, 'booked', 'sign_up', 'test', now() from eva
            """,
            new { other });
        var client = _host.Stranger();
        await client.PostFormAsync("/runs/H-1/sign-up", Typed());
        var page = $"/sign-up/confirm/{await AddLinkAsync("sign_up.confirm")}";

        var asked = WebUtility.HtmlDecode(await (await client.PostFormAsync(page, [])).Content.ReadAsStringAsync());
        Assert.Equal("held", await StatusAsync());
        var answer = await client.PostFormAsync(page, new() { ["acceptsOverlap"] = "true" });

        Assert.Contains("Angst & uro", asked, StringComparison.Ordinal);
        Assert.Contains("name=\"acceptsOverlap\" value=\"true\"", asked, StringComparison.Ordinal);
        Assert.Contains("Bekræft begge alligevel", asked, StringComparison.Ordinal);
        Assert.Contains("Pladsen er din", WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Equal("booked", await StatusAsync());

        Task<string> StatusAsync() => _host.Data.ScalarAsync<string>(
            "select bookings.status from bookings join runs using (run_id) where runs.code = 'H-1'");
    }

    [Fact]
    public async Task The_personal_link_shows_the_booking_and_cancels_it()
    {
        var client = _host.Stranger();
        await client.PostFormAsync("/runs/H-1/sign-up", Typed());
        await client.PostFormAsync($"/sign-up/confirm/{await AddLinkAsync("sign_up.confirm")}", []);
        var token = await AddLinkAsync("booking.manage");

        var answer = await client.PostFormAsync($"/bookings/manage/{token}", []);

        Assert.Contains("Tilmeldingen er afmeldt", WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Equal("cancelled", await _host.Data.ScalarAsync<string>("select status from bookings"));
    }

    [Fact]
    public async Task A_nul_character_is_refused_and_never_a_failure()
    {
        var typed = Typed();
        typed["Form.Name"] = "Eva\0";

        var answer = await _host.Stranger().PostFormAsync("/runs/H-1/sign-up", typed);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("/sign-up/confirm/nonsense")]
    [InlineData("/bookings/manage/%27%22%3Cscript%3E")]
    public async Task An_unknown_link_says_so_calmly(string url)
    {
        var answer = await _host.Stranger().GetAsync(url);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    // What a page answers, without what is new in every answer and what was typed.
    private async Task<string> AnswerAsync(string address, string email)
    {
        var typed = Typed();
        typed["Form.Email"] = typed["Email"] = email;
        var answer = await _host.Stranger().PostFormAsync(address, typed, "/runs/H-1/sign-up/link");
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).Replace(email, "", StringComparison.Ordinal);
        html = Regex.Replace(html, "(value|nonce)=\"[^\"]*\"", "", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        return $"{answer.StatusCode} {string.Join(',', answer.Headers.Select(header => header.Key).Order())} {html}";
    }

    private static Dictionary<string, string> Typed() => new()
    {
        ["Form.Name"] = "Eva Ekstern",
        ["Form.Email"] = "eva@kommune.example.org",
        ["Form.Workplace"] = "Aalborg Kommune",
        ["Form.Sector"] = "municipality",
        ["Form.Ean"] = "5790000123452",
    };

    private async Task<string> AddLinkAsync(string purpose)
    {
        var token = LinkToken.Create();
        await _host.Data.ExecuteAsync(
            """
            insert into links (token_hash, purpose, sign_up_id, booking_id, created_at, expires_at)
            select @hash, @purpose, case when @purpose = 'sign_up.confirm' then sign_up_id end,
                case when @purpose = 'booking.manage' then booking_id end, created_at, created_at + interval '1 day'
            from sign_ups
            """,
            new { hash = LinkToken.Hash(token), purpose });
        return token;
    }
}
