using Booking.Data.Bookings;
using Booking.Data.WaitingLists;
using Booking.DatabaseTests.Outbox;
using Booking.Jobs.Mail;
using Booking.Jobs.WaitingLists;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.WaitingLists;

/// <summary>What those who wait are told, from the decision to the bytes that leave; and never what is true no more.</summary>
public sealed class WaitingListMailTests : IAsyncLifetime
{
    private WaitingListCase _case = null!;
    private MailCase _mail = null!;

    private ScriptedTransport Server => _mail.Server;

    public async ValueTask InitializeAsync()
    {
        _case = await WaitingListCase.CreateAsync();
        _mail = MailCase.Over(_case.Database);
        await _case.Data.ExecuteAsync("update courses set title = 'Ro & nærvær'");
    }

    public async ValueTask DisposeAsync()
    {
        await _mail.DisposeAsync();
        await _case.DisposeAsync();
    }

    [Theory]
    [InlineData("da", "Din plads på afdelingens liste: Nr. 2 af 2", "Din plads blandt alle: Nr. 3 af 3")]
    [InlineData("en", "Your place on the department's list: No. 2 of 2", "Your place among all: No. 3 of 3")]
    public async Task Joining_is_told_with_the_honest_place_the_rule_of_order_and_a_link(string language, string own, string all)
    {
        await _case.JoinAsync(_case.A);
        await _case.JoinAsync(_case.B);
        var person = await AddAsync("Åse Ærø", language);
        await _case.JoinAsync(_case.A, person);

        await _mail.DeliverAsync();

        var text = Server.TextTo("aase@example.org");
        Assert.Contains(own, text, StringComparison.Ordinal);
        Assert.Contains(all, text, StringComparison.Ordinal);
        Assert.Contains(WaitingListOrder.Rule(language), text, StringComparison.Ordinal);
        Assert.Contains(WaitingListOrder.Turn("offer", 16, language), text, StringComparison.Ordinal);
        Assert.Equal(person, await PersonBehindAsync(MailCase.Token(text, "/waiting-list/")));
    }

    [Fact]
    public async Task Joining_on_a_run_that_books_at_once_says_so()
    {
        await _case.SetModeAsync("book");
        await _case.JoinAsync(_case.A, await AddAsync("Åse Ærø"));

        await _mail.DeliverAsync();

        Assert.Contains("får pladsen med det samme", Server.TextTo("aase@example.org"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("da", "Sig ja eller nej til pladsen")]
    [InlineData("en", "Say yes or no to the seat")]
    public async Task Offer_says_until_when_and_leads_to_the_answer(string language, string button)
    {
        var person = await AddAsync("Åse Ærø", language);
        await _case.JoinAsync(_case.A, person);
        await _case.CancelAsync(_case.BookedOfA);
        var until = await _case.Data.ScalarAsync<DateTime>("select offer_expires_at from waiting_list_entries");

        await _mail.DeliverAsync();

        var mail = Assert.Single(Server.Mails, mail => mail["To"].Contains("aase@", StringComparison.Ordinal));
        var text = Server.TextTo("aase@example.org");
        Assert.Contains(new LocalTimes(language, "Europe/Copenhagen").Moment(new DateTimeOffset(until, TimeSpan.Zero)), mail["Subject"], StringComparison.Ordinal);
        Assert.Contains(button, text, StringComparison.Ordinal);
        Assert.Equal(person, await PersonBehindAsync(MailCase.Token(text, "/waiting-list/")));
    }

    [Fact]
    public async Task Place_that_became_an_offer_before_its_mail_left_is_told_as_the_offer_only()
    {
        var person = await AddAsync("Åse Ærø");
        await _case.JoinAsync(_case.A, person);
        await _case.CancelAsync(_case.BookedOfA);

        await _mail.DeliverAsync();

        Assert.Equal(["waiting_list.joined discarded", "waiting_list.offer sent"], await RowsAsync());
    }

    [Theory]
    [InlineData(WaitingListAnswer.Accept)]
    [InlineData(WaitingListAnswer.Decline)]
    [InlineData(WaitingListAnswer.Withdraw)]
    public async Task Offer_that_is_answered_before_its_mail_left_is_not_sent(WaitingListAnswer answer)
    {
        var waiter = await _case.JoinAsync(_case.A);
        await _case.CancelAsync(_case.BookedOfA);
        await _case.AnswerAsync(waiter, answer);

        await _mail.DeliverAsync();

        Assert.Equal(["waiting_list.joined discarded", "waiting_list.offer discarded"], await RowsAsync());
    }

    [Fact]
    public async Task Offer_that_ran_out_while_the_mail_server_was_away_is_thrown_away_and_its_end_is_told_at_once()
    {
        var waiter = await _case.JoinAsync(_case.A, await AddAsync("Åse Ærø"));
        await _mail.DeliverAsync();
        await _case.CancelAsync(_case.BookedOfA);
        await _case.Data.ExecuteAsync("delete from outbox where kind not like 'waiting_list.%'");
        Server.Answer(MailOutcome.TryAgain);
        await _mail.DeliverAsync();
        await _case.Data.ExecuteAsync("update outbox set due_at = due_at + interval '30 days' where kind = 'waiting_list.offer'");
        _case.Database.Clock.Advance(TimeSpan.FromDays(7));
        await _case.Database.Get<SweepWaitingLists>().RunAsync(CancellationToken.None);

        await _mail.DeliverAsync();

        Assert.Equal("expired", await _case.StatusAsync(waiter.Person));
        Assert.Equal(
            ["waiting_list.joined sent", "waiting_list.offer discarded", "waiting_list.offer_expired sent"], await RowsAsync());
        Assert.Contains("fik ikke svar", MimeReader.Text(MimeReader.Parts(Server.Mails[^1])[0]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("published", "der blev desværre ikke en plads til dig")]
    [InlineData("cancelled", "er aflyst")]
    public async Task Whoever_waited_in_vain_is_told_why(string runStatus, string reason)
    {
        await _case.JoinAsync(_case.A, await AddAsync("Åse Ærø"));
        await _case.Data.ExecuteAsync("update runs set status = @runStatus where run_id = @Run", new { runStatus, _case.Run });
        _case.Database.Clock.Advance(TimeSpan.FromDays(58));
        await _case.Database.Get<SweepWaitingLists>().RunAsync(CancellationToken.None);

        await _mail.DeliverAsync();

        Assert.Contains(reason, Server.TextTo("aase@example.org"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leader_is_asked_who_which_course_and_until_when()
    {
        await BookThroughListWithLeaderAsync();
        var approval = await _case.Data.ScalarAsync<long>("select approval_id from approvals where status = 'pending'");

        await _mail.DeliverAsync();

        var text = Server.TextTo("leder@example.org");
        Assert.Contains("Der er en plads til Åse Ærø på Ro & nærvær", text, StringComparison.Ordinal);
        Assert.Equal(
            approval,
            await _case.Data.ScalarAsync<long>(
                "select approval_id from links where token_hash = @hash and purpose = 'approval.decide'",
                new { hash = LinkToken.Hash(MailCase.Token(text, "/approvals/")) }));
    }

    [Fact]
    public async Task Leader_is_not_asked_about_a_booking_that_is_cancelled()
    {
        await BookThroughListWithLeaderAsync();
        await _case.CancelAsync(await _case.Data.ScalarAsync<Guid>("select reference from bookings where held_for = 'approval'"));

        await _mail.DeliverAsync();

        Assert.DoesNotContain(Server.Tried, mail => mail.EnvelopeTo == "leder@example.org");
    }

    private async Task BookThroughListWithLeaderAsync()
    {
        await _case.SetModeAsync("book");
        await _case.Data.ExecuteAsync("update runs set requires_approval = true");
        await _case.JoinAsync(_case.A, await _case.Data.AddEmployeeAsync(_case.A, "Åse Ærø", "aase@example.org", "leder@example.org"));
        await _case.CancelAsync(_case.BookedOfA);
    }

    private async Task<long> AddAsync(string name, string language = "da")
    {
        var person = await _case.Data.AddEmployeeAsync(_case.A, name, "aase@example.org");
        await _case.Data.ExecuteAsync("update people set language = @language where person_id = @person", new { language, person });
        return person;
    }

    private Task<long> PersonBehindAsync(string token) => _case.Data.ScalarAsync<long>(
        "select waiting_list_entries.person_id from links join waiting_list_entries using (entry_id) where token_hash = @hash and purpose = 'waiting_list.entry'",
        new { hash = LinkToken.Hash(token) });

    private Task<IReadOnlyList<string>> RowsAsync() => _case.Data.QueryAsync<string>(
        "select kind || ' ' || status from outbox where kind like 'waiting_list.%' order by outbox_id");
}
