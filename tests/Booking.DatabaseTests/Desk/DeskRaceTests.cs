using Booking.Data.Allotments;
using Booking.Data.Bookings;
using Booking.DatabaseTests.Bookings;
using Booking.TestSupport;
using Dapper;
using Npgsql;
using Xunit;

namespace Booking.DatabaseTests.Desk;

/// <summary>Many at once on real PostgreSQL; each race has a negative control that shows what happens without its guard.</summary>
public sealed class DeskRaceTests
{
    private const int Contenders = 32;

    [Fact]
    public async Task Holds_for_the_last_seats_at_once_hold_each_seat_once()
    {
        await using var given = await DeskCase.CreateAsync(own: 5, open: 5);
        var hold = given.Database.Get<HoldSeats>();

        var results = await Race.RunAsync(Contenders, _ => hold.RunAsync(
            new HoldRequest(given.Run, given.A, 2, given.Secretary(given.A)), CancellationToken.None));

        Assert.Equal(10, results.Sum(result => result.Seats));
        Assert.Equal(10, await given.HeldAsync());
        await Invariants.AssertHoldAsync(given.Database);
    }

    [Fact]
    public async Task Negative_control_holds_that_look_before_they_take_hold_seats_twice()
    {
        await using var given = await DeskCase.CreateAsync(own: 5);
        await given.Data.ExecuteAsync("drop index bookings_live_seat");

        await Race.RunAsync(Contenders, async _ =>
        {
            await using var connection = await given.Database.DataSource.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            var seat = await connection.ExecuteScalarAsync<int?>("select number from seats where status = 'free' and department_id = @A limit 1", new { given.A }, transaction);
            await connection.ExecuteAsync(
                """
                update seats set status = 'taken' where number = @seat;
                insert into bookings (run_id, seat_number, department_id, pool, status, held_for, held_until, source, booked_by, booked_at)
                select @Run, @seat, @A, 'department', 'held', 'name', now(), 'secretary', 'x', now() where @seat is not null
                """,
                new { given.Run, given.A, seat },
                transaction);
            await transaction.CommitAsync();
            return true;
        });

        Assert.True(await given.Data.ScalarAsync<long>("select count(*) - count(distinct seat_number) from bookings") > 0);
    }

    [Fact]
    public async Task Naming_and_cancelling_one_held_seat_at_once_never_invites_without_a_seat()
    {
        await using var given = await DeskCase.CreateAsync(own: 16);
        await given.HoldAsync(16);
        var references = await given.Data.QueryAsync<Guid>("select reference from bookings order by booking_id");
        for (var i = 0; i < 16; i++)
        {
            await given.Data.AddEmployeeAsync(given.A, $"Person {i}", $"p{i}@example.org");
        }

        var cancel = given.Database.Get<CancelBooking>();
        var name = given.Database.Get<NameHeldSeats>();
        await Race.RunAsync(Contenders, async i =>
        {
            if (i % 2 == 0)
            {
                await name.RunAsync(
                    new NameRequest(given.Run, given.A, PastedLine.Parse($"p{i / 2}@example.org"), given.Secretary(given.A)) { Booking = references[i / 2] },
                    CancellationToken.None);
            }
            else
            {
                await cancel.RunAsync(
                    new CancelRequest(references[i / 2], BookingScope.Of(null, [given.A]), given.Secretary(given.A), AcceptsLate: false),
                    CancellationToken.None);
            }

            return true;
        });

        Assert.Equal(0, await given.Data.ScalarAsync<long>(
            "select count(*) from invitations join bookings using (booking_id) where invitations.status = 'active' and bookings.status = 'cancelled'"));
        Assert.Equal(16, await given.Data.ScalarAsync<long>("select count(*) from bookings where status = 'cancelled'"));
        await Invariants.AssertHoldAsync(given.Database);
    }

    [Fact]
    public async Task Negative_control_naming_without_a_lock_names_what_was_cancelled()
    {
        const int Held = Contenders - 1;
        await using var given = await DeskCase.CreateAsync(own: Held);
        var person = await given.Data.AddEmployeeAsync(given.A);
        await given.HoldAsync(Held);
        var references = await given.Data.QueryAsync<Guid>("select reference from bookings order by booking_id");

        // Looked at without a lock, and written without asking again: the cancellation in between is lost.
        await Race.BetweenLookAndWriteAsync(
            Contenders,
            () => given.Data.ScalarAsync<long>("select min(booking_id) from bookings where status = 'held'"),
            i => CancelAsync(given, references[i]),
            booking => given.Data.ExecuteAsync(
                "update bookings set person_id = @person, status = 'booked', cancelled_at = null where booking_id = @booking", new { person, booking }));

        Assert.Contains("seat.free_with_booking", await Invariants.BrokenAsync(given.Database));
    }

    [Fact]
    public async Task Handing_back_and_reserving_at_once_leaves_every_seat_in_one_place()
    {
        await using var given = await DeskCase.CreateAsync(own: 20);
        var people = new long[16];
        for (var i = 0; i < people.Length; i++)
        {
            people[i] = await given.Data.AddEmployeeAsync(given.A);
        }

        var handBack = given.Database.Get<HandBackSeats>();
        var reserve = given.Database.Get<ReserveSeats>();
        var handedBack = await Race.RunAsync(Contenders, async i =>
        {
            if (i % 2 == 0)
            {
                return (await handBack.RunAsync(new HandBackRequest(given.Run, given.A, 1, given.Secretary(given.A)), CancellationToken.None)).Seats;
            }

            await reserve.RunAsync(new ReserveRequest(given.Run, given.A, [people[i / 2]], given.Secretary(given.A)), CancellationToken.None);
            return 0;
        });

        Assert.Equal(handedBack.Sum(), await given.Data.ScalarAsync<long>("select coalesce(sum(seats), 0) from seat_transfers"));
        Assert.Equal(16, await given.Data.ScalarAsync<long>("select count(*) from bookings where status = 'booked'"));
        // Whatever was handed back is open, taken or not; whatever was not is the department's.
        Assert.Equal(20 - handedBack.Sum(), await given.Data.ScalarAsync<long>("select count(*) from seats where department_id = @A", new { given.A }));
        await Invariants.AssertHoldAsync(given.Database);
    }

    [Fact]
    public async Task Negative_control_handing_back_what_looked_free_takes_a_reserved_seat()
    {
        await using var given = await DeskCase.CreateAsync(own: Contenders - 1);

        await Race.BetweenLookAndWriteAsync(
            Contenders,
            () => given.Data.QueryAsync<int>("select number from seats where department_id = @A and status = 'free'", new { given.A }),
            _ => given.ReserveAsync(given.A),
            free => given.Data.ExecuteAsync(
                "update seats set pool = 'open', department_id = null where number = any(@handedBack)", new { handedBack = free.Take(4).ToArray() }));

        // The bookings say that their seats are the department's; the seats say otherwise.
        Assert.Contains("seat.other_pool", await Invariants.BrokenAsync(given.Database));
    }

    [Fact]
    public async Task Release_and_holds_at_once_leave_no_free_guaranteed_seat_and_no_seat_twice()
    {
        await using var given = await DeskCase.CreateAsync(own: 20);
        given.Database.Clock.Set(new DateTimeOffset(await given.Data.ScalarAsync<DateTime>("select release_at from runs"), TimeSpan.Zero));
        var hold = given.Database.Get<HoldSeats>();
        var release = given.Database.Get<ReleaseSeats>();

        var seats = await Race.RunAsync(Contenders, async i => i % 4 == 0
            ? (await release.RunAsync(CancellationToken.None)).Runs * 0
            : (await hold.RunAsync(new HoldRequest(given.Run, given.A, 1, given.Secretary(given.A)) { OwnSeatsOnly = true }, CancellationToken.None)).Seats);
        await release.RunAsync(CancellationToken.None);

        Assert.Equal(seats.Sum(), await given.HeldAsync());
        await Invariants.AssertHoldAsync(given.Database);
    }

    [Fact]
    public async Task Negative_control_a_release_that_does_not_wait_for_a_hold_leaves_its_seat_behind()
    {
        await using var given = await DeskCase.CreateAsync(own: 1);
        await using var connection = await given.Database.DataSource.OpenConnectionAsync();
        await using (var hold = await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync("update seats set status = 'taken' where department_id = @A", new { given.A }, hold);
            // Passing over what is locked, instead of waiting for it.
            await given.Data.ExecuteAsync(
                """
                with free as (select number from seats where status = 'free' and pool <> 'open' for update skip locked)
                update seats set pool = 'open', department_id = null from free where seats.number = free.number;
                update runs set released_at = now()
                """);
            await hold.RollbackAsync();
        }

        Assert.Equal(1, await given.Data.ScalarAsync<long>("select count(*) from seats where status = 'free' and pool = 'department'"));
    }

    private static async Task CancelAsync(DeskCase given, Guid reference) => await given.Database.Get<CancelBooking>().RunAsync(
        new CancelRequest(reference, BookingScope.All, given.Secretary(given.A), AcceptsLate: false), CancellationToken.None);
}
