using System.Text;
using Booking.Jobs.Inbox;
using Xunit;

namespace Booking.UnitTests.Inbox;

/// <summary>Delivery reports in the shape in which mail servers write them.</summary>
public sealed class DeliveryReportTests
{
    public const string Postfix =
        """
        Return-Path: <>
        From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: kurser@region.example
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        	boundary="A1B2C3.1799999999/mx.example.org"
        Message-Id: <20270301063000.AAAA@mx.example.org>

        This is a MIME-encapsulated message.

        --A1B2C3.1799999999/mx.example.org
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered.

        --A1B2C3.1799999999/mx.example.org
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.org
        X-Postfix-Queue-ID: A1B2C3
        Arrival-Date: Mon,  1 Mar 2027 07:30:00 +0100 (CET)

        Final-Recipient: rfc822; anna@region.example
        Original-Recipient: rfc822;anna@region.example
        Action: failed
        Status: 5.1.1
        Remote-MTA: dns; in.region.example
        Diagnostic-Code: smtp; 550 5.1.1 <anna@region.example>: Recipient address
            rejected: User unknown

        --A1B2C3.1799999999/mx.example.org
        Content-Description: Undelivered Message
        Content-Type: message/rfc822

        From: Kurser <kurser@region.example>
        To: <anna@region.example>
        Subject: Kursus
        Message-ID: <0123456789abcdef@region.example>

        Hej
        --A1B2C3.1799999999/mx.example.org--
        """;

    private const string Exchange =
        """
        From: Microsoft Outlook <postmaster@tenant.example>
        To: <kurser@region.example>
        Content-Type: multipart/report; report-type=delivery-status;
         boundary="_f1_"
        Message-ID: <outer@tenant.example>
        Subject: =?utf-8?B?S2FuIGlra2UgbGV2ZXJlcw==?=

        --_f1_
        Content-Type: multipart/alternative; boundary="_f2_"

        --_f2_
        Content-Type: text/plain; charset="iso-8859-1"
        Content-Transfer-Encoding: quoted-printable

        Meddelelsen kunne ikke leveres. =E6=F8=E5
        --_f2_
        Content-Type: text/html; charset="iso-8859-1"

        <html><body>nej</body></html>
        --_f2_--

        --_f1_
        Content-Type: message/delivery-status

        Reporting-MTA: dns;AB1PR01MB0001.prod.example

        Final-Recipient: rfc822;bo@region.example
        Action: failed
        Status: 5.2.2
        Diagnostic-Code: smtp;554 5.2.2 mailbox full; STOREDRV.Deliver; QuotaExceededException
        X-Display-Name: Bo

        --_f1_
        Content-Type: text/rfc822-headers

        Message-ID: <abc@region.example>
        Subject: Kursus

        --_f1_--
        """;

    private const string Late =
        """
        From: MAILER-DAEMON@mx.example.org
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.org

        Final-Recipient: rfc822; anna@region.example
        Action: delayed
        Status: 4.4.1
        Will-Retry-Until: Sat, 6 Mar 2027 07:30:00 +0100

        --b
        Content-Type: message/rfc822

        Message-ID: <0123456789abcdef@region.example>

        --b--
        """;

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void Postfix_names_the_address_the_mail_and_the_servers_words(string lineEnd)
    {
        var report = DeliveryReportReader.Find(Read(Postfix, lineEnd))!;

        Assert.Equal("<0123456789abcdef@region.example>", report.MessageId);
        var failed = Assert.Single(report.Failed);
        Assert.Equal(
            ("anna@region.example", "5.1.1", "550 5.1.1 <anna@region.example>: Recipient address rejected: User unknown"),
            (failed.Address, failed.Status, failed.Words));
    }

    [Fact]
    public void Exchange_sends_back_only_the_headers()
    {
        var report = DeliveryReportReader.Find(Read(Exchange))!;

        Assert.Equal("<abc@region.example>", report.MessageId);
        var failed = Assert.Single(report.Failed);
        Assert.Equal(
            ("bo@region.example", "5.2.2", "554 5.2.2 mailbox full; STOREDRV.Deliver; QuotaExceededException"),
            (failed.Address, failed.Status, failed.Words));
    }

    [Fact]
    public void Mail_that_is_only_late_has_not_failed() => Assert.Empty(DeliveryReportReader.Find(Read(Late))!.Failed);

    [Fact]
    public void Letter_from_a_person_is_no_report() =>
        Assert.Null(DeliveryReportReader.Find(Read("From: a@b.example\nSubject: Hej\n\nAction: failed\n")));

    [Fact]
    public void Report_that_names_no_mail_is_a_fault() =>
        Assert.Throws<FormatException>(() => DeliveryReportReader.Find(Read(Postfix.Replace("Message-ID: <0123456789abcdef@region.example>\n", "", StringComparison.Ordinal))));

    [Fact]
    public void Words_that_a_screen_could_not_bear_are_cut()
    {
        var failed = DeliveryReportReader.Find(Read(Postfix.Replace("User unknown", $"\u0001\0{new string('x', 5_000)}", StringComparison.Ordinal)))!.Failed[0];

        Assert.Equal(500, failed.Words.Length);
        Assert.DoesNotContain(failed.Words, char.IsControl);
    }

    [Fact]
    public void Damaged_mails_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(4711);
        var octets = Encoding.Latin1.GetBytes(Exchange.ReplaceLineEndings("\r\n"));
        for (var round = 0; round < 5_000; round++)
        {
            var damaged = octets.ToArray();
            for (var hit = 0; hit < 1 + (round % 40); hit++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                var mail = ReceivedMail.Read(damaged.AsMemory(0, random.Next(damaged.Length + 1)));
                _ = DeliveryReportReader.Find(mail);
                _ = CalendarReplyReader.Find(mail);
                _ = mail.All().Select(part => part.Text()).ToList();
            }
            catch (FormatException)
            {
                // Refused with words.
            }
        }
    }

    [Fact]
    public void Mail_within_mail_without_end_is_refused()
    {
        var nested = string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\n\n", 500));

        Assert.Throws<FormatException>(() => ReceivedMail.Read(Encoding.ASCII.GetBytes(nested)));
        Assert.Throws<FormatException>(() => ReceivedMail.Read(new byte[ReceivedMail.MostOctets + 1]));
    }

    internal static ReceivedPart Read(string text, string lineEnd = "\r\n") => ReceivedMail.Read(Encoding.UTF8.GetBytes(text.ReplaceLineEndings(lineEnd)));
}
