using System.Globalization;
using Booking.Data.Allotments;
using Booking.DatabaseTests.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Desk;

/// <summary>Unused guaranteed seats: handed back, warned of, released.</summary>
public sealed class HandBackTests
{
    [Fact]
    public async Task Handed_back_seats_are_open_and_written_down()
    {
        await using var given = await DeskCase.CreateAsync();

        var result = await given.HandBackAsync(2);

        Assert.Equal(new HandBackResult(HandBackOutcome.HandedBack, 2), result);
        Assert.Equal(["department A free 1", "department B free 1", "open free 2"], await given.PoolsAsync());
        Assert.Equal(
            ["hand_back 2 A a@example.org"],
            await given.Data.QueryAsync<string>(
                "select kind || ' ' || seats || ' ' || code || ' ' || actor from seat_transfers join departments on department_id = from_department_id"));
        Assert.Equal(1, await given.Data.ScalarAsync<long>("select count(*) from audit_entries where action = 'seats.handed_back' and department_id = @A", new { given.A }));
    }

    [Fact]
    public async Task Only_unused_seats_are_handed_back()
    {
        await using var given = await DeskCase.CreateAsync();
        await given.ReserveAsync(given.A);
        await given.HoldAsync(1);

        Assert.Equal(new HandBackResult(HandBackOutcome.HandedBackFewer, 1), await given.HandBackAsync(5));
        Assert.Equal(HandBackOutcome.NothingUnused, (await given.HandBackAsync()).Outcome);
        await Invariants.AssertHoldAsync(given.Database);
    }

    [Fact]
    public async Task Handed_back_seat_goes_first_to_the_own_list_and_then_to_the_longest_waiting()
    {
        await using var given = await DeskCase.CreateAsync(own: 1);
        await given.ReserveAsync(given.B);
        var foreign = await given.JoinAsync(given.B);
        Assert.Equal("waiting", await given.WaitingStatusAsync(foreign));

        await given.HandBackAsync();

        Assert.Equal("offered", await given.WaitingStatusAsync(foreign));
        Assert.Equal(0, await given.Data.ScalarAsync<long>("select count(*) from seats where status = 'free'"));
    }

    [Theory]
    [InlineData("update runs set released_at = now()", HandBackOutcome.AlreadyReleased)]
    [InlineData("update runs set status = 'cancelled', cancelled_at = now()", HandBackOutcome.RunNotOpen)]
    [InlineData("update runs set status = 'draft'", HandBackOutcome.RunNotOpen)]
    public async Task Hand_back_is_refused_when_there_is_nothing_to_give(string change, HandBackOutcome outcome)
    {
        await using var given = await DeskCase.CreateAsync();
        await given.Data.ExecuteAsync(change);

        Assert.Equal(outcome, (await given.HandBackAsync()).Outcome);
    }

    [Fact]
    public async Task Warnings_come_14_and_3_days_before_the_release_once_per_secretary_with_unused_seats()
    {
        await using var given = await DeskCase.CreateAsync(own: 1);
        await given.ReserveAsync(given.A);
        await given.Data.ExecuteAsync("insert into department_secretaries values (@B, 'b2@example.org')", new { given.B });
        var release = await ReleaseAsync(given);

        given.Database.Clock.Set(release.AddDays(-14).AddMinutes(-1));
        Assert.Equal(0, await given.WarnAsync());
        given.Database.Clock.Set(release.AddDays(-14));
        Assert.Equal(2, await given.WarnAsync());
        Assert.Equal(0, await given.WarnAsync());
        given.Database.Clock.Set(release.AddDays(-3));
        Assert.Equal(2, await given.WarnAsync());
        Assert.Equal(0, await given.WarnAsync());

        Assert.Equal(
            new[] { "14/b2@example.org", "14/b@example.org", "3/b2@example.org", "3/b@example.org" }.Select(end => $"release.warning/{given.Run}/{given.B}/{Release(release)}/{end}"),
            (await given.KeysAsync("release.warning")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_that_is_postponed_is_warned_of_anew_before_its_new_release()
    {
        await using var given = await DeskCase.CreateAsync();
        var release = await ReleaseAsync(given);
        given.Database.Clock.Set(release.AddDays(-3));
        await given.WarnAsync();
        await given.Data.ExecuteAsync(
            """
            update runs set release_at = release_at + interval '30 days', starts_at = starts_at + interval '30 days',
                ends_at = ends_at + interval '30 days', sign_up_closes_at = sign_up_closes_at + interval '30 days'
            """);

        Assert.Equal(0, await given.WarnAsync());
        given.Database.Clock.Set(release.AddDays(30 - 14));
        Assert.Equal(2, await given.WarnAsync());
        given.Database.Clock.Set(release.AddDays(30 - 3));
        Assert.Equal(2, await given.WarnAsync());
        Assert.Equal(0, await given.WarnAsync());
    }

    [Fact]
    public async Task Only_the_last_warning_is_sent_when_both_are_due_and_none_after_the_release()
    {
        await using var given = await DeskCase.CreateAsync();
        var release = await ReleaseAsync(given);

        given.Database.Clock.Set(release.AddDays(-2));
        await given.WarnAsync();
        Assert.All(await given.KeysAsync("release.warning"), key => Assert.Contains("/3/", key, StringComparison.Ordinal));
        await given.Data.ExecuteAsync("delete from outbox");
        given.Database.Clock.Set(release);

        Assert.Equal(0, await given.WarnAsync());
    }

    [Fact]
    public async Task First_pass_after_a_long_stop_releases_what_was_missed_and_serves_the_list()
    {
        await using var given = await DeskCase.CreateAsync(own: 1);
        await given.ReserveAsync(given.B);
        var waiting = await given.JoinAsync(given.B);
        // Nothing ran from before the release until a fortnight after it.
        given.Database.Clock.Set(await ReleaseAsync(given) + TimeSpan.FromDays(14));

        var result = await given.Database.Get<ReleaseSeats>().RunAsync(CancellationToken.None);

        Assert.Equal((1, 1L), (result.Runs, result.Seats));
        Assert.Equal("offered", await given.WaitingStatusAsync(waiting));
        Assert.Equal(0, (await given.Database.Get<ReleaseSeats>().RunAsync(CancellationToken.None)).Runs);
    }

    // As in the key.
    private static string Release(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmm", CultureInfo.InvariantCulture);

    private static async Task<DateTimeOffset> ReleaseAsync(DeskCase given) =>
        new(await given.Data.ScalarAsync<DateTime>("select release_at from runs"), TimeSpan.Zero);
}
