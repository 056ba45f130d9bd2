using Booking.Data.Bookings;
using Booking.Data.Runs;
using Booking.DatabaseTests.Bookings;
using Booking.TestSupport;
using Dapper;
using Xunit;

namespace Booking.DatabaseTests.Runs;

/// <summary>More and fewer seats on a published run.</summary>
public sealed class ChangeCapacityTests : IAsyncLifetime
{
    private RunCase _case = null!;

    public async ValueTask InitializeAsync() => _case = await RunCase.CreateAsync();

    public async ValueTask DisposeAsync() => await _case.DisposeAsync();

    [Fact]
    public async Task Raising_shares_the_new_seats_and_serves_the_waiting_list()
    {
        await AddSeatsAsync(2, a: 1, b: 1);
        await _case.ReserveAsync(_case.A);
        await _case.ReserveAsync(_case.B);
        var waiting = await _case.JoinAsync(_case.A);

        var result = await _case.ChangeCapacityAsync(2, 4);

        Assert.Equal(ChangeCapacityOutcome.Raised, result.Outcome);
        Assert.Equal("1A* 2B* 3A* 4B", await _case.SeatsAsync());
        Assert.Equal("offered", await _case.Data.ScalarAsync<string>("select status from waiting_list_entries where person_id = @waiting", new { waiting }));
        Assert.Equal(4, await _case.Data.ScalarAsync<int>("select capacity from runs where run_id = @Run", new { _case.Run }));
    }

    [Fact]
    public async Task Lowering_takes_open_seats_that_nobody_had_first_and_closes_one_that_somebody_had()
    {
        await AddSeatsAsync(4, a: 1, open: 3);
        await _case.ReserveAsync(_case.A);
        var second = await _case.ReserveAsync(_case.A);
        await _case.Database.Get<CancelBooking>().RunAsync(
            new CancelRequest(second.Reference!.Value, BookingScope.All, RunCase.Hr, AcceptsLate: false), CancellationToken.None);

        Assert.Equal(ChangeCapacityOutcome.Lowered, (await _case.ChangeCapacityAsync(4, 2)).Outcome);
        Assert.Equal(2, await _case.CountAsync("seats"));
        Assert.Equal(ChangeCapacityOutcome.Lowered, (await _case.ChangeCapacityAsync(2, 1)).Outcome);

        Assert.Equal(1, await _case.CountAsync("seats where status <> 'closed'"));
        Assert.Equal(1, await _case.CountAsync("seats where status = 'closed'"));
        Assert.Equal(1, await _case.Data.ScalarAsync<int>("select capacity from runs where run_id = @Run", new { _case.Run }));
        Assert.Equal(2, await _case.CountAsync("audit_entries where action = 'run.capacity_lowered'"));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task Raising_after_a_seat_was_closed_numbers_on()
    {
        await AddSeatsAsync(1, open: 1);
        var booked = await _case.ReserveAsync(_case.A);
        await _case.Database.Get<CancelBooking>().RunAsync(
            new CancelRequest(booked.Reference!.Value, BookingScope.All, RunCase.Hr, AcceptsLate: false), CancellationToken.None);
        await _case.Data.AddSeatsAsync(_case.Run, 1, pool: "open");
        await _case.Data.ExecuteAsync("update runs set capacity = 2 where run_id = @Run; update seats set status = 'closed' where number = 1", new { _case.Run });

        Assert.Equal(ChangeCapacityOutcome.Raised, (await _case.ChangeCapacityAsync(2, 4)).Outcome);

        Assert.Equal("1open# 2open 3A 4B", await _case.SeatsAsync());
    }

    [Fact]
    public async Task Lowering_below_what_is_taken_or_guaranteed_changes_nothing_and_says_who_has_the_seats()
    {
        await AddSeatsAsync(5, a: 2, b: 1, external: 1, open: 1);
        await _case.ReserveAsync(_case.A);

        var result = await _case.ChangeCapacityAsync(5, 3);

        Assert.Equal(ChangeCapacityOutcome.InTheWay, result.Outcome);
        Assert.Equal(
            ["Afdeling A: 1 taken, 1 free", "Afdeling B: 0 taken, 1 free", "external: 0 taken, 1 free", "open: 0 taken, 1 free"],
            result.Holders.Select(holder => $"{holder.DepartmentName ?? holder.Pool}: {holder.Taken} taken, {holder.Free} free"));
        Assert.Equal("1A* 2A 3B 4external 5open", (await _case.SeatsAsync()).Replace("1A 2A*", "1A* 2A", StringComparison.Ordinal));
    }

    [Fact]
    public async Task External_seats_go_only_when_hr_says_so_and_after_the_open_ones()
    {
        await AddSeatsAsync(4, a: 1, external: 2, open: 1);
        await _case.Data.ExecuteAsync("update runs set external_seats = 2 where run_id = @Run", new { _case.Run });

        Assert.Equal(ChangeCapacityOutcome.InTheWay, (await _case.ChangeCapacityAsync(4, 2)).Outcome);
        Assert.Equal(ChangeCapacityOutcome.Lowered, (await _case.ChangeCapacityAsync(4, 2, alsoExternal: true)).Outcome);

        Assert.Equal("1A 2external", await _case.SeatsAsync());
        Assert.Equal(1, await _case.Data.ScalarAsync<int>("select external_seats from runs where run_id = @Run", new { _case.Run }));
    }

    [Fact]
    public async Task A_run_that_changed_meanwhile_or_is_not_open_is_left_alone()
    {
        await AddSeatsAsync(2, open: 2);

        Assert.Equal(ChangeCapacityOutcome.ChangedMeanwhile, (await _case.ChangeCapacityAsync(3, 1)).Outcome);
        Assert.Equal(ChangeCapacityOutcome.Unchanged, (await _case.ChangeCapacityAsync(2, 2)).Outcome);
        _case.Database.Clock.Advance(TimeSpan.FromDays(61));
        Assert.Equal(ChangeCapacityOutcome.NotOpen, (await _case.ChangeCapacityAsync(2, 1)).Outcome);
        Assert.Equal("1open 2open", await _case.SeatsAsync());
    }

    [Fact]
    public async Task Lowering_and_booking_at_once_never_takes_a_seat_from_anybody()
    {
        await AddSeatsAsync(24, open: 24);
        var people = await PeopleAsync(16);

        await Race.RunAsync(32, async i =>
        {
            if (i % 2 == 0)
            {
                await _case.ReserveAsync(_case.A, people[i / 2]);
                return true;
            }

            for (var attempt = 0; attempt < 40; attempt++)
            {
                var capacity = await _case.Data.ScalarAsync<int>("select capacity from runs where run_id = @Run", new { _case.Run });
                if (capacity == 1 || (await _case.ChangeCapacityAsync(capacity, capacity - 1)).Outcome is ChangeCapacityOutcome.Lowered)
                {
                    return true;
                }
            }

            return false;
        });

        Assert.Equal(
            await _case.Data.ScalarAsync<int>("select capacity from runs where run_id = @Run", new { _case.Run }),
            await _case.CountAsync("seats where run_id = @Run and status <> 'closed'"));
        Assert.Equal(0, await LiveOnClosedSeatsAsync());
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task Negative_control_lowering_without_lock_takes_a_seat_from_somebody()
    {
        await AddSeatsAsync(16, open: 16);
        var people = await PeopleAsync(16);

        await Race.RunAsync(32, async i =>
        {
            if (i % 2 == 0)
            {
                await _case.ReserveAsync(_case.A, people[i / 2]);
                return true;
            }

            // Look which seat is free, then close it.
            await using var connection = await _case.Database.DataSource.OpenConnectionAsync();
            var seat = await connection.ExecuteScalarAsync<int?>(
                "select number from seats where run_id = @Run and status = 'free' order by random() limit 1", new { _case.Run });
            await Task.Delay(50);
            await connection.ExecuteAsync("update seats set status = 'closed' where run_id = @Run and number = @seat", new { _case.Run, seat });
            return true;
        });

        Assert.True(await LiveOnClosedSeatsAsync() > 0, "The race harness does not reach the race.");
    }

    private Task<long> LiveOnClosedSeatsAsync() => _case.CountAsync(
        "bookings b join seats s on s.run_id = b.run_id and s.number = b.seat_number where b.status <> 'cancelled' and s.status = 'closed'");

    private async Task<long[]> PeopleAsync(int count)
    {
        var people = new long[count];
        for (var i = 0; i < count; i++)
        {
            people[i] = await _case.Data.AddEmployeeAsync(_case.A);
        }

        return people;
    }

    private async Task AddSeatsAsync(int capacity, int a = 0, int b = 0, int external = 0, int open = 0)
    {
        await _case.Data.ExecuteAsync("update runs set capacity = @capacity where run_id = @Run", new { capacity, _case.Run });
        await _case.Data.AddSeatsAsync(_case.Run, a, _case.A);
        await _case.Data.AddSeatsAsync(_case.Run, b, _case.B);
        await _case.Data.AddSeatsAsync(_case.Run, external, pool: "external");
        await _case.Data.AddSeatsAsync(_case.Run, open, pool: "open");
    }
}
