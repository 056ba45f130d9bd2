using System.Text;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Xunit;

namespace Booking.UnitTests.Mail;

public sealed class MimeComposerTests
{
    [Fact]
    public void Mail_composed_twice_has_the_same_bytes()
    {
        Assert.Equal(MimeComposer.Compose(Draft()), MimeComposer.Compose(Draft()));
    }

    [Fact]
    public void Mail_of_another_key_has_another_message_id_and_boundary()
    {
        var (one, other) = (MimeReader.Read(MimeComposer.Compose(Draft())), MimeReader.Read(MimeComposer.Compose(Draft() with { Key = "other" })));

        Assert.NotEqual(one["Message-ID"], other["Message-ID"]);
        Assert.NotEqual(one.Parameter("boundary"), other.Parameter("boundary"));
    }

    [Theory]
    [InlineData("Hej\r\nBcc: x@example.org")]
    [InlineData("Hej\nBcc: x@example.org\n\n<script>")]
    [InlineData("=?utf-8?Q?Hej=0D=0ABcc:_x@example.org?=")]
    [InlineData("Hej\u2028Bcc: x@example.org\u0000")]
    public void Header_in_a_name_or_a_subject_stays_text(string wicked)
    {
        var mail = Draft() with { Subject = wicked, To = new Mailbox("anna@example.org", wicked) };

        var read = MimeReader.Read(MimeComposer.Compose(mail));

        Assert.Equal("", read["Bcc"]);
        Assert.Equal(10, read.Headers.Count);
        Assert.Equal(2, MimeReader.Parts(read).Count);
    }

    [Theory]
    [InlineData("Hej")]
    [InlineData("Din plads på Ærø, Fanø & Øland (2/3)")]
    [InlineData("👩🏽‍⚕️👩🏽‍⚕️👩🏽‍⚕️👩🏽‍⚕️👩🏽‍⚕️👩🏽‍⚕️👩🏽‍⚕️👩🏽‍⚕️ og mange flere med et langt emne, som fylder over flere linjer i brevhovedet")]
    [InlineData("A very long subject in nothing but plain ASCII letters that goes on and on until it is over seventy-eight characters")]
    [InlineData("=?utf-8?B?SGVq?=")]
    public void Subject_is_read_back_as_written_from_short_lines(string subject)
    {
        var bytes = MimeComposer.Compose(Draft() with { Subject = subject });

        Assert.Equal(subject, MimeReader.Read(bytes)["Subject"]);
        Assert.All(Encoding.Latin1.GetString(bytes).Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
    }

    [Theory]
    [InlineData("Kære Anna\n\n.\n..\nFrom mig\n--part\n  to mellemrum  \n\tfane = 100 %\n")]
    [InlineData("\n\nførst to tomme linjer")]
    [InlineData("")]
    public void Text_is_read_back_as_written(string text)
    {
        var read = MimeReader.Read(MimeComposer.Compose(Draft() with { Text = text }));

        Assert.Equal(text.ReplaceLineEndings("\r\n"), MimeReader.Text(MimeReader.Parts(read)[0]));
    }

    [Fact]
    public void Text_of_long_lines_is_read_back_as_written()
    {
        var text = string.Concat(Enumerable.Repeat("æøå😀 .-- = ", 100));

        var read = MimeReader.Read(MimeComposer.Compose(Draft() with { Text = text.TrimEnd() }));

        Assert.Equal(text.TrimEnd(), MimeReader.Text(MimeReader.Parts(read)[0]));
    }

    [Fact]
    public void Text_that_holds_the_boundary_ends_no_part()
    {
        var boundary = MimeReader.Read(MimeComposer.Compose(Draft())).Parameter("boundary");

        var read = MimeReader.Read(MimeComposer.Compose(Draft() with { Text = $"--{boundary}--\n--{boundary}\nContent-Type: text/html\n" }));

        Assert.Equal(2, MimeReader.Parts(read).Count);
    }

    [Theory]
    [InlineData("anna@example.org", "anna@example.org")]
    [InlineData("anna@rødgrød.dk", "anna@xn--rdgrd-vuad.dk")]
    public void Address_is_written_in_ascii(string typed, string written) => Assert.Equal(written, new Mailbox(typed).Address);

    [Theory]
    [InlineData("anna")]
    [InlineData("anna@")]
    [InlineData("anna@localhost")]
    [InlineData("ærø@example.org")]
    [InlineData("anna@example.org\r\nBcc: x@example.org")]
    [InlineData("anna@example.org>, <x@example.org")]
    [InlineData("anna b@example.org")]
    [InlineData("a@b@example.org ")]
    [InlineData(".anna@example.org")]
    [InlineData("anna@example.org.")]
    public void Address_that_cannot_be_written_safely_is_refused(string typed)
    {
        Assert.False(Mailbox.IsAddress(typed));
        Assert.Throws<FormatException>(() => new Mailbox(typed));
    }

    private static MailDraft Draft() => new()
    {
        Key = "booking.receipt/1",
        From = new Mailbox("kurser@example.org", "Kursusportalen"),
        To = new Mailbox("anna@example.org", "Anna Ørsted"),
        Date = FakeClock.Start,
        Language = "da",
        Subject = "Hej",
        Text = "Hej",
        Html = "<p>Hej</p>",
    };
}
