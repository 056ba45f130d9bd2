using Booking.Data.FollowUps;
using Booking.DatabaseTests.Outbox;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.FollowUps;

/// <summary>What the mails after a course say, what is not sent any more, and their one reminder.</summary>
public sealed class FollowUpMailTests : IAsyncLifetime
{
    private const string Anna = "anna@example.org";
    private const string Leader = "leder@example.org";

    private static readonly DateTimeOffset ReminderDue = new(2027, 3, 27, 7, 0, 0, TimeSpan.Zero);

    private FollowUpCase _case = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _case = await FollowUpCase.CreateAsync();

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Evaluation_says_which_course_and_its_link_works_for_60_days()
    {
        await _case.AddAsync(email: Anna, name: "Anna Ågård");
        await _case.AtAsync(FollowUpCase.EvaluationDue);
        await using var mail = await _case.DeliverAsync();

        var text = mail.Server.TextTo(Anna);
        var token = MailCase.Token(text, "/follow-up/");

        Assert.Equal("Hvordan var Ro & nærvær?", mail.Server.Mails[0]["Subject"]);
        Assert.Contains("Kære Anna Ågård", text, StringComparison.Ordinal);
        Assert.Contains("til og med tirsdag den 18. maj 2027", text, StringComparison.Ordinal);
        Assert.Contains($"https://kurser.example.org/follow-up/{token}/mail", text, StringComparison.Ordinal);
        Assert.Equal(
            $"<https://kurser.example.org/follow-up/{token}/mail>", mail.Server.Mails[0].Raw("List-Unsubscribe"));
        Assert.Equal("List-Unsubscribe=One-Click", mail.Server.Mails[0].Raw("List-Unsubscribe-Post"));
        Assert.Equal(
            FollowUpCase.EvaluationDue.UtcDateTime + TimeSpan.FromDays(60), await _case.Data.ScalarAsync<DateTime>("select expires_at from links"));
        Assert.False(await _case.Data.ScalarAsync<bool>("select exists (select from links where token_hash = convert_to(@token, 'utf8'))", new { token }));
    }

    [Theory]
    [InlineData("da", 30, "Hvad har du brugt fra Ro & nærvær?", "Det er 30 dage siden")]
    [InlineData("en", 90, "What have you used from Ro & nærvær?", "It is 90 days since")]
    public async Task Use_is_asked_in_the_language_of_the_participant(string language, int days, string subject, string words)
    {
        await _case.AddAsync(email: Anna);
        await _case.Data.ExecuteAsync("update people set language = @language", new { language });
        await _case.AtAsync(days == 30 ? FollowUpCase.Use30Due : FollowUpCase.Use90Due);
        await using var mail = await _case.DeliverAsync();

        Assert.Equal(subject, mail.Server.Mails[0]["Subject"]);
        Assert.Contains(words, mail.Server.TextTo(Anna), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leader_is_asked_about_the_person_by_name_and_in_danish_when_nobody_knows_the_leader()
    {
        await _case.AddAsync(email: Anna, name: "Anna Ågård", leader: Leader);
        await _case.AtAsync(FollowUpCase.Use60Due);
        await using var mail = await _case.DeliverAsync();

        var text = mail.Server.TextTo(Leader);

        Assert.Contains("Din medarbejder Anna Ågård var på kurset Ro & nærvær for 60 dage siden", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Kære", text, StringComparison.Ordinal);
        Assert.NotEqual(MailCase.Token(text, "/follow-up/"), MailCase.Token(mail.Server.TextTo(Anna), "/follow-up/"));
    }

    [Theory]
    [InlineData("update bookings set status = 'absent'", "The participant counts as absent.")]
    [InlineData("update follow_up_forms set saved_at = now(), answered_at = now(), overall = 1, relevance = 1, goals = 1, recommends = 1", "It was answered before the mail left.")]
    [InlineData("insert into follow_up_opt_outs values ('anna@example.org', 'evaluation', now())", "The recipient has turned such mails off.")]
    [InlineData("update people set is_active = false", "Nobody is to be asked at this address any more.")]
    [InlineData("update people set email = 'slettet-1@example.invalid'", "Nobody is to be asked at this address any more.")]
    public async Task Mail_that_is_no_use_any_more_is_not_sent_even_after_a_first_attempt(string change, string reason)
    {
        await _case.AddAsync(email: Anna);
        await _case.AtAsync(FollowUpCase.EvaluationDue);
        await using var mail = MailCase.Over(_case.Database);
        mail.Server.Answer(MailOutcome.TryAgain);
        await mail.DeliverAsync();
        await _case.Data.ExecuteAsync(change);

        _case.Database.Clock.Set(FollowUpCase.EvaluationDue + TimeSpan.FromHours(1));
        await mail.DeliverAsync();

        Assert.Empty(mail.Server.Taken);
        Assert.Equal(["discarded"], await _case.Data.QueryAsync<string>("select status from outbox"));
        Assert.Equal(reason, await _case.Data.ScalarAsync<string>("select last_error from outbox"));
    }

    [Fact]
    public async Task Leader_who_is_no_leader_of_the_person_any_more_is_not_told()
    {
        await _case.AddAsync(email: Anna, leader: Leader);
        await _case.AtAsync(FollowUpCase.Use60Due);
        await _case.Data.ExecuteAsync("update people set leader_email = 'ny@example.org'");
        await using var mail = await _case.DeliverAsync();

        Assert.Equal([Anna], mail.Server.Taken.Select(sent => sent.EnvelopeTo));
    }

    [Fact]
    public async Task Who_has_not_answered_is_reminded_once_seven_days_after_the_mail_has_left()
    {
        await _case.AddAsync(email: Anna);
        await SendEvaluationAsync();

        Assert.Equal(0, await _case.AtAsync(ReminderDue - TimeSpan.FromSeconds(1)));
        Assert.Equal(1, await _case.AtAsync(ReminderDue));
        Assert.Equal(0, await _case.AtAsync(ReminderDue + TimeSpan.FromDays(7)));
        await using var mail = await _case.DeliverAsync();

        Assert.Equal("Påmindelse: Hvordan var Ro & nærvær?", mail.Server.Mails[0]["Subject"]);
        Assert.Contains("vi minder dig ikke om det igen", mail.Server.TextTo(Anna), StringComparison.Ordinal);
        Assert.Equal(["evaluation 1", "evaluation 1 reminder"], await _case.MailsAsync());
    }

    [Theory]
    [InlineData(14, 0)]
    [InlineData(13, 1)]
    public async Task Reminder_is_caught_up_on_for_14_days(int daysLate, int expected)
    {
        await _case.AddAsync(email: Anna);
        await SendEvaluationAsync();

        Assert.Equal(expected, await _case.AtAsync(ReminderDue + TimeSpan.FromDays(daysLate)));
    }

    [Fact]
    public async Task Who_has_answered_or_was_never_reached_is_not_reminded_and_a_draft_is()
    {
        await _case.AddAsync(email: "draft@example.org");
        await _case.AddAsync(email: "answered@example.org");
        await _case.AddAsync(email: "refused@example.org");
        await _case.AtAsync(FollowUpCase.EvaluationDue);
        await using var mail = MailCase.Over(_case.Database);
        mail.Server.Answer(MailOutcome.Accepted, MailOutcome.Accepted, MailOutcome.Refused);
        await mail.DeliverAsync();
        var save = _case.Database.Get<SaveFollowUp>();
        var answer = new FollowUpAnswer { Overall = 5, Relevance = 4, Goals = 3, Recommends = 5 };

        Assert.Equal(
            SaveFollowUpOutcome.Saved,
            await save.RunAsync(MailCase.Token(mail.Server.TextTo("draft@example.org"), "/follow-up/"), answer, isSent: false, Stop));
        Assert.Equal(
            SaveFollowUpOutcome.Sent,
            await save.RunAsync(MailCase.Token(mail.Server.TextTo("answered@example.org"), "/follow-up/"), answer, isSent: true, Stop));

        Assert.Equal(1, await _case.AtAsync(ReminderDue));
        Assert.Equal("draft@example.org", await _case.Data.ScalarAsync<string>("select recipient_email from outbox where key like '%/reminder'"));
    }

    [Fact]
    public async Task Reminder_in_the_queue_is_not_sent_when_the_answer_came_first()
    {
        await _case.AddAsync(email: Anna);
        var token = await SendEvaluationAsync();
        await _case.AtAsync(ReminderDue);
        await _case.Database.Get<SaveFollowUp>().RunAsync(
            token, new FollowUpAnswer { Overall = 5, Relevance = 4, Goals = 3, Recommends = 5 }, isSent: true, Stop);
        await using var mail = await _case.DeliverAsync();

        Assert.Empty(mail.Server.Taken);
        Assert.Equal("discarded", await _case.Data.ScalarAsync<string>("select status from outbox where key like '%/reminder'"));
    }

    private Task<string> SendEvaluationAsync() => _case.TokenAsync(Anna, FollowUpCase.EvaluationDue);
}
