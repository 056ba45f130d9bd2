using System.Net;
using System.Text.RegularExpressions;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;
using Xunit;

namespace Booking.UnitTests.Mail;

public sealed class MailTemplateTests
{
    private static readonly string[] Kinds =
    [
        OutboxKinds.BookingInvitation, OutboxKinds.BookingCancellation, OutboxKinds.BookingReceipt, OutboxKinds.BookingNotice,
        OutboxKinds.BookingCancelledReceipt, OutboxKinds.SignUpConfirm, OutboxKinds.SignUpAlready, OutboxKinds.SignUpExpired,
        OutboxKinds.WaitingListJoined, OutboxKinds.WaitingListOffer, OutboxKinds.WaitingListOfferExpired, OutboxKinds.WaitingListClosed,
        OutboxKinds.ApprovalAsked,
    ];

    private static readonly string[] Wicked = ["<script>alert(1)</script>", "{manage_link}", "# Overskrift", "@table x", "\"><img src=x>", "a\r\n\r\n> Klik: https://evil.example"];

    public static TheoryData<string, string, bool> All
    {
        get
        {
            var all = new TheoryData<string, string, bool>();
            foreach (var kind in Kinds)
            {
                foreach (var language in new[] { "da", "en" })
                {
                    all.Add(kind, language, true);
                    all.Add(kind, language, false);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Template_of_every_kind_and_language_says_course_run_time_and_place(string kind, string language, bool isSeries)
    {
        var values = Values(language, isSeries, "Anna Ørsted");
        var template = MailTemplate.Get(kind, language);

        var blocks = template.Blocks(values);
        var (text, html) = (MailBody.Text(blocks), WebUtility.HtmlDecode(MailBody.Html(blocks, language, "x", "#1f5f70")));

        Assert.Contains("Ro & nærvær <i mødet>", template.Subject(values), StringComparison.Ordinal);
        foreach (var fact in new[] { "Ro & nærvær <i mødet>", "H2704", "Psykiatriens Hus, lokale 1, 9000 Aalborg", language == "da" ? "15. marts 2027 kl. 8.30" : "15 March 2027 at 8:30" })
        {
            Assert.Contains(fact, text, StringComparison.Ordinal);
            Assert.Contains(fact, html, StringComparison.Ordinal);
        }

        Assert.DoesNotMatch(new Regex(@"\{[?!]?[a-z_]+\}", RegexOptions.None, TimeSpan.FromSeconds(1)), text + html);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Template_filled_with_wicked_values_makes_no_markup_of_them(string kind, string language, bool isSeries)
    {
        var harmless = MailBody.Html(MailTemplate.Get(kind, language).Blocks(Values(language, isSeries, "Anna")), language, "x", "#1f5f70");
        foreach (var wicked in Wicked)
        {
            var values = Values(language, isSeries, wicked);

            var html = MailBody.Html(MailTemplate.Get(kind, language).Blocks(values), language, wicked, "#1f5f70");

            Assert.Equal(Tags(harmless), Tags(html));
        }
    }

    [Fact]
    public void Template_that_asks_for_a_word_nobody_gave_is_refused()
    {
        var template = MailTemplate.Parse("Subject: {unknown}\n");

        Assert.Throws<InvalidOperationException>(() => template.Subject(Values("da", isSeries: false, "Anna")));
    }

    [Fact]
    public void Button_that_leads_to_no_web_address_is_refused()
    {
        var blocks = MailTemplate.Parse("Subject: x\n> Klik: {name}\n").Blocks(Values("da", isSeries: false, "javascript:alert(1)"));

        Assert.Throws<InvalidOperationException>(() => MailBody.Html(blocks, "da", "x", "#1f5f70"));
    }

    [Fact]
    public void Subject_is_the_first_of_which_the_conditions_hold()
    {
        var template = MailTemplate.Parse("{?part}{?number}Subject: {part}\nSubject: {name}\n\nBrev\n");

        Assert.Equal("(1/2)", template.Subject(Values("da", isSeries: true, "Anna")));
        Assert.Equal("Anna", template.Subject(Values("da", isSeries: false, "Anna")));
        Assert.Equal(["Brev"], template.Blocks(Values("da", isSeries: false, "Anna")).OfType<MailBlock.Paragraph>().SelectMany(block => block.Lines));
    }

    private static IEnumerable<string> Tags(string html) =>
        Regex.Matches(html, @"<(?<tag>/?\w+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Groups["tag"].Value);

    private static MailValues Values(string language, bool isSeries, string name)
    {
        var run = new RunFacts
        {
            RunId = 1,
            Code = "H2704",
            CourseTitle = "Ro & nærvær <i mødet>",
            Status = "published",
            TimeZone = "Europe/Copenhagen",
            VenueName = "Psykiatriens Hus, lokale 1",
            PostalCode = "9000",
            Town = "Aalborg",
            StartsAt = new DateTimeOffset(2027, 3, 15, 7, 30, 0, TimeSpan.Zero),
            EndsAt = new DateTimeOffset(2027, 3, 22, 14, 30, 0, TimeSpan.Zero),
            CancellationDeadlineAt = new DateTimeOffset(2027, 3, 1, 11, 0, 0, TimeSpan.Zero),
            Sessions =
            [
                Session(1, new DateTimeOffset(2027, 3, 15, 7, 30, 0, TimeSpan.Zero)),
                .. isSeries ? [Session(2, new DateTimeOffset(2027, 3, 22, 7, 30, 0, TimeSpan.Zero))] : Array.Empty<SessionFacts>(),
            ],
        };
        var words = new MailWords(run, language, "Kursusportalen").WithRun();
        words.With("when", words.Times.Moment(run.StartsAt));
        foreach (var word in new[] { "name", "participant", "department" })
        {
            words.With(word, name);
        }

        foreach (var link in new[] { "manage_link", "confirm_link", "bookings_link", "entry_link", "approval_link", "run_link", "course_link" })
        {
            words.With(link, "https://kurser.example.org/x");
        }

        return words
            .With("part", isSeries ? "(1/2)" : "").With("number", isSeries ? "1" : "").With("seats", "1 plads").With("expires", words.Times.Moment(run.StartsAt))
            .With("is_update", "").With("is_late", "yes").With("is_for_list", isSeries ? "yes" : "").With("is_employee", isSeries ? "yes" : "").With("is_run_cancelled", isSeries ? "yes" : "")
            .With("own_place", "1").With("own_waiting", "2").With("place_of_all", "3").With("all_waiting", "4").With("now", "nu").With("closes", "da")
            .With("until", words.Times.Moment(run.StartsAt)).With("order", "Reglen").With("turn", "Turen")
            .With("from_department", "A").With("to_department", "B").With("offered", "1 plads").With("offered_run", "H1").With("wanted", "2 pladser")
            .With("wanted_run", "H2").With("is_accepted", "yes").With("is_declined", "").With("is_expired", "").With("swaps_link", "https://kurser.example.org/x")
            .With("replaced", name).With("is_awaiting", "yes").With("old_run", "H2703").With("old_when", "før").With("old_deadline", "før")
            .With("is_substitute", "yes").With("is_given_over", "").With("is_moved", "")
            .With("day", "").With("is_day_cancelled", "").With("is_still_booked", "")
            .WithTable("bookings", [[name, "Afdeling", "Tilmeldt"]])
            .Values;
    }

    private static SessionFacts Session(int number, DateTimeOffset starts) =>
        new() { SessionId = number, Number = number, StartsAt = starts, EndsAt = starts.AddHours(7) };
}
