using Booking.Data.Bookings;
using Booking.Data.Runs;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Desk;

/// <summary>Seats without names: taken, named, given up by the clock.</summary>
public sealed class HeldSeatTests
{
    [Fact]
    public async Task Hold_takes_own_seats_before_open_ones_and_says_when_there_are_fewer()
    {
        await using var given = await DeskCase.CreateAsync(own: 2, open: 1);

        var result = await given.HoldAsync(5);

        Assert.Equal((HoldOutcome.HeldFewer, 2, 1), (result.Outcome, result.OwnSeats, result.OpenSeats));
        Assert.Equal(["department A taken 2", "department B free 1", "open taken 1"], await given.PoolsAsync());
        Assert.Equal(HoldOutcome.NoSeatLeft, (await given.HoldAsync(1)).Outcome);
        Assert.Single(await given.KeysAsync("held.receipt"));
        await Invariants.AssertHoldAsync(given.Database);
    }

    [Fact]
    public async Task Hold_of_own_seats_only_leaves_open_ones()
    {
        await using var given = await DeskCase.CreateAsync(own: 1, open: 2);

        Assert.Equal(1, (await given.HoldAsync(3, ownOnly: true)).Seats);
    }

    [Fact]
    public async Task Held_seat_is_held_until_seven_days_before_the_run_by_its_own_clocks()
    {
        // The run starts on Monday 29 March 2027 at 9.30 local time, the day after the clocks change.
        await using var given = await DeskCase.CreateAsync(daysFromNow: 77);

        var result = await given.HoldAsync(1);

        Assert.Equal(new DateTimeOffset(2027, 3, 22, 8, 30, 0, TimeSpan.Zero), result.HeldUntil);
    }

    [Theory]
    [InlineData(7, HoldOutcome.NamesNeeded)]
    [InlineData(3, HoldOutcome.SignUpClosed)]
    public async Task Hold_of_a_run_that_starts_soon_is_refused(int days, HoldOutcome outcome)
    {
        await using var given = await DeskCase.CreateAsync(daysFromNow: days);
        given.Database.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(outcome, (await given.HoldAsync(1)).Outcome);
    }

    [Fact]
    public async Task Each_pasted_line_names_a_held_seat_or_says_why_not()
    {
        await using var given = await DeskCase.CreateAsync();
        await given.Data.AddEmployeeAsync(given.A, "Bo Bæk", "bo@example.org", leaderEmail: "leder@example.org");
        await given.Data.AddEmployeeAsync(given.A, "Åse Ærø", "aase@example.org");
        await given.Data.AddEmployeeAsync(given.A, "Cecilie Grøn", "cecilie@example.org");
        await given.HoldAsync(2);

        var lines = await given.NameAsync("Bo Bæk; bo@example.org\nbo@example.org\nukendt@example.org\naase@example.org\ncecilie@example.org");

        Assert.Equal(
            [LineOutcome.Booked, LineOutcome.Repeated, LineOutcome.NotFound, LineOutcome.Booked, LineOutcome.NoSeatLeft],
            lines.Select(line => line.Outcome));
        Assert.Equal(0, await given.HeldAsync());
        Assert.Equal(2, (await given.KeysAsync("booking.invitation")).Count);
        Assert.Single(await given.KeysAsync("booking.notice"));
        Assert.Single(await given.KeysAsync("booking.receipt"));
        Assert.Equal(LineOutcome.AlreadyBooked, (await given.NameAsync("bo@example.org"))[0].Outcome);
        await Invariants.AssertHoldAsync(given.Database);
    }

    [Fact]
    public async Task One_seat_of_several_is_named_by_its_reference()
    {
        await using var given = await DeskCase.CreateAsync();
        await given.Data.AddEmployeeAsync(given.A, "Bo Bæk", "bo@example.org");
        await given.HoldAsync(3);
        var second = (await given.Data.QueryAsync<Guid>("select reference from bookings order by booking_id"))[1];

        var line = (await given.NameAsync("Bo Bæk", second))[0];

        Assert.Equal((LineOutcome.Booked, second), (line.Outcome, line.Reference));
    }

    [Fact]
    public async Task Another_departments_held_seat_is_never_named()
    {
        await using var given = await DeskCase.CreateAsync();
        await given.Data.AddEmployeeAsync(given.A, "Bo Bæk", "bo@example.org");
        await given.HoldAsync(1, given.B);
        var foreign = await given.Data.ScalarAsync<Guid>("select reference from bookings");

        Assert.Equal(LineOutcome.NoSeatLeft, (await given.NameAsync("Bo Bæk", foreign))[0].Outcome);
        Assert.Equal(LineOutcome.NoSeatLeft, (await given.NameAsync("Bo Bæk"))[0].Outcome);
    }

    [Fact]
    public async Task Somebody_who_is_elsewhere_is_named_only_when_that_is_known()
    {
        await using var given = await DeskCase.CreateAsync();
        var bo = await given.Data.AddEmployeeAsync(given.A, "Bo Bæk", "bo@example.org");
        var other = await given.Data.AddRunAsync(await given.Data.AddCourseAsync());
        await given.Data.AddSeatsAsync(other, 1, given.A);
        await given.Data.ExecuteAsync(
            """
            update seats set status = 'taken' where run_id = @other;
            insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
            values (@other, 1, @bo, @A, 'department', 'booked', 'secretary', 'x', now())
            """,
            new { other, bo, given.A });
        await given.HoldAsync(1);

        Assert.Equal(LineOutcome.Overlaps, (await given.NameAsync("Bo Bæk"))[0].Outcome);
        Assert.Equal(LineOutcome.Booked, (await given.NameAsync("Bo Bæk", acceptsOverlap: true))[0].Outcome);
    }

    [Fact]
    public async Task Named_person_waits_no_more_and_a_run_that_asks_for_it_waits_for_the_leader()
    {
        await using var given = await DeskCase.CreateAsync(own: 1);
        await given.Data.ExecuteAsync("update runs set requires_approval = true");
        await given.HoldAsync(1);
        var person = await given.JoinAsync(given.A);
        await given.Data.ExecuteAsync("update people set leader_email = 'leder@example.org', email = 'p@example.org' where person_id = @person", new { person });

        var line = (await given.NameAsync("p@example.org"))[0];

        Assert.Equal(LineOutcome.AwaitsApproval, line.Outcome);
        Assert.Equal("accepted", await given.WaitingStatusAsync(person));
        Assert.Equal("held approval", await given.Data.ScalarAsync<string>("select status || ' ' || held_for from bookings"));
        Assert.Single(await given.KeysAsync("approval.asked"));
        Assert.Empty(await given.KeysAsync("booking.invitation"));
    }

    [Fact]
    public async Task Seats_without_names_are_released_in_time_told_and_go_to_whoever_waits()
    {
        await using var given = await DeskCase.CreateAsync(own: 2);
        await given.Data.AddEmployeeAsync(given.A, "Bo Bæk", "bo@example.org");
        await given.HoldAsync(2);
        await given.NameAsync("Bo Bæk");
        var waiting = await given.JoinAsync(given.A);
        var until = await UntilAsync(given);

        given.Database.Clock.Set(until.AddSeconds(-1));
        Assert.Equal(0, (await given.SweepAsync()).Seats);
        given.Database.Clock.Set(until);
        Assert.Equal(LineOutcome.NoSeatLeft, (await LateNameAsync(given)).Outcome);
        Assert.Equal(1, (await given.SweepAsync()).Seats);

        Assert.Equal("offered", await given.WaitingStatusAsync(waiting));
        Assert.Single(await given.KeysAsync("held.released"));
        Assert.Equal(0, (await given.SweepAsync()).Seats);
        await Invariants.AssertHoldAsync(given.Database);
    }

    [Fact]
    public async Task Warning_is_sent_once_three_days_before_and_never_after_the_release()
    {
        await using var given = await DeskCase.CreateAsync();
        await given.Data.ExecuteAsync("insert into department_secretaries values (@A, 'a2@example.org')", new { given.A });
        await given.HoldAsync(2);
        var until = await UntilAsync(given);

        given.Database.Clock.Set(until.AddDays(-3).AddMinutes(-1));
        Assert.Equal(0, (await given.SweepAsync()).Warnings);
        // The program was down when the three days began.
        given.Database.Clock.Set(until.AddDays(-1));
        Assert.Equal(2, (await given.SweepAsync()).Warnings);
        Assert.Equal(0, (await given.SweepAsync()).Warnings);

        Assert.Equal(
            [$"held.warning/{given.Run}/{given.A}/{until:yyyy-MM-dd}/a2@example.org", $"held.warning/{given.Run}/{given.A}/{until:yyyy-MM-dd}/a@example.org"],
            (await given.KeysAsync("held.warning")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task After_a_long_stop_seats_are_released_without_a_warning()
    {
        await using var given = await DeskCase.CreateAsync();
        await given.HoldAsync(2);
        given.Database.Clock.Set(await UntilAsync(given) + TimeSpan.FromHours(5));

        Assert.Equal(new ExpireHeldResult(Warnings: 0, Seats: 2), await given.SweepAsync());
        Assert.Empty(await given.KeysAsync("held.warning"));
    }

    private static async Task<LineResult> LateNameAsync(DeskCase given)
    {
        await given.Data.AddEmployeeAsync(given.A, "Sen Navn", "sen@example.org");
        return (await given.NameAsync("sen@example.org"))[0];
    }

    private static async Task<DateTimeOffset> UntilAsync(DeskCase given) =>
        new(await given.Data.ScalarAsync<DateTime>("select min(held_until) from bookings where status = 'held'"), TimeSpan.Zero);

    [Fact]
    public async Task Seat_without_a_name_that_is_given_up_after_the_cancellation_deadline_is_nobodys_late_cancellation()
    {
        await using var given = await DeskCase.CreateAsync();
        await given.HoldAsync(2);
        var start = new DateTimeOffset(await given.Data.ScalarAsync<DateTime>("select starts_at from runs"), TimeSpan.Zero);
        given.Database.Clock.Set(start.AddDays(-10));
        var outcome = await given.Database.Get<CancelBooking>().RunAsync(
            new CancelRequest(
                await given.Data.ScalarAsync<Guid>("select reference from bookings order by booking_id limit 1"),
                BookingScope.All,
                given.Secretary(given.A),
                AcceptsLate: false),
            CancellationToken.None);
        given.Database.Clock.Set(start.AddDays(-7));
        await given.SweepAsync();

        Assert.Equal(CancelOutcome.Cancelled, outcome);
        Assert.Equal(2, await given.Data.ScalarAsync<long>("select count(*) from bookings where status = 'cancelled' and not is_late_cancellation"));
        var year = await given.Data.ScalarAsync<int>("select plan_year from runs");
        var counted = Assert.Single(await given.Database.Get<HrBookingRepository>().CountAsync(year, CancellationToken.None));
        Assert.Equal((0, 0, 0), (counted.Participants, counted.Cancelled, counted.CancelledLate));
        await Invariants.AssertHoldAsync(given.Database);
    }
}
