using System.Net.Mail;
using System.Text;
using Booking.Jobs;
using Booking.Jobs.Invitations;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Booking.UnitTests.Contracts;

/// <summary>What every mail transport must do against a real server, on whichever stack is built.</summary>
public sealed class MailTransportTests : IAsyncDisposable
{
    private readonly TestSmtpServer _server = new();
    private readonly ServiceProvider _services;

    public MailTransportTests() => _services = CreateServices("None", _server.Port);

    private IMailTransport Transport => _services.GetRequiredService<IMailTransport>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Mail_accepted_arrives_with_its_body_unchanged_and_its_headers_meaning_the_same()
    {
        var mail = Mail("anna@example.org");

        var receipt = await Transport.SendAsync(mail, Stop);

        var taken = Assert.Single(_server.Taken);
        Assert.Equal(MailOutcome.Accepted, receipt.Outcome);
        Assert.Equal("kurser@region.example", taken.EnvelopeFrom);
        Assert.Equal("anna@example.org", taken.EnvelopeTo);
        var (sent, arrived) = (MimeReader.Read(mail.Message), MimeReader.Read(Encoding.Latin1.GetBytes(taken.Message)));
        Assert.Equal(Encoding.Latin1.GetString(sent.Body.Span).TrimEnd(), Encoding.Latin1.GetString(arrived.Body.Span).TrimEnd());
        foreach (var header in new[] { "Subject", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version" })
        {
            Assert.Equal(sent[header], arrived[header]);
        }

        Assert.Equal("multipart/alternative", arrived.MediaType);
        Assert.Equal(sent.Parameter("boundary"), arrived.Parameter("boundary"));
        Assert.Equal(["text/plain", "text/html", "text/calendar"], MimeReader.Parts(arrived).Select(part => part.MediaType));
        Assert.Equal("REQUEST", MimeReader.Parts(arrived)[2].Parameter("method"));
        Assert.Equal("Ørsted, Anna", NameIn(arrived.Raw("To")));
        Assert.Equal("Psykiatriens 'Kurser' (Nord)", NameIn(arrived.Raw("From")));
    }

    [Fact]
    public async Task Mail_sent_twice_is_the_same_mail_but_for_its_date_on_the_lean_stack()
    {
        await Transport.SendAsync(Mail("anna@example.org"), Stop);
        await Transport.SendAsync(Mail("anna@example.org"), Stop);

        Assert.Equal(2, _server.Taken.Count);
        Assert.Equal(Compared(_server.Taken[0].Message), Compared(_server.Taken[1].Message));

        static string Compared(string message) => JobServices.Stack == "Full"
            ? message
            : string.Join("\r\n", message.Split("\r\n").Where(line => !line.StartsWith("Date:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Several_mails_share_one_connection_until_rest()
    {
        await Transport.SendAsync(Mail("a@example.org"), Stop);
        await Transport.SendAsync(Mail("b@example.org"), Stop);
        await Transport.SendAsync(Mail("c@example.org"), Stop);
        Assert.Equal(1, _server.Connections);

        await Transport.RestAsync(Stop);
        await Transport.SendAsync(Mail("d@example.org"), Stop);

        Assert.Equal(2, _server.Connections);
        Assert.Equal(4, _server.Taken.Count);
    }

    [Theory]
    [InlineData("refused@example.org", MailOutcome.Refused, "5.1.1 no such mailbox here")]
    [InlineData("later@example.org", MailOutcome.TryAgain, "4.7.1 greylisted, come back later")]
    [InlineData("spam@example.org", MailOutcome.TryAgain, "5.7.1 this looks like spam")]
    public async Task Mail_refused_has_the_servers_own_words_and_the_next_one_goes_through(string to, MailOutcome outcome, string words)
    {
        var receipt = await Transport.SendAsync(Mail(to), Stop);
        var next = await Transport.SendAsync(Mail("anna@example.org"), Stop);

        Assert.Equal(outcome, receipt.Outcome);
        Assert.Contains(words, receipt.Words, StringComparison.Ordinal);
        Assert.Equal(MailOutcome.Accepted, next.Outcome);
    }

    [Fact]
    public async Task Mail_whose_connection_breaks_before_the_answer_may_have_left()
    {
        var receipt = await Transport.SendAsync(Mail("broken@example.org"), Stop);
        var next = await Transport.SendAsync(Mail("anna@example.org"), Stop);

        Assert.Equal(MailOutcome.Unclear, receipt.Outcome);
        Assert.Equal(MailOutcome.Accepted, next.Outcome);
    }

    [Fact]
    public async Task Mail_to_a_server_that_is_not_there_has_certainly_not_left()
    {
        await _server.DisposeAsync();

        var receipt = await Transport.SendAsync(Mail("anna@example.org"), Stop);

        Assert.Equal(MailOutcome.TryAgain, receipt.Outcome);
        Assert.NotEmpty(receipt.Words);
    }

    [Fact]
    public async Task Mail_is_not_sent_in_the_clear_when_the_server_offers_no_STARTTLS()
    {
        await using var services = CreateServices("StartTls", _server.Port);

        var receipt = await services.GetRequiredService<IMailTransport>().SendAsync(Mail("anna@example.org"), Stop);

        Assert.Equal(MailOutcome.TryAgain, receipt.Outcome);
        Assert.Empty(_server.Taken);
    }

    // Both ways of RFC 2047 to write a name, and the plain one.
    private static string NameIn(string header)
    {
        var name = new MailAddress(header).DisplayName;
        return name.StartsWith("=?utf-8?Q?", StringComparison.OrdinalIgnoreCase)
            ? Uri.UnescapeDataString(name[10..^2].Replace('_', ' ').Replace('=', '%'))
            : MimeReader.DecodeWords(name);
    }

    private static ServiceProvider CreateServices(string tls, int port) => JobHost.Create(
        new FakeClock(),
        ("Mail:Host", "127.0.0.1"),
        ("Mail:Port", $"{port}"),
        ("Mail:Tls", tls),
        ("Mail:From", "kurser@region.example"),
        ("Site:BaseUrl", "https://kurser.example.org"));

    private OutgoingMail Mail(string to) => new()
    {
        OutboxId = 1,
        EnvelopeFrom = "kurser@region.example",
        EnvelopeTo = to,
        Message = MimeComposer.Compose(new MailDraft
        {
            Key = "booking.invitation/1/2/0",
            From = new Mailbox("kurser@region.example", "Psykiatriens \"Kurser\" (Nord)"),
            To = new Mailbox(to, "Ørsted, Anna"),
            Date = FakeClock.Start,
            Language = "da",
            Subject = "Din plads på Kognitiv terapi for sygeplejersker, læger og psykologer i hele regionen (2/3)",
            Text = "Kære Anna\n.\n..punktummer\nFrom her\n" + new string('æ', 300),
            Html = "<p>Kære Anna</p>\n.\n",
            Calendar = new CalendarPart(
                CalendarMethod.Request,
                _services.GetRequiredService<ICalendarWriter>().Write(CalendarMethod.Request, [GoldenCalendars.Event()])),
        }),
    };
}
