using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Bookings;

public sealed class CancelBookingTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private long _department;
    private long _run;
    private long _person;
    private Guid _booking;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _department = await _database.Data.AddDepartmentAsync("A", secretary: "sek@example.org");
        _run = await _database.Data.AddRunAsync(await _database.Data.AddCourseAsync(), sessions: 2);
        await _database.Data.AddSeatsAsync(_run, 1, _department);
        _person = await _database.Data.AddEmployeeAsync(_department);
        var results = await _database.Get<ReserveSeats>().RunAsync(
            new ReserveRequest(_run, _department, [_person], Secretary()), CancellationToken.None);
        _booking = results[0].Reference!.Value;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Cancelling_frees_the_seat_and_cancels_each_session_with_a_raised_sequence()
    {
        Assert.Equal(CancelOutcome.Cancelled, await CancelAsync(BookingScope.Of(null, [_department])));

        Assert.Equal("free", await _database.Data.ScalarAsync<string>("select status from seats"));
        Assert.Equal([1, 1], await _database.Data.QueryAsync<int>("select sequence from invitations where status = 'cancelled'"));
        Assert.Equal(2, await _database.Data.ScalarAsync<long>("select count(*) from outbox where kind = 'booking.cancellation'"));
        Assert.Equal(1, await _database.Data.ScalarAsync<long>("select count(*) from outbox where kind = 'booking.cancelled_receipt'"));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task The_participant_may_cancel_and_a_stranger_is_told_there_is_no_such_booking()
    {
        var colleague = await _database.Data.AddEmployeeAsync(_department);
        Assert.Equal(CancelOutcome.NotFound, await CancelAsync(BookingScope.Of(colleague, [])));
        Assert.Equal(CancelOutcome.NotFound, await CancelAsync(BookingScope.Of(null, [_department + 1])));
        Assert.Equal(CancelOutcome.NotFound, await CancelAsync(BookingScope.Of(null, [])));

        Assert.Equal(CancelOutcome.Cancelled, await CancelAsync(BookingScope.Of(_person, [])));
    }

    [Fact]
    public async Task After_the_deadline_it_asks_and_then_flags_the_cancellation_late()
    {
        _database.Clock.Advance(TimeSpan.FromDays(50));

        Assert.Equal(CancelOutcome.DeadlinePassed, await CancelAsync(BookingScope.All));
        Assert.Equal(CancelOutcome.CancelledLate, await CancelAsync(BookingScope.All, acceptsLate: true));
        Assert.True(await _database.Data.ScalarAsync<bool>("select is_late_cancellation from bookings"));
    }

    [Fact]
    public async Task Once_the_first_session_has_started_nothing_is_cancelled()
    {
        _database.Clock.Advance(TimeSpan.FromDays(61));

        Assert.Equal(CancelOutcome.TooLate, await CancelAsync(BookingScope.All, acceptsLate: true));
    }

    [Fact]
    public async Task A_cancelled_person_can_be_booked_again_with_a_new_calendar_event()
    {
        await CancelAsync(BookingScope.All);

        var again = await _database.Get<ReserveSeats>().RunAsync(
            new ReserveRequest(_run, _department, [_person], Secretary()), CancellationToken.None);

        Assert.Equal(ReserveOutcome.Booked, again[0].Outcome);
        Assert.Equal(4, await _database.Data.ScalarAsync<long>("select count(distinct uid) from invitations"));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task After_the_release_a_given_back_seat_goes_to_the_open_pool()
    {
        await _database.Data.ExecuteAsync("update runs set released_at = now()");

        await CancelAsync(BookingScope.All);

        Assert.Equal("open", await _database.Data.ScalarAsync<string>("select pool from seats"));
    }

    private Task<CancelOutcome> CancelAsync(BookingScope scope, bool acceptsLate = false) =>
        _database.Get<CancelBooking>().RunAsync(new CancelRequest(_booking, scope, Secretary(), acceptsLate), CancellationToken.None);

    private Actor Secretary() => new() { Name = "sek@example.org", Role = ActorRoles.Secretary, DepartmentIds = [_department] };
}
