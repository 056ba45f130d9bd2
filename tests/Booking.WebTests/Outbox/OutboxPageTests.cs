using System.Net;
using Booking.Data.Outbox;
using Booking.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Booking.WebTests.Outbox;

public sealed class OutboxPageTests : IAsyncLifetime
{
    private const string Token = "abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJ-01234";

    private const string Mail =
        $"From: <kurser@example.org>\r\nTo: <anna@example.org>\r\nSubject: Hej\r\nDate: Mon, 4 Jan 2027 08:00:00 +0000\r\nMessage-ID: <1@x>\r\n"
        + "Content-Language: da\r\nContent-Type: multipart/alternative; boundary=\"b\"\r\n\r\n"
        + $"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSe https://localhost/bookings/manage/{Token} eller <script>\r\n"
        + $"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<a href=\"https://localhost/bookings/manage/{Token}\">Se</a>\r\n--b--\r\n";

    private readonly BookingHost _host = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _host.Data.ExecuteAsync("insert into role_assignments (email, role) values ('admin@example.org', 'administrator'), ('hr@example.org', 'hr')");
        await AddAsync("one", "anna@example.org");
        await AddAsync("two", "bo@example.org");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/admin/outbox")]
    [InlineData("/admin/outbox/1")]
    [InlineData("/admin/outbox/1/html")]
    [InlineData("/admin/schedules")]
    [InlineData("/admin/inbox")]
    public async Task Only_an_administrator_comes_in(string url)
    {
        var hr = await _host.SignInAsync("hr@example.org");

        Assert.NotEqual(HttpStatusCode.OK, (await hr.GetAsync(new Uri(url, UriKind.Relative), Stop)).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await _host.Stranger().GetAsync(new Uri(url, UriKind.Relative), Stop)).StatusCode);
    }

    [Fact]
    public async Task Mails_are_found_by_their_recipient_and_nonsense_in_the_address_is_no_error()
    {
        var admin = await _host.SignInAsync("admin@example.org");

        var all = await admin.ReadAsync("/admin/outbox");
        Assert.Contains("2 klar til at blive sendt", all, StringComparison.Ordinal);
        var one = await admin.ReadAsync("/admin/outbox?to=Anna@example.org");
        Assert.Contains("anna@example.org", one, StringComparison.Ordinal);
        Assert.DoesNotContain("bo@example.org", one, StringComparison.Ordinal);
        Assert.Contains("Der er ingen mails her", await admin.ReadAsync("/admin/outbox?to=%27%3Cscript%3E&status=dead"), StringComparison.Ordinal);
        Assert.Contains("bo@example.org", await admin.ReadAsync("/admin/outbox?status=x&kind=%00y&before=-1"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync(new Uri("/admin/outbox/4711", UriKind.Relative), Stop)).StatusCode);
    }

    [Fact]
    public async Task Rendered_mail_is_shown_without_what_would_let_an_administrator_act_as_its_recipient()
    {
        var id = await FailAsync("one");
        var admin = await _host.SignInAsync("admin@example.org");

        var page = await admin.ReadAsync($"/admin/outbox/{id}");
        var frame = await admin.ReadAsync($"/admin/outbox/{id}/html");

        Assert.Contains("550 ukendt", page, StringComparison.Ordinal);
        Assert.Contains("bookings/manage/…", page, StringComparison.Ordinal);
        Assert.Contains("bookings/manage/…", frame, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, page + frame, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_given_up_is_tried_again_and_another_discarded()
    {
        var id = await FailAsync("one");
        var other = await _host.Data.ScalarAsync<long>("select outbox_id from outbox where key = 'two'");
        var admin = await _host.SignInAsync("admin@example.org");

        var retried = await admin.PostFormAsync($"/admin/outbox/{id}?handler=Retry", [], $"/admin/outbox/{id}");
        var discarded = await admin.PostFormAsync($"/admin/outbox/{other}?handler=Discard", [], $"/admin/outbox/{other}");

        Assert.Contains("bliver sendt om et øjeblik", await ReadAsync(retried), StringComparison.Ordinal);
        Assert.Contains("Mailen er kasseret", await ReadAsync(discarded), StringComparison.Ordinal);
        Assert.Equal(["pending", "discarded"], await _host.Data.QueryAsync<string>("select status from outbox order by outbox_id"));
        Assert.Equal(
            ["outbox.retried", "outbox.discarded"],
            await _host.Data.QueryAsync<string>("select action from audit_entries where actor = 'admin@example.org' order by audit_id"));
    }

    [Fact]
    public async Task All_mail_is_held_back_and_sent_again()
    {
        var admin = await _host.SignInAsync("admin@example.org");

        await admin.PostFormAsync("/admin/outbox?handler=Pause", [], "/admin/outbox");
        Assert.Contains("Alle mails holdes tilbage", await admin.ReadAsync("/admin/outbox"), StringComparison.Ordinal);
        Assert.Equal(0, await _host.Services.GetRequiredService<MailPace>().TakeTurnsAsync(5, null, Stop));

        await admin.PostFormAsync("/admin/outbox?handler=Resume", [], "/admin/outbox");
        Assert.DoesNotContain("Alle mails holdes tilbage", await admin.ReadAsync("/admin/outbox"), StringComparison.Ordinal);
        Assert.Equal(5, await _host.Services.GetRequiredService<MailPace>().TakeTurnsAsync(5, null, Stop));
    }

    private async Task<long> FailAsync(string key)
    {
        var delivery = _host.Services.GetRequiredService<OutboxDelivery>();
        var messages = await delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop);
        var message = messages.Single(message => message.Key == key);
        await delivery.BeginAsync(message, Stop);
        await delivery.KeepAsync(message, new RenderedMessage { Bytes = System.Text.Encoding.ASCII.GetBytes(Mail) }, Stop);
        await delivery.MarkFailedAsync(message, new DeliveryFailure { Words = "550 ukendt", IsFinal = true }, Stop);
        await delivery.ReleaseAsync(message.LeasedBy, Stop);
        return message.OutboxId;
    }

    private Task AddAsync(string key, string to) => _host.Data.ExecuteAsync(
        $"""
        insert into outbox (key, kind, queue, recipient_email, created_at, due_at)
        values ('{key}', 'sign_up.already', '{key}', '{to}', '{_host.Clock.GetUtcNow():O}', '{_host.Clock.GetUtcNow():O}')
        """);

    private static async Task<string> ReadAsync(HttpResponseMessage answer) =>
        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Stop));
}
