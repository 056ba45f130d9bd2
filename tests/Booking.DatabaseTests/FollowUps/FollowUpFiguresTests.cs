using Booking.Data.FollowUps;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.FollowUps;

/// <summary>What HR sees of the answers: groups of five or more.</summary>
public sealed class FollowUpFiguresTests : IAsyncLifetime
{
    private FollowUpCase _case = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FollowUpFiguresRepository Repository => _case.Database.Get<FollowUpFiguresRepository>();

    public async ValueTask InitializeAsync() => _case = await FollowUpCase.CreateAsync();

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Fewer_than_five_answers_show_neither_figures_nor_texts_and_the_fifth_shows_all()
    {
        for (var number = 1; number <= 4; number++)
        {
            await AnswerAsync(await _case.AddAsync(), "evaluation", 1, "overall = 5, relevance = 4, goals = 3, recommends = 2, best = 'Tekst'");
        }

        await AskAsync(await _case.AddAsync(), "evaluation", 1);
        var before = Assert.Single((await Repository.GetAsync(2027, Stop)).Groups);
        Assert.Empty(await Repository.ListTextsAsync(2027, "K-1", Stop));
        await AnswerAsync(await _case.AddAsync(), "evaluation", 1, "overall = 1, relevance = 4, goals = 3, recommends = 2, best = 'Ære'");
        var figures = await Repository.GetAsync(2027, Stop);
        var after = Assert.Single(figures.Groups);

        Assert.Equal((5, null, false), (before.Asked, before.Answered, before.IsShown));
        Assert.Empty(before.Scales.Overall);
        Assert.Null((await Repository.GetAsync(2026, Stop)).Total("evaluation", 1));
        Assert.Equal((6, (int?)5), (after.Asked, after.Answered));
        Assert.Equal([1, 0, 0, 0, 4], after.Scales.Overall);
        Assert.Equal([0, 5, 0, 0, 0], after.Scales.Recommends);
        Assert.Empty(after.Scales.Frequency);
        Assert.Equal(["Tekst", "Tekst", "Tekst", "Tekst", "Ære"], (await Repository.ListTextsAsync(2027, "K-1", Stop)).Select(text => text.Text));
    }

    [Fact]
    public async Task Use_counts_barriers_and_drafts_and_corrected_attendance_count_nowhere()
    {
        for (var number = 1; number <= 6; number++)
        {
            await AnswerAsync(
                await _case.AddAsync(), "use", 30, $"frequency = {(number % 5) + 1}, shared = 'planned', barriers = array['time', 'skill'], used = '{7 - number}'");
            await AnswerAsync(await _case.AddAsync(), "leader", 60, "frequency = 5, help = 'Mere tid'");
        }

        await _case.Data.ExecuteAsync("update bookings set status = 'absent' where booking_id = (select min(booking_id) from follow_up_forms)");
        var draft = await _case.AddAsync();
        await AskAsync(draft, "use", 30);
        await _case.Data.ExecuteAsync("update follow_up_forms set saved_at = now(), frequency = 5, used = 'Kladde' where booking_id = @draft", new { draft });
        var groups = (await Repository.GetAsync(2027, Stop)).Groups;

        var use = groups.Single(group => group.Kind == "use");
        Assert.Equal((6, (int?)5), (use.Asked, use.Answered));
        Assert.Equal([5, 0, 0, 0, 5, 0], use.Barriers);
        Assert.Equal([0, 5, 0], use.Shared);
        Assert.Equal([0, 0, 0, 0, 6], groups.Single(group => group.Kind == "leader").Scales.Frequency);
        Assert.Equal(
            ["1", "2", "3", "4", "5"],
            (await Repository.ListTextsAsync(2027, "K-1", Stop)).Where(text => text.Field == "used").Select(text => text.Text));
    }

    [Fact]
    public async Task Years_are_those_with_runs_that_are_over()
    {
        Assert.Empty(await Repository.ListYearsAsync(_case.Database.Clock.GetUtcNow(), Stop));
        Assert.Equal([2027], await Repository.ListYearsAsync(FollowUpCase.EvaluationDue, Stop));
    }

    private Task AskAsync(long booking, string kind, int days) => _case.Data.ExecuteAsync(
        "insert into follow_up_forms (booking_id, kind, days, due_at, asked_at) values (@booking, @kind, @days, now(), now())",
        new { booking, kind, days });

    private async Task AnswerAsync(long booking, string kind, int days, string answer)
    {
        await AskAsync(booking, kind, days);
        await _case.Data.ExecuteAsync(
            $"update follow_up_forms set saved_at = now(), answered_at = now(), {answer} where booking_id = @booking", new { booking });
    }
}
