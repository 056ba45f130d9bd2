using Booking.Data.Runs;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Runs;

/// <summary>Too few participants at the sign-up stop.</summary>
public sealed class MinimumTests : IAsyncLifetime
{
    private RunCase _case = null!;

    public async ValueTask InitializeAsync()
    {
        _case = await RunCase.CreateAsync();
        await _case.Data.AddSeatsAsync(_case.Run, 4, pool: "open");
        await _case.Data.ExecuteAsync(
            "update runs set minimum_participants = 2; insert into role_assignments values ('hr2@example.org', 'hr'), ('admin@example.org', 'administrator')");
        await _case.ReserveAsync(_case.A);
    }

    public async ValueTask DisposeAsync() => await _case.DisposeAsync();

    [Fact]
    public async Task Each_hr_person_is_warned_once_after_the_stop()
    {
        Assert.Equal(0, await WarnAsync());
        AfterStop();

        Assert.Equal(2, await WarnAsync());
        Assert.Equal(0, await WarnAsync());
        Assert.Equal(
            ["hr2@example.org", "hr@example.org"],
            (await _case.Data.QueryAsync<string>("select recipient_email from outbox where kind = 'run.minimum_warning'")).Order(StringComparer.Ordinal));
        Assert.Equal(1, await _case.CountAsync("audit_entries where action = 'run.minimum_warned'"));
    }

    [Fact]
    public async Task Enough_participants_or_a_decision_need_no_warning()
    {
        AfterStop();
        Assert.Equal(KeepRunOutcome.GoesAhead, await KeepAsync());
        Assert.Equal(KeepRunOutcome.NothingToDecide, await KeepAsync());
        Assert.Equal(0, await WarnAsync());

        await _case.Data.ExecuteAsync("update runs set minimum_participants = 1, minimum_decision = null, minimum_decided_at = null, minimum_decided_by = null");
        Assert.Equal(0, await WarnAsync());
    }

    [Fact]
    public async Task A_held_seat_is_no_participant()
    {
        // Whichever seat the reservation did not get.
        await _case.HoldForNameAsync(await _case.Data.ScalarAsync<int>(
            "select max(number) from seats where run_id = @Run and status = 'free'", new { _case.Run }));
        AfterStop();

        Assert.Equal(2, await WarnAsync());
    }

    [Fact]
    public async Task A_run_that_was_postponed_is_warned_of_again_at_its_new_stop()
    {
        AfterStop();
        await WarnAsync();

        await _case.PostponeAsync(TimeSpan.FromDays(14));
        Assert.Equal(0, await WarnAsync());
        _case.Database.Clock.Advance(TimeSpan.FromDays(14));
        Assert.Equal(2, await WarnAsync());
    }

    private void AfterStop() => _case.Database.Clock.Advance(TimeSpan.FromDays(58));

    private Task<int> WarnAsync() => _case.Database.Get<WarnOfMinimum>().RunAsync(CancellationToken.None);

    private Task<KeepRunOutcome> KeepAsync() => _case.Database.Get<KeepRun>().RunAsync(_case.Run, RunCase.Hr, CancellationToken.None);
}
