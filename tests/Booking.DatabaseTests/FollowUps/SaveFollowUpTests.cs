using Booking.Data.FollowUps;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.FollowUps;

/// <summary>What is saved by the link of a mail, and when it is not; and turning such mails off.</summary>
public sealed class SaveFollowUpTests : IAsyncLifetime
{
    private const string Anna = "anna@example.org";
    private const string Leader = "leder@example.org";

    private static readonly FollowUpAnswer Everything = new()
    {
        Overall = 5,
        Relevance = 4,
        Goals = 3,
        Recommends = 2,
        Best = " Øvelserne \r\n og pauserne ",
        Better = "  ",
        Used = "Åndedræt",
        Frequency = 4,
        Barriers = ["leader", "time", "ukendt"],
        Shared = "planned",
        Help = "Mere tid",
    };

    private FollowUpCase _case = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _case = await FollowUpCase.CreateAsync();
        await _case.AddAsync(email: Anna, leader: Leader);
    }

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Draft_is_kept_and_shown_by_the_same_link_and_sent_later()
    {
        var token = await _case.TokenAsync(Anna, FollowUpCase.EvaluationDue);

        Assert.Equal(SaveFollowUpOutcome.Saved, await SaveAsync(token, new FollowUpAnswer { Overall = 2, Best = "Pauserne" }));
        var draft = await FindAsync(token);
        Assert.Equal(SaveFollowUpOutcome.Incomplete, await SaveAsync(token, draft.Answer, isSent: true));
        Assert.Equal(SaveFollowUpOutcome.Sent, await SaveAsync(token, Everything, isSent: true));
        var sent = await FindAsync(token);

        Assert.Equal((short)2, draft.Answer.Overall);
        Assert.Equal("Pauserne", draft.Answer.Best);
        Assert.Null(draft.AnsweredAt);
        Assert.Equal(FollowUpCase.EvaluationDue, sent.AnsweredAt);
        Assert.Equal("Øvelserne \n og pauserne", sent.Answer.Best);
        Assert.Null(sent.Answer.Better);
        Assert.Null(sent.Answer.Used);
        Assert.Empty(sent.Answer.Barriers);
    }

    [Fact]
    public async Task Answer_may_be_corrected_but_not_emptied_while_the_link_works()
    {
        var token = await _case.TokenAsync(Anna, FollowUpCase.Use30Due);
        await SaveAsync(token, Everything, isSent: true);
        _case.Database.Clock.Set(FollowUpCase.Use30Due + TimeSpan.FromDays(59));

        Assert.Equal(SaveFollowUpOutcome.Incomplete, await SaveAsync(token, new FollowUpAnswer()));
        Assert.Equal(SaveFollowUpOutcome.Sent, await SaveAsync(token, Everything with { Frequency = 1 }));
        var form = await FindAsync(token);
        _case.Database.Clock.Set(FollowUpCase.Use30Due + TimeSpan.FromDays(60));

        Assert.Equal(SaveFollowUpOutcome.Over, await SaveAsync(token, Everything, isSent: true));
        Assert.Equal((short)1, form.Answer.Frequency);
        Assert.Equal(["time", "leader"], form.Answer.Barriers);
        Assert.Equal("planned", form.Answer.Shared);
        Assert.Equal(FollowUpCase.Use30Due, form.AnsweredAt);
    }

    [Fact]
    public async Task Leader_answers_a_form_of_the_leaders_own()
    {
        var token = await _case.TokenAsync(Leader, FollowUpCase.Use60Due);

        Assert.Equal(SaveFollowUpOutcome.Sent, await SaveAsync(token, Everything, isSent: true));
        Assert.Equal("leader", (await FindAsync(token)).Kind);
        Assert.Equal(
            ["leader 4 Mere tid "],
            await _case.Data.QueryAsync<string>("select concat_ws(' ', kind, frequency, help, used, shared, '') from follow_up_forms where answered_at is not null"));
    }

    [Fact]
    public async Task What_is_no_answer_is_refused()
    {
        var token = await _case.TokenAsync(Anna, FollowUpCase.EvaluationDue);

        Assert.Equal(SaveFollowUpOutcome.Invalid, await SaveAsync(token, Everything with { Overall = 6 }));
        Assert.Equal(SaveFollowUpOutcome.Invalid, await SaveAsync(token, Everything with { Best = new string('x', 2001) }));
        Assert.Equal(SaveFollowUpOutcome.Saved, await SaveAsync(token, Everything with { Best = new string('å', 2000) }));
    }

    [Theory]
    [InlineData("update bookings set status = 'absent'", SaveFollowUpOutcome.Over)]
    [InlineData("update links set expires_at = created_at", SaveFollowUpOutcome.Over)]
    [InlineData("update links set revoked_at = created_at", SaveFollowUpOutcome.NotFound)]
    [InlineData("update links set purpose = 'booking.manage', booking_id = (select booking_id from bookings), form_id = null", SaveFollowUpOutcome.NotFound)]
    public async Task Link_that_is_over_or_another_one_saves_nothing(string change, SaveFollowUpOutcome expected)
    {
        var token = await _case.TokenAsync(Anna, FollowUpCase.EvaluationDue);
        await _case.Data.ExecuteAsync(change);

        Assert.Equal(expected, await SaveAsync(token, Everything, isSent: true));
        Assert.Equal(SaveFollowUpOutcome.NotFound, await SaveAsync("ukendt", Everything, isSent: true));
        Assert.Equal(0, await _case.Data.ScalarAsync<long>("select count(*) from follow_up_forms where saved_at is not null"));
    }

    [Fact]
    public async Task Answering_leaves_no_trace_that_would_tell_who_answered_when()
    {
        var token = await _case.TokenAsync(Anna, FollowUpCase.EvaluationDue);
        await SaveAsync(token, Everything, isSent: true);

        Assert.Equal(0, await _case.Data.ScalarAsync<long>("select count(*) from audit_entries"));
    }

    [Fact]
    public async Task One_kind_is_turned_off_and_on_again_also_when_the_link_is_over_and_each_change_is_in_the_trail()
    {
        var token = await _case.TokenAsync(Anna, FollowUpCase.EvaluationDue);
        _case.Database.Clock.Set(FollowUpCase.EvaluationDue + TimeSpan.FromDays(70));
        var change = _case.Database.Get<ChangeFollowUpMail>();

        Assert.True(await change.RunAsync(token, isOn: false, Stop));
        Assert.True(await change.RunAsync(token, isOn: false, Stop));
        Assert.Equal(["anna@example.org evaluation"], await _case.Data.QueryAsync<string>("select email || ' ' || kind from follow_up_opt_outs"));
        Assert.True(await change.RunAsync(token, isOn: true, Stop));
        Assert.False(await change.RunAsync("ukendt", isOn: false, Stop));

        Assert.Equal(0, await _case.Data.ScalarAsync<long>("select count(*) from follow_up_opt_outs"));
        Assert.Equal(
            ["follow_up.mail_off participant", "follow_up.mail_on participant"],
            await _case.Data.QueryAsync<string>("select action || ' ' || actor_role from audit_entries order by audit_id"));
    }

    private Task<SaveFollowUpOutcome> SaveAsync(string token, FollowUpAnswer answer, bool isSent = false) =>
        _case.Database.Get<SaveFollowUp>().RunAsync(token, answer, isSent, Stop);

    private async Task<FollowUpForm> FindAsync(string token) => (await _case.Database.Get<FollowUpFormRepository>()
        .FindByTokenAsync(Booking.Data.Bookings.LinkToken.Hash(token), Stop))!;
}
