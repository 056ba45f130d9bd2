using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.TestSupport;
using Dapper;
using Xunit;

namespace Booking.DatabaseTests.Races;

/// <summary>Seats that are booked while something else happens to them. Each race with its negative control.</summary>
public sealed class SeatRaceTests
{
    [Fact]
    public async Task Negative_control_cancelling_what_was_read_before_frees_somebody_elses_seat()
    {
        await using var ground = await RaceGround.CreateAsync(1);
        var booking = (await ground.AddBookedAsync(1))[0];
        var next = await ground.AddPeopleAsync(1);
        var looked = new MeetingPoint(2);
        var bookedAgain = new MeetingPoint(2);

        // The pair of BookingRaceTests' book and cancel, without the lock on the booking: two cancel it, and between the two
        // somebody else books its seat.
        await Race.RunAsync(2, async i =>
        {
            var seat = await ground.Data.ScalarAsync<int>("select seat_number from bookings where status = 'booked'");
            await looked.ArriveAsync();
            if (i == 0)
            {
                await ground.CancelAsync(booking);
                await ground.ReserveAsync(next);
            }

            await bookedAgain.ArriveAsync();
            if (i == 1)
            {
                await ground.NaivelyAsync(
                    """
                    update bookings set status = 'cancelled', cancelled_at = now() where reference = @booking;
                    update seats set status = 'free' where run_id = @Run and number = @seat
                    """,
                    new { booking, ground.Run, seat });
            }

            return true;
        });

        Assert.Equal(["seat.free_with_booking"], await Invariants.BrokenAsync(ground.Database));
    }

    [Fact]
    public async Task Releasing_and_booking_at_once_leaves_every_seat_in_one_pool()
    {
        await using var ground = await RaceGround.CreateAsync(24, daysFromNow: 36);
        ground.Database.Clock.Advance(TimeSpan.FromDays(2));
        var people = await ground.AddPeopleAsync(RaceGround.Contenders);
        var release = ground.Database.Get<ReleaseSeats>();

        await Race.RunAsync<object>(RaceGround.Contenders, async i =>
            i % 8 == 0 ? await release.RunAsync(CancellationToken.None) : await ground.ReserveAsync(people[i]));
        await release.RunAsync(CancellationToken.None);

        await Invariants.AssertHoldAsync(ground.Database);
        Assert.Equal(1, await ground.CountAsync("audit_entries where action = 'run.released'"));
        // Whoever was turned away while the release had the seats finds one now.
        await ground.ReserveAsync(people);
        Assert.Equal(24, await ground.CountAsync("bookings where status = 'booked'"));
        await Invariants.AssertHoldAsync(ground.Database);
    }

    [Fact]
    public async Task Negative_control_releasing_what_was_read_before_takes_a_seat_out_of_its_bookings_pool()
    {
        await using var ground = await RaceGround.CreateAsync(24, daysFromNow: 36);
        ground.Database.Clock.Advance(TimeSpan.FromDays(2));
        var people = await ground.AddPeopleAsync(RaceGround.Contenders - 1);

        await Race.BetweenLookAndWriteAsync(
            RaceGround.Contenders,
            () => ground.Data.QueryAsync<int>("select number from seats where status = 'free'"),
            i => ground.ReserveAsync(people[i]),
            free => ground.NaivelyAsync(
                """
                update runs set released_at = @now where run_id = @Run;
                update seats set pool = 'open', department_id = null where run_id = @Run and number = any(@free)
                """,
                new { ground.Run, free = free.ToArray(), now = ground.Database.Clock.GetUtcNow() }));

        Assert.Equal(["seat.other_pool"], await Invariants.BrokenAsync(ground.Database));
    }

    [Fact]
    public async Task Raising_the_capacity_and_booking_at_once_ends_with_as_many_seats_as_the_capacity()
    {
        await using var ground = await RaceGround.CreateAsync(8);
        var people = await ground.AddPeopleAsync(RaceGround.Contenders);

        await Race.RunAsync<object>(RaceGround.Contenders, async i => i % 4 == 0 ? await RaiseAsync(ground) : await ground.ReserveAsync(people[i]));

        await Invariants.AssertHoldAsync(ground.Database);
        Assert.Equal(16, await ground.Data.ScalarAsync<int>("select capacity from runs"));
        await ground.ReserveAsync(people);
        Assert.Equal(16, await ground.CountAsync("bookings where status = 'booked'"));
    }

    [Fact]
    public async Task Negative_control_raising_what_was_read_before_loses_seats()
    {
        await using var ground = await RaceGround.CreateAsync(8);
        var looked = new MeetingPoint(RaceGround.Contenders);

        await Race.RunAsync(RaceGround.Contenders, i => ground.NaivelyAsync(async connection =>
        {
            var capacity = await connection.ExecuteScalarAsync<int>("select capacity from runs");
            await looked.ArriveAsync();
            return await connection.ExecuteAsync(
                """
                insert into seats (run_id, number, pool) values (@Run, @number, 'open');
                update runs set capacity = @capacity + 1 where run_id = @Run
                """,
                new { ground.Run, number = capacity + 1 + i, capacity });
        }));

        Assert.Equal(["run.capacity"], await Invariants.BrokenAsync(ground.Database));
    }

    private static async Task<AddSeatsOutcome> RaiseAsync(RaceGround ground)
    {
        await using var connection = await ground.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var outcome = await ground.Database.Get<AddSeats>().RunAsync(transaction, new SeatsToAdd(ground.Run, 1), Actor.System("test"), CancellationToken.None);
        await transaction.CommitAsync();
        return outcome;
    }
}
