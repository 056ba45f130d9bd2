using Booking.Data.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Bookings;

public sealed class MoveBookingTests : IAsyncLifetime
{
    private SubstituteCase _case = null!;

    private TestData Data => _case.Data;

    public async ValueTask InitializeAsync() => _case = await SubstituteCase.CreateAsync();

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Person_has_a_seat_on_the_other_run_and_the_old_one_is_free()
    {
        var result = await _case.MoveAsync("H-2");

        Assert.Equal(MoveOutcome.Moved, result.Outcome);
        Assert.Equal(
            $"{_case.OtherRun} {_case.Anna} department booked",
            await Data.ScalarAsync<string>(
                "select concat_ws(' ', run_id, person_id, pool, status) from bookings where reference = @Booking", new { result.Booking }));
        Assert.Equal("free", await Data.ScalarAsync<string>("select status from seats where run_id = @Run", new { _case.Run }));
        Assert.Equal(
            ["booking.cancellation anna@example.org", "booking.invitation anna@example.org", "booking.moved_receipt sek@example.org", "booking.notice leder@example.org"],
            await Data.QueryAsync<string>(
                "select distinct kind || ' ' || recipient_email from outbox where outbox_id > (select max(outbox_id) from outbox where kind = 'booking.receipt') order by 1"));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task Trail_of_each_booking_names_the_other()
    {
        await _case.MoveAsync("H-2");

        Assert.Equal(
            2, await Data.ScalarAsync<long>(
                """
                select count(*) from bookings made join bookings old on old.booking_id = made.replaces_booking_id
                join audit_entries entry on
                    (entry.booking_id = made.booking_id and entry.action = 'booking.moved' and (entry.details ->> 'replaces')::bigint = old.booking_id)
                    or (entry.booking_id = old.booking_id and entry.action = 'booking.moved_away' and (entry.details ->> 'moved_to')::bigint = made.booking_id)
                """));
    }

    [Fact]
    public async Task Seat_given_up_goes_to_whoever_waits_for_it()
    {
        await Data.ExecuteAsync("update runs set waiting_list_mode = 'book'");
        var waiter = await _case.JoinAsync();

        await _case.MoveAsync("H-2");

        Assert.Equal(waiter, await Data.ScalarAsync<long>("select person_id from bookings where run_id = @Run and status = 'booked'", new { _case.Run }));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task Full_run_moves_nobody_and_the_old_seat_stays()
    {
        await _case.ReserveAsync(_case.OtherRun, await Data.AddEmployeeAsync(_case.A));

        Assert.Equal(MoveOutcome.NoSeatLeft, (await _case.MoveAsync("H-2")).Outcome);
        Assert.Equal("booked", await Data.ScalarAsync<string>("select status from bookings where reference = @Booking", new { _case.Booking }));
        await Data.AddSeatsAsync(_case.OtherRun, 1);
        Assert.Equal(MoveOutcome.Moved, (await _case.MoveAsync("H-2")).Outcome);
        Assert.Equal("open", await Data.ScalarAsync<string>("select pool from bookings where replaces_booking_id is not null"));
    }

    [Fact]
    public async Task After_the_old_runs_deadline_it_asks_and_then_flags_it_late()
    {
        _case.Database.Clock.Advance(TimeSpan.FromDays(50));

        Assert.Equal(MoveOutcome.DeadlinePassed, (await _case.MoveAsync("H-2")).Outcome);
        Assert.Equal(MoveOutcome.Moved, (await _case.MoveAsync("H-2", acceptsLate: true)).Outcome);
        Assert.True(await Data.ScalarAsync<bool>("select is_late_cancellation from bookings where reference = @Booking", new { _case.Booking }));
    }

    [Fact]
    public async Task Once_the_old_run_has_started_it_is_too_late()
    {
        _case.Database.Clock.Advance(TimeSpan.FromDays(61));

        Assert.Equal(MoveOutcome.TooLate, (await _case.MoveAsync("H-2", acceptsLate: true)).Outcome);
    }

    [Fact]
    public async Task Closed_run_takes_nobody()
    {
        await Data.ExecuteAsync("update runs set sign_up_closes_at = @now where code = 'H-2'", new { now = _case.Database.Clock.GetUtcNow() });

        var result = await _case.MoveAsync("H-2");

        Assert.Equal((MoveOutcome.SignUpClosed, SignUpState.Closed), (result.Outcome, result.State));
    }

    [Fact]
    public async Task Booking_on_the_other_run_is_named()
    {
        await Data.AddSeatsAsync(_case.OtherRun, 1, _case.A);
        var existing = await _case.ReserveAsync(_case.OtherRun, _case.Anna);

        var result = await _case.MoveAsync("H-2");

        Assert.Equal((MoveOutcome.AlreadyBooked, existing), (result.Outcome, result.Booking));
    }

    [Fact]
    public async Task Overlap_is_shown_and_can_be_confirmed_and_the_old_booking_is_none()
    {
        await Data.ExecuteAsync(
            """
            update sessions set starts_at = s.starts_at, ends_at = s.ends_at
            from sessions s where sessions.run_id = @OtherRun and s.run_id = @Run and s.number = 1
            """,
            new { _case.Run, _case.OtherRun });
        var third = await Data.AddRunAsync(await Data.AddCourseAsync());
        await Data.AddSeatsAsync(third, 1, _case.A);

        await _case.ReserveAsync(third, _case.Anna);
        Assert.Single((await _case.MoveAsync("H-2")).Overlaps);
        Assert.Equal(MoveOutcome.Moved, (await _case.MoveAsync("H-2", acceptsOverlap: true)).Outcome);
    }

    [Fact]
    public async Task Another_course_a_draft_an_unknown_run_and_a_foreign_booking_are_not_found()
    {
        await Data.AddRunAsync(await Data.AddCourseAsync(), "X-1");
        await Data.ExecuteAsync("update runs set status = 'published'");

        Assert.Equal(MoveOutcome.NotFound, (await _case.MoveAsync("X-1")).Outcome);
        Assert.Equal(MoveOutcome.NotFound, (await _case.MoveAsync("H-1")).Outcome);
        Assert.Equal(MoveOutcome.NotFound, (await _case.MoveAsync("H-9")).Outcome);
        Assert.Equal(MoveOutcome.NotFound, (await _case.MoveAsync("H-2", scope: BookingScope.Of(null, [_case.B]))).Outcome);
        await _case.CancelAsync(_case.Booking);
        Assert.Equal(MoveOutcome.NotLive, (await _case.MoveAsync("H-2")).Outcome);
    }

    [Fact]
    public async Task Other_runs_are_listed_with_the_seats_that_this_person_could_have()
    {
        await Data.AddSeatsAsync(_case.OtherRun, 3, _case.B);
        await Data.AddSeatsAsync(_case.OtherRun, 2);
        await Data.AddSeatsAsync(_case.OtherRun, 4, pool: "external");

        var target = Assert.Single(await _case.Database.Get<MoveTargetRepository>().ListAsync(
            _case.Booking, _case.ScopeOfA, _case.Database.Clock.GetUtcNow(), CancellationToken.None));

        Assert.Equal(("H-2", 1, 2, 3), (target.RunCode, target.OwnSeats, target.OpenSeats, target.Seats));
    }
}
