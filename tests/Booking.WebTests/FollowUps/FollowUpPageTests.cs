using System.Net;
using Booking.Data.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.WebTests.FollowUps;

/// <summary>The form behind the link of a mail after a course: opening it changes nothing, its buttons save and send.</summary>
public sealed class FollowUpPageTests : IAsyncLifetime
{
    private readonly BookingHost _host = new();

    public async ValueTask InitializeAsync()
    {
        var department = await _host.Data.AddDepartmentAsync("A", "Afdeling A");
        var course = await _host.Data.AddCourseAsync(title: "Ro & nærvær");
        await _host.Data.ExecuteAsync("update courses set learning_goals = array['Kan falde til ro <b>']");
        var run = await _host.Data.AddRunAsync(course, code: "H-1");
        await _host.Data.AddSeatsAsync(run, 1, department);
        var person = await _host.Data.AddEmployeeAsync(department, "Anna Ågård", "anna@example.org", leaderEmail: "leder@example.org");
        await _host.Data.ExecuteAsync(
            """
            insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
            values (@run, 1, @person, @department, 'department', 'attended', 'secretary', 'sek@example.org', @now)
            """,
            new { run, person, department, now = _host.Clock.GetUtcNow() });
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("evaluation", 1, "Hvordan var kurset?", "Kan falde til ro &lt;b&gt;")]
    [InlineData("use", 30, "Hvad har du brugt fra kurset?", "Jeg har manglet tid")]
    [InlineData("leader", 60, "Bliver kurset brugt?", "Hvor ofte bruger Anna")]
    public async Task Opening_the_link_asks_and_changes_nothing(string kind, int days, string title, string words)
    {
        var token = await LinkAsync(kind, days);

        var html = await _host.Stranger().GetStringAsync($"/follow-up/{token}");
        await _host.Stranger().GetStringAsync($"/follow-up/{token}?saved=1&do=send&Form.Overall=5");

        Assert.Contains(title, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains(words, html, StringComparison.Ordinal);
        Assert.Contains("Ro &amp; nærvær", html, StringComparison.Ordinal);
        Assert.Contains("no-referrer", html, StringComparison.Ordinal);
        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from follow_up_forms where saved_at is not null"));
    }

    [Fact]
    public async Task Participant_saves_goes_on_with_the_same_link_and_sends()
    {
        var (token, client) = (await LinkAsync("evaluation", 1), _host.Stranger(followRedirects: true));

        var saved = await PostAsync(client, token, new() { ["do"] = "save", ["Form.Overall"] = "4", ["Form.Best"] = "Øvelserne <script>" });
        var again = await _host.Stranger().GetStringAsync($"/follow-up/{token}");
        var refused = await PostAsync(client, token, new() { ["do"] = "send", ["Form.Overall"] = "4", ["Form.Better"] = "Mere kaffe" });
        var sent = await PostAsync(client, token, new()
        {
            ["do"] = "send",
            ["Form.Overall"] = "4",
            ["Form.Relevance"] = "5",
            ["Form.Goals"] = "3",
            ["Form.Recommends"] = "5",
        });

        Assert.Contains("Dine svar er gemt, men ikke sendt", saved, StringComparison.Ordinal);
        Assert.Matches("id=\"Form-Overall-4\" name=\"Form.Overall\" value=\"4\" checked", again);
        Assert.Contains("Øvelserne &lt;script&gt;", WebUtility.HtmlDecode(again).Replace("<script>", "&lt;script&gt;", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("Øvelserne <script>", again, StringComparison.Ordinal);
        Assert.Equal(6, Count(refused, "Vælg et af de fem svar."));
        Assert.Contains("Mere kaffe", refused, StringComparison.Ordinal);
        Assert.Contains("Tak for dine svar", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("Gem og fortsæt senere", sent, StringComparison.Ordinal);
        Assert.Equal(1, await _host.Data.ScalarAsync<long>("select count(*) from follow_up_forms where answered_at is not null and overall = 4"));
    }

    [Fact]
    public async Task Use_keeps_every_barrier_and_text_that_is_too_long_stays_in_the_form()
    {
        var (token, client) = (await LinkAsync("use", 30), _host.Stranger(followRedirects: true));
        var longText = string.Join("\r\n", Enumerable.Repeat("linje", 400));

        var refused = await PostAsync(client, token, new() { ["do"] = "save", ["Form.Used"] = longText });
        await client.PostFieldsAsync($"/follow-up/{token}", [
            new("do", "send"), new("Form.Used", longText[..1900]), new("Form.Frequency", "4"), new("Form.Shared", "planned"),
            new("Form.Barriers", "time"), new("Form.Barriers", "leader"), new("Form.Barriers", "'; drop table links"),
        ]);

        Assert.Contains("Skriv højst 2000 tegn. Du har skrevet 2399.", refused, StringComparison.Ordinal);
        Assert.Contains("linje\nlinje", refused.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(
            "4 planned {time,leader}",
            await _host.Data.ScalarAsync<string>("select concat_ws(' ', frequency, shared, barriers::text) from follow_up_forms where answered_at is not null"));
    }

    [Theory]
    [InlineData("Form.Overall", "6")]
    [InlineData("Form.Overall", "-1")]
    [InlineData("Form.Overall", "4 or 1=1")]
    [InlineData("Form.Shared", "<script>")]
    [InlineData("Form.Frequency", "99999999999999999999")]
    [InlineData("Form", "x")]
    [InlineData("Form.Barriers[9999999]", "time")]
    public async Task Hostile_input_is_no_answer_and_no_fault(string field, string value)
    {
        foreach (var (kind, days) in new[] { ("evaluation", 1), ("use", 60), ("leader", 60) })
        {
            var token = await LinkAsync(kind, days);

            var answer = await _host.Stranger().PostFormAsync($"/follow-up/{token}", new() { ["do"] = "send", [field] = value });

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(0, await _host.Data.ScalarAsync<long>("select count(*) from follow_up_forms where answered_at is not null"));
    }

    [Theory]
    [InlineData("update links set expires_at = '2020-01-01'", "Fristen for at svare er udløbet.")]
    [InlineData("update bookings set status = 'absent'", "Der er ikke noget at svare på")]
    [InlineData("update links set revoked_at = now()", "Linket virker ikke.")]
    [InlineData("update links set purpose = 'booking.manage', booking_id = (select booking_id from bookings), form_id = null", "Linket virker ikke.")]
    public async Task Link_that_is_over_or_of_another_purpose_asks_nothing(string change, string sentence)
    {
        var token = await LinkAsync("evaluation", 1);
        var client = _host.Stranger(followRedirects: true);
        await client.GetAsync($"/follow-up/{token}");
        await _host.Data.ExecuteAsync(change);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync($"/follow-up/{token}"));

        Assert.Contains(sentence, html, StringComparison.Ordinal);
        Assert.DoesNotContain("<form method=\"post\" action=\"?\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_link_tells_nothing_and_a_post_without_the_form_is_refused()
    {
        var token = await LinkAsync("evaluation", 1);
        using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["do"] = "save", ["Form.Overall"] = "1" });

        Assert.Equal(HttpStatusCode.BadRequest, (await _host.Stranger().PostAsync($"/follow-up/{token}", content)).StatusCode);
        Assert.Contains("Linket virker ikke.", WebUtility.HtmlDecode(await _host.Stranger().GetStringAsync("/follow-up/ukendt")), StringComparison.Ordinal);
        Assert.Contains("Linket virker ikke.", WebUtility.HtmlDecode(await _host.Stranger().GetStringAsync("/follow-up/ukendt/mail")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_of_one_kind_is_turned_off_by_the_button_and_on_again()
    {
        var (token, client) = (await LinkAsync("use", 30), _host.Stranger());
        var address = $"/follow-up/{token}/mail";

        var shown = WebUtility.HtmlDecode(await client.GetStringAsync(address));
        Assert.Equal(0, await OptOutsAsync());
        var off = await PostBareAsync(client, address, new() { ["choice"] = "off" });
        Assert.Equal(1, await OptOutsAsync());
        var on = await PostBareAsync(client, address, new() { ["choice"] = "on" });

        Assert.Contains("30, 60 og 90 dage efter et kursus", shown, StringComparison.Ordinal);
        Assert.Contains("Du får ikke flere af den slags mails.", off, StringComparison.Ordinal);
        Assert.Contains("Du får den slags mails igen.", on, StringComparison.Ordinal);
        Assert.Equal(0, await OptOutsAsync());
    }

    [Fact]
    public async Task Mail_program_turns_it_off_with_one_click_and_nothing_else_is_understood()
    {
        var (token, client) = (await LinkAsync("leader", 60, "leder@example.org"), _host.Stranger());

        await PostBareAsync(client, $"/follow-up/{token}/mail", new() { ["List-Unsubscribe"] = "Two-Click", ["choice"] = "perhaps" });
        Assert.Equal(0, await OptOutsAsync());
        await PostBareAsync(client, "/follow-up/ukendt/mail", new() { ["List-Unsubscribe"] = "One-Click" });
        Assert.Equal(0, await OptOutsAsync());
        await PostBareAsync(client, $"/follow-up/{token}/mail", new() { ["List-Unsubscribe"] = "One-Click" });

        Assert.Equal("leder@example.org leader", await _host.Data.ScalarAsync<string>("select email || ' ' || kind from follow_up_opt_outs"));
    }

    private Task<long> OptOutsAsync() => _host.Data.ScalarAsync<long>("select count(*) from follow_up_opt_outs");

    private async Task<string> LinkAsync(string kind, int days, string owner = "anna@example.org")
    {
        var token = LinkToken.Create();
        await _host.Data.ExecuteAsync(
            """
            with form as (
                insert into follow_up_forms (booking_id, kind, days, due_at, asked_at)
                select booking_id, @kind, @days, @now, @now from bookings
                on conflict (booking_id, kind, days) do update set due_at = excluded.due_at
                returning form_id
            )
            insert into links (token_hash, purpose, form_id, owner_email, created_at, expires_at)
            select @hash, 'follow_up.answer', form_id, @owner, @now, @now + interval '60 days' from form
            """,
            new { kind, days, owner, hash = LinkToken.Hash(token), now = _host.Clock.GetUtcNow() });
        return token;
    }

    private static async Task<string> PostAsync(HttpClient client, string token, Dictionary<string, string> fields) => WebUtility.HtmlDecode(
        await (await client.PostFormAsync($"/follow-up/{token}", fields)).Content.ReadAsStringAsync());

    private static async Task<string> PostBareAsync(HttpClient client, string address, Dictionary<string, string> fields)
    {
        using var content = new FormUrlEncodedContent(fields);
        return WebUtility.HtmlDecode(await (await client.PostAsync(address, content)).Content.ReadAsStringAsync());
    }

    private static int Count(string html, string words) => html.Split(words).Length - 1;
}
