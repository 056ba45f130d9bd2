using System.Net;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Booking.WebTests.Dev;

public sealed class WrittenMailTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("booking-mail-");
    private readonly List<BookingHost> _hosts = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Written_mail_is_listed_newest_first_and_shown_with_its_html_in_a_frame_of_its_own()
    {
        var host = Host("Development");
        await WriteAsync(host, 1, "Den første");
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await WriteAsync(host, 2, "<b>Den anden</b>");
        var browser = host.Stranger();

        var list = await browser.GetStringAsync(new Uri("/dev/mail", UriKind.Relative), Stop);
        Assert.True(list.IndexOf("Den anden", StringComparison.Ordinal) < list.IndexOf("Den første", StringComparison.Ordinal));
        Assert.DoesNotContain("<b>Den anden", list, StringComparison.Ordinal);

        var name = host.Services.GetRequiredService<MailFolder>().List()[0];
        var page = await browser.GetAsync(new Uri($"/dev/mail/{name}", UriKind.Relative), Stop);
        Assert.Contains("frame-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains($"/dev/mail/{name}/html", await page.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);

        var html = await browser.GetAsync(new Uri($"/dev/mail/{name}/html", UriKind.Relative), Stop);
        Assert.Contains("sandbox", html.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", html.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("<p>Hej <b>Anna</b></p>", await html.Content.ReadAsStringAsync(Stop));
    }

    [Theory]
    [InlineData("/dev/mail/nothing.eml")]
    [InlineData("/dev/mail/nothing.eml/html")]
    [InlineData("/dev/mail/..%2f..%2fetc%2fpasswd")]
    [InlineData("/dev/mail/%2Fetc%2Fpasswd.eml")]
    public async Task Mail_that_is_not_in_the_folder_is_not_found(string path)
    {
        var answer = await Host("Development").Stranger().GetAsync(new Uri(path, UriKind.Relative), Stop);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Written_mail_is_shown_to_nobody_outside_development()
    {
        var host = Host("Production");
        await WriteAsync(host, 1, "Fortroligt");
        var name = host.Services.GetRequiredService<MailFolder>().List()[0];

        foreach (var path in new[] { "/dev/mail", $"/dev/mail/{name}", $"/dev/mail/{name}/html" })
        {
            var answer = await host.Stranger().GetAsync(new Uri(path, UriKind.Relative), Stop);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    private BookingHost Host(string environment)
    {
        var host = BookingHost.Create(environment, ("Site:DataFolder", _folder.FullName));
        _hosts.Add(host);
        return host;
    }

    private static async Task WriteAsync(BookingHost host, long id, string subject)
    {
        var transport = new FileMailTransport(host.Services.GetRequiredService<MailFolder>(), host.Clock);
        await transport.SendAsync(
            new OutgoingMail
            {
                OutboxId = id,
                EnvelopeFrom = "kurser@example.org",
                EnvelopeTo = "anna@example.org",
                Message = MimeComposer.Compose(new MailDraft
                {
                    Key = $"test/{id}",
                    From = new Mailbox("kurser@example.org"),
                    To = new Mailbox("anna@example.org", "Anna"),
                    Date = host.Clock.GetUtcNow(),
                    Language = "da",
                    Subject = subject,
                    Text = "Hej Anna",
                    Html = "<p>Hej <b>Anna</b></p>",
                }),
            },
            Stop);
    }
}
