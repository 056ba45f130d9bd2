using System.Text;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Xunit;

namespace Booking.UnitTests.Contracts;

/// <summary>What every mail transport must do against a real server, on whichever stack is built.</summary>
public sealed class MailTransportTests : IAsyncDisposable
{
    private readonly TestSmtpServer _server = new();
    private readonly TransportCase _case;

    public MailTransportTests() => _case = new TransportCase(_server.Port, ("Mail:Tls", "None"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _case.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Mail_accepted_arrives_byte_for_byte_as_it_was_rendered()
    {
        var mail = _case.Mail("anna@example.org");

        var receipt = await _case.Transport.SendAsync(mail, Stop);

        var taken = Assert.Single(_server.Taken);
        Assert.Equal(MailOutcome.Accepted, receipt.Outcome);
        Assert.Equal("250 2.0.0 queued as 12345", receipt.Words);
        Assert.Equal("kurser@region.example", taken.EnvelopeFrom);
        Assert.Equal("anna@example.org", taken.EnvelopeTo);
        Assert.Equal(Encoding.Latin1.GetString(mail.Message.Span), taken.Message);
    }

    [Theory]
    [InlineData(".\r\n")]
    [InlineData("..\r\n.a\r\n.\r\n\r\n.\r\n")]
    [InlineData("a.\r\n b \t\r\n\r\n")]
    public async Task Body_with_dots_and_blanks_where_they_could_hurt_is_not_changed(string body)
    {
        var mail = _case.Mail("anna@example.org") with
        {
            Message = Encoding.ASCII.GetBytes($"From: kurser@region.example\r\nSubject:  two  blanks \r\n\tand a fold\r\nX-Empty:\r\n\r\n{body}"),
        };

        Assert.Equal(MailOutcome.Accepted, (await _case.Transport.SendAsync(mail, Stop)).Outcome);

        Assert.Equal(Encoding.ASCII.GetString(mail.Message.Span), Assert.Single(_server.Taken).Message);
    }

    [Fact]
    public async Task Mail_sent_again_is_the_same_bytes()
    {
        _case.Clock.Advance(TimeSpan.FromHours(1));
        await _case.Transport.SendAsync(_case.Mail("anna@example.org"), Stop);
        await _case.Transport.CloseAsync(Stop);
        await _case.Transport.SendAsync(_case.Mail("anna@example.org"), Stop);

        Assert.Equal(2, _server.Taken.Count);
        Assert.Equal(_server.Taken[0].Message, _server.Taken[1].Message);
    }

    [Fact]
    public async Task Hundred_mails_share_one_connection()
    {
        for (var number = 1; number <= 100; number++)
        {
            await _case.Transport.SendAsync(_case.Mail($"p{number}@example.org", number), Stop);
            await _case.Transport.RestAsync(Stop);
        }

        Assert.Equal(1, _server.Connections);
        Assert.Equal(Enumerable.Range(1, 100).Select(number => $"p{number}@example.org"), _server.Taken.Select(mail => mail.EnvelopeTo));
    }

    [Fact]
    public async Task Connection_that_nothing_was_sent_over_for_thirty_seconds_is_closed_politely_and_a_new_one_opened()
    {
        await _case.Transport.SendAsync(_case.Mail("a@example.org"), Stop);
        _case.Clock.Advance(TimeSpan.FromSeconds(29));
        await _case.Transport.RestAsync(Stop);
        await _case.Transport.SendAsync(_case.Mail("b@example.org"), Stop);
        Assert.Equal(1, _server.Connections);

        _case.Clock.Advance(TimeSpan.FromSeconds(30));
        await _case.Transport.RestAsync(Stop);
        Assert.Equal("QUIT", _server.Commands[^1]);
        await _case.Transport.SendAsync(_case.Mail("c@example.org"), Stop);

        Assert.Equal(2, _server.Connections);
        Assert.Equal(3, _server.Taken.Count);
    }

    [Theory]
    [InlineData("refused@example.org", MailOutcome.Refused, "550 5.1.1 no such mailbox here")]
    [InlineData("later@example.org", MailOutcome.TryAgain, "451 4.7.1 greylisted, come back later")]
    [InlineData("spam@example.org", MailOutcome.TryAgain, "554 5.7.1 this looks like spam")]
    public async Task Mail_refused_has_the_servers_own_words_and_the_next_one_goes_over_the_same_connection(
        string to, MailOutcome outcome, string words)
    {
        var receipt = await _case.Transport.SendAsync(_case.Mail(to), Stop);
        var next = await _case.Transport.SendAsync(_case.Mail("anna@example.org"), Stop);

        Assert.Equal(new MailReceipt(outcome, words), receipt);
        Assert.Equal(MailOutcome.Accepted, next.Outcome);
        Assert.Equal(1, _server.Connections);
    }

    [Fact]
    public async Task Mail_whose_connection_breaks_before_the_answer_may_have_left()
    {
        var receipt = await _case.Transport.SendAsync(_case.Mail("broken@example.org"), Stop);
        var next = await _case.Transport.SendAsync(_case.Mail("anna@example.org"), Stop);

        Assert.Equal(MailOutcome.Unclear, receipt.Outcome);
        Assert.Equal(MailOutcome.Accepted, next.Outcome);
        Assert.Equal(["anna@example.org"], _server.Taken.Select(mail => mail.EnvelopeTo));
    }

    [Fact]
    public async Task Connection_that_the_server_dropped_between_two_mails_is_opened_anew_at_once()
    {
        await _case.Transport.SendAsync(_case.Mail("a@example.org"), Stop);
        _server.DropAll();

        var receipt = await _case.Transport.SendAsync(_case.Mail("b@example.org"), Stop);

        Assert.Equal(MailOutcome.Accepted, receipt.Outcome);
        Assert.Equal((2, 2), (_server.Connections, _server.Taken.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("421 4.7.0 that was enough")]
    public async Task Server_that_takes_three_mails_a_connection_gets_ten_over_four(string parting)
    {
        await using var server = new TestSmtpServer { MailsPerConnection = 3, Parting = parting };
        await using var tested = new TransportCase(server.Port, ("Mail:Tls", "None"));

        for (var number = 1; number <= 10; number++)
        {
            Assert.Equal(MailOutcome.Accepted, (await tested.Transport.SendAsync(tested.Mail($"p{number}@example.org", number), Stop)).Outcome);
        }

        Assert.Equal((4, 10), (server.Connections, server.Taken.Count));
    }

    [Fact]
    public async Task New_connection_that_breaks_too_is_a_failed_attempt_and_not_tried_for_ever()
    {
        await _case.Transport.SendAsync(_case.Mail("a@example.org"), Stop);
        _server.Fail(new(SmtpStage.Sender, "421 4.3.2 closing\r\n", SmtpThen.Drops), new(SmtpStage.Sender, "421 4.3.2 closed\r\n", SmtpThen.Drops));

        var receipt = await _case.Transport.SendAsync(_case.Mail("b@example.org"), Stop);

        Assert.Equal(new MailReceipt(MailOutcome.TryAgain, "421 4.3.2 closed"), receipt);
        Assert.Equal((2, 1), (_server.Connections, _server.Taken.Count));
    }

    [Fact]
    public async Task Mail_to_a_server_that_is_not_there_has_certainly_not_left()
    {
        await _server.DisposeAsync();

        var receipt = await _case.Transport.SendAsync(_case.Mail("anna@example.org"), Stop);

        Assert.Equal(MailOutcome.TryAgain, receipt.Outcome);
        Assert.NotEmpty(receipt.Words);
    }

    [Theory]
    [InlineData("anna@example.org\r\nRCPT TO:<eve@example.org>")]
    [InlineData("anna@example.org> ORCPT=x <")]
    [InlineData("anna\n@example.org")]
    [InlineData("anna @example.org")]
    public void Address_that_could_become_a_command_cannot_be_put_on_a_mail(string to) =>
        Assert.Throws<FormatException>(() => _case.Mail("anna@example.org") with { EnvelopeTo = to });

    [Fact]
    public async Task Answer_of_several_lines_is_read_to_its_end()
    {
        _server.Fail(
            new(SmtpStage.Greeting, "220-welcome\r\n220-to the\r\n220 test\r\n"),
            new(SmtpStage.Message, "250-2.0.0 queued\r\n250 2.0.0 as 1\r\n", TakesMail: true));

        var receipt = await _case.Transport.SendAsync(_case.Mail("anna@example.org"), Stop);

        Assert.Equal(MailOutcome.Accepted, receipt.Outcome);
        Assert.EndsWith("as 1", receipt.Words, StringComparison.Ordinal);
    }
}
