using Booking.Data.Allotments;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Allotments;

public sealed class AddSeatsTests
{
    [Fact]
    public async Task AddSeats_shares_only_the_added_seats_and_touches_no_other()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(6, 6, 2);
        await given.Data.ExecuteAsync("update distribution_keys set minimum_seats = 1");
        var run = await given.AddDraftAsync(capacity: 11, externalSeats: 1, code: "H-1");
        await given.PublishOneAsync(run);
        await given.Data.ExecuteAsync("update seats set status = 'taken' where number in (1, 11)");
        given.Database.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(AddSeatsOutcome.Shared, await given.AddSeatsAsync(run, 4));

        Assert.Equal("1A* 2A 3A 4A 5B 6B 7B 8B 9C 10C 11external* 12A 13A 14B 15B", await given.SeatsAsync(run));
        Assert.Equal(15, await given.Data.ScalarAsync<int>("select capacity from runs"));
        Assert.Equal(1, await given.CountAuditAsync("run.capacity_raised", run));
        Assert.Equal(
            ["A 6/1 6", "B 6/1 6", "C 2/1 2"],
            await given.Data.QueryAsync<string>(
                """
                select code || ' ' || entitled_numerator || '/' || entitled_denominator || ' ' || guaranteed_seats
                from seat_accounts join departments using (department_id) order by code
                """));
        var rounds = (await given.Allotments.FindArithmeticAsync("H-1", CancellationToken.None))!.Rounds;
        Assert.Equal([10, 4], rounds.Select(round => round.SharedSeats));
    }

    [Fact]
    public async Task AddSeats_after_the_release_opens_them_to_all()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(1);
        var run = await given.AddDraftAsync(capacity: 1, daysFromNow: 10);
        await given.PublishOneAsync(run);
        await given.Release.RunAsync(CancellationToken.None);

        Assert.Equal(AddSeatsOutcome.Opened, await given.AddSeatsAsync(run, 2));
        Assert.Equal("1open 2open 3open", await given.SeatsAsync(run));
        Assert.Equal(1, await given.Data.ScalarAsync<int>("select guaranteed_seats from seat_accounts"));
    }

    [Fact]
    public async Task AddSeats_after_lowering_left_a_gap_numbers_on_from_the_highest_seat()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(1);
        var run = await given.AddDraftAsync(capacity: 4, daysFromNow: 10);
        await given.PublishOneAsync(run);
        await given.Release.RunAsync(CancellationToken.None);
        await given.Data.ExecuteAsync("delete from seats where number = 2");
        await given.Data.ExecuteAsync("update runs set capacity = 3");

        Assert.Equal(AddSeatsOutcome.Opened, await given.AddSeatsAsync(run, 2));
        Assert.Equal("1open 3open 4open 5open 6open", await given.SeatsAsync(run));
    }

    [Fact]
    public async Task AddSeats_to_a_draft_is_refused()
    {
        await using var given = await AllotmentCase.CreateAsync();
        var run = await given.AddDraftAsync(capacity: 1);

        Assert.Equal(AddSeatsOutcome.NotPublished, await given.AddSeatsAsync(run, 2));
        Assert.Equal(1, await given.Data.ScalarAsync<int>("select capacity from runs"));
    }

    [Fact]
    public async Task AddSeats_twice_at_once_numbers_every_seat_once()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(2, 1);
        var run = await given.AddDraftAsync(capacity: 3);
        await given.PublishOneAsync(run);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => given.AddSeatsAsync(run, 1)));

        Assert.Equal(9, await given.Data.ScalarAsync<int>("select capacity from runs"));
        Assert.Equal(9, await given.Data.ScalarAsync<long>("select count(*) from seats"));
        Assert.Equal(
            ["A 6", "B 3"],
            await given.Data.QueryAsync<string>("select code || ' ' || count(*) from seats join departments using (department_id) group by code order by code"));
    }

    [Fact]
    public async Task Negative_control_capacity_read_before_it_is_written_loses_seats()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(2, 1);
        var run = await given.AddDraftAsync(capacity: 3);
        await given.PublishOneAsync(run);
        var read = 0;
        var allHaveRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await Race.RunAsync(6, async _ =>
        {
            var capacity = await given.Data.ScalarAsync<int>("select capacity from runs");
            if (Interlocked.Increment(ref read) == 6)
            {
                allHaveRead.SetResult();
            }

            await allHaveRead.Task;
            await given.Data.ExecuteAsync(
                """
                update runs set capacity = @capacity + 1;
                insert into seats (run_id, number, pool) values (@run, @capacity + 1, 'open') on conflict do nothing
                """,
                new { run, capacity });
            return true;
        });

        Assert.Equal(4, await given.Data.ScalarAsync<int>("select capacity from runs"));
        Assert.Equal(4, await given.Data.ScalarAsync<long>("select count(*) from seats"));
    }

    [Fact]
    public async Task AddSeats_for_the_sectors_shares_only_the_rest()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(2, 1);
        var run = await given.AddDraftAsync(capacity: 3);
        await given.PublishOneAsync(run);

        Assert.Equal(AddSeatsOutcome.Shared, await given.AddSeatsAsync(run, 5, external: 2));
        Assert.Equal("1A 2A 3B 4A 5A 6B 7external 8external", await given.SeatsAsync(run));
        Assert.Equal(2, await given.Data.ScalarAsync<int>("select external_seats from runs"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => given.AddSeatsAsync(run, 1, external: 2));
    }
}
