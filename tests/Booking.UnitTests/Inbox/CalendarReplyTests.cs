using System.Text;
using Booking.Data.Inbox;
using Booking.Jobs.Inbox;
using Xunit;

namespace Booking.UnitTests.Inbox;

/// <summary>Answers to invitations in the shape in which calendars write them.</summary>
public sealed class CalendarReplyTests
{
    private static readonly Guid Uid = new("3f2c9a34-8f0e-4a7e-9f41-0d6a3b1c2d4e");

    // Parameters before and after, a folded line, a name with a colon and a semicolon in quotes.
    private const string Outlook =
        """
        From: Anna <anna@region.example>
        To: kurser@region.example
        Subject: Accepted: Kursus
        Content-Type: multipart/alternative; boundary="_000_"
        MIME-Version: 1.0

        --_000_
        Content-Type: text/plain; charset="iso-8859-1"


        --_000_
        Content-Type: text/calendar; charset="utf-8"; method=REPLY
        Content-Transfer-Encoding: base64

        {calendar}
        --_000_--
        """;

    private const string Calendar =
        """
        BEGIN:VCALENDAR
        METHOD:REPLY
        PRODID:Microsoft Exchange Server 2010
        VERSION:2.0
        BEGIN:VTIMEZONE
        TZID:Romance Standard Time
        END:VTIMEZONE
        BEGIN:VEVENT
        ATTENDEE;PARTSTAT={answer};CN="Anna; a: B":mailto:Anna@
         region.example
        COMMENT;LANGUAGE=da-DK:\n
        UID:3f2c9a34-8f0e-4a7e-9f41-0d6a3b1c2d4e
        SUMMARY;LANGUAGE=da-DK:Accepteret: Kursus
        DTSTAMP:20270301T063000Z
        SEQUENCE:2
        END:VEVENT
        END:VCALENDAR
        """;

    private const string Gmail =
        """
        From: bo@gmail.example
        Content-Type: multipart/mixed; boundary="x"

        --x
        Content-Type: multipart/alternative; boundary="y"

        --y
        Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes
        Content-Transfer-Encoding: base64

        SGVq

        --y
        Content-Type: text/calendar; charset="UTF-8"; method=REPLY
        Content-Transfer-Encoding: 7bit

        BEGIN:VCALENDAR
        PRODID:-//Google Inc//Google Calendar 70.9054//EN
        VERSION:2.0
        CALSCALE:GREGORIAN
        METHOD:REPLY
        BEGIN:VEVENT
        ORGANIZER;CN=Kurser:mailto:kurser@region.example
        UID:3F2C9A34-8F0E-4A7E-9F41-0D6A3B1C2D4E
        ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=TENTATIVE;CN=bo@gm
         ail.example;X-NUM-GUESTS=0:mailto:bo@gmail.example
        SEQUENCE:0
        STATUS:CONFIRMED
        END:VEVENT
        END:VCALENDAR

        --y--
        --x
        Content-Type: application/ics; name="invite.ics"
        Content-Disposition: attachment; filename="invite.ics"
        Content-Transfer-Encoding: base64

        QkVHSU46VkNBTEVOREFSDQo=
        --x--
        """;

    [Theory]
    [InlineData("ACCEPTED", CalendarAnswers.Accepted)]
    [InlineData("DECLINED", CalendarAnswers.Declined)]
    [InlineData("TENTATIVE", CalendarAnswers.Tentative)]
    public void Outlooks_answer_is_read(string written, string answer)
    {
        var reply = CalendarReplyReader.Find(FromOutlook(Calendar.Replace("{answer}", written, StringComparison.Ordinal)))!;

        Assert.Equal((Uid, 2, "Anna@region.example", answer), (reply.Uid, reply.Sequence, reply.Attendee, reply.Answer));
    }

    [Fact]
    public void Gmails_answer_is_read()
    {
        var reply = CalendarReplyReader.Find(DeliveryReportTests.Read(Gmail))!;

        Assert.Equal((Uid, 0, "bo@gmail.example", CalendarAnswers.Tentative), (reply.Uid, reply.Sequence, reply.Attendee, reply.Answer));
    }

    [Theory]
    [InlineData("PARTSTAT={answer}", "PARTSTAT=DELEGATED")]
    [InlineData("UID:3f2c9a34-8f0e-4a7e-9f41-0d6a3b1c2d4e", "UID:something-else")]
    [InlineData("mailto:Anna@\n region.example", "mailto:nobody")]
    [InlineData("ATTENDEE;", "X-NOBODY;")]
    [InlineData("COMMENT;LANGUAGE=da-DK:\\n", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:eve@example.org")]
    public void Reply_that_lacks_what_it_must_say_is_a_fault(string part, string replacement)
    {
        var calendar = Calendar.ReplaceLineEndings("\n").Replace(part, replacement, StringComparison.Ordinal);
        Assert.NotEqual(Calendar.ReplaceLineEndings("\n"), calendar);

        Assert.Throws<FormatException>(() => CalendarReplyReader.Find(FromOutlook(calendar.Replace("{answer}", "ACCEPTED", StringComparison.Ordinal))));
    }

    [Fact]
    public void Invitation_from_somebody_is_no_reply() =>
        Assert.Null(CalendarReplyReader.Find(FromOutlook(Calendar.Replace("METHOD:REPLY", "METHOD:REQUEST", StringComparison.Ordinal))));

    private static ReceivedPart FromOutlook(string calendar) => DeliveryReportTests.Read(
        Outlook.Replace("{calendar}", Convert.ToBase64String(Encoding.UTF8.GetBytes(calendar.ReplaceLineEndings("\r\n"))), StringComparison.Ordinal));
}
