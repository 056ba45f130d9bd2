using Booking.Data.Digests;
using Booking.DatabaseTests.Outbox;
using Booking.DatabaseTests.Runs;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Digests;

/// <summary>HR's weekly letter. The run begins on Friday 12 March 2027 in Copenhagen.</summary>
public sealed class DigestTests : IAsyncLifetime
{
    // Half past seven in Copenhagen.
    private static readonly DateTimeOffset Monday = new(2027, 3, 1, 6, 30, 0, TimeSpan.Zero);

    private RunCase _case = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _case = await RunCase.CreateAsync();
        await _case.Data.AddSeatsAsync(_case.Run, 4, _case.A);
        await _case.Data.ExecuteAsync(
            "insert into role_assignments values ('hr2@example.org', 'hr'), ('admin@example.org', 'administrator')");
    }

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Each_hr_person_gets_one_letter_a_week_from_monday_half_past_seven()
    {
        Assert.Equal(0, await AtAsync(Monday - TimeSpan.FromSeconds(1)));
        Assert.Equal(2, await AtAsync(Monday));
        Assert.Equal(0, await AtAsync(Monday + TimeSpan.FromHours(1)));
        Assert.Equal(2, await AtAsync(Monday + TimeSpan.FromDays(7)));
        Assert.Equal(
            ["hr.digest/2027-W09/hr2@example.org", "hr.digest/2027-W09/hr@example.org", "hr.digest/2027-W10/hr2@example.org", "hr.digest/2027-W10/hr@example.org"],
            (await _case.Data.QueryAsync<string>("select key from outbox where kind = 'hr.digest'")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task After_a_stop_it_is_caught_up_on_until_wednesday_morning()
    {
        Assert.Equal(0, await AtAsync(Monday + SendDigest.CatchUpWindow));
        Assert.Equal(2, await AtAsync(Monday + SendDigest.CatchUpWindow - TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Two_nodes_at_once_write_each_letter_once()
    {
        _case.Database.Clock.Set(Monday);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _case.Database.Get<SendDigest>().RunAsync(Stop)));

        Assert.Equal(2, await _case.CountAsync("outbox where kind = 'hr.digest'"));
    }

    [Fact]
    public async Task Letter_names_the_runs_that_need_something_and_last_weeks_figures()
    {
        await _case.Data.ExecuteAsync(
            "update runs set minimum_participants = 3, release_at = @release where run_id = @Run", new { _case.Run, release = Monday.AddDays(5) });
        _case.Database.Clock.Set(Monday - TimeSpan.FromDays(2));
        await _case.ReserveAsync(_case.A);
        await AtAsync(Monday);

        var text = await LetterAsync();

        Assert.Contains("Mangler deltagere", text, StringComparison.Ordinal);
        Assert.Contains("Ro & nærvær, 12. marts 2027 kl. 8.30 (H-1): 1 deltagere af mindst 3, 3 ubrugte garantipladser", text, StringComparison.Ordinal);
        Assert.Contains("https://kurser.example.org/hr/runs/H-1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Beslut, hvad der skal ske", text, StringComparison.Ordinal);
        Assert.Contains("Fik en plads: 1\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("Blev afmeldt: 0\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closed_run_below_its_minimum_asks_for_a_decision_until_there_is_one()
    {
        await _case.Data.ExecuteAsync(
            "update runs set minimum_participants = 3, sign_up_closes_at = @closed where run_id = @Run", new { _case.Run, closed = Monday.AddDays(-1) });
        await AtAsync(Monday);
        Assert.Contains("Beslut, hvad der skal ske", await LetterAsync(), StringComparison.Ordinal);

        await _case.Data.ExecuteAsync(
            """
            update runs set minimum_decision = 'goes_ahead', minimum_decided_at = starts_at - interval '3 days', minimum_decided_by = 'hr@example.org';
            update seats set department_id = null, pool = 'open'
            """);
        await AtAsync(Monday.AddDays(7));
        Assert.Contains("Ingen hold mangler noget", await LetterAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_list_is_cut_and_says_how_many_more()
    {
        for (var number = 2; number <= 14; number++)
        {
            await _case.Data.AddRunAsync(_case.Course, $"H-{number}");
        }

        await _case.Data.ExecuteAsync("update runs set minimum_participants = 3");
        await AtAsync(Monday);

        var text = await LetterAsync();

        Assert.Equal(12, text.Split("/hr/runs/").Length - 1);
        Assert.Contains("Og 2 flere.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letter_is_in_the_readers_language()
    {
        await _case.Data.AddEmployeeAsync(_case.B, "Helen Roe", "hr@example.org");
        await _case.Data.ExecuteAsync("update people set language = 'en' where email = 'hr@example.org'");
        await AtAsync(Monday);

        Assert.Contains("The courses in week 9", await LetterAsync(), StringComparison.Ordinal);
    }

    private Task<int> AtAsync(DateTimeOffset now)
    {
        _case.Database.Clock.Set(now);
        return _case.Database.Get<SendDigest>().RunAsync(Stop);
    }

    private async Task<string> LetterAsync()
    {
        await using var mail = MailCase.Over(_case.Database);
        await mail.DeliverAsync();
        return mail.Server.TextTo("hr@example.org");
    }
}
