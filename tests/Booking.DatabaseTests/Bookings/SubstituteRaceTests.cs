using Booking.Data.Bookings;
using Booking.TestSupport;
using Npgsql;
using Xunit;

namespace Booking.DatabaseTests.Bookings;

/// <summary>Substitutes and moves against each other and against cancellations, 32 at once, and what happens without the locks.</summary>
public sealed class SubstituteRaceTests : IAsyncLifetime
{
    private const int Contenders = 32;
    private SubstituteCase _case = null!;

    private TestData Data => _case.Data;

    public async ValueTask InitializeAsync() => _case = await SubstituteCase.CreateAsync(otherSeats: Contenders);

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task One_booking_given_to_thirty_two_people_at_once_goes_to_one()
    {
        await AddColleaguesAsync();
        var substitute = _case.Database.Get<SubstitutePerson>();

        var results = await Race.RunAsync(Contenders, i => SubstituteAsync(substitute, i));

        Assert.Single(results, result => result.Outcome == SubstituteOutcome.Substituted);
        Assert.All(
            results.Where(result => result.Outcome != SubstituteOutcome.Substituted),
            result => Assert.Equal(SubstituteOutcome.NotLive, result.Outcome));
        Assert.Equal(2, await Data.ScalarAsync<long>("select count(*) from outbox where kind = 'booking.cancellation'"));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task Substituting_and_cancelling_at_once_end_the_booking_once_and_the_seat_has_its_booking_or_is_free()
    {
        await AddColleaguesAsync();
        var substitute = _case.Database.Get<SubstitutePerson>();
        var cancel = _case.Database.Get<CancelBooking>();

        var done = await Race.RunAsync(Contenders, async i => i % 2 == 0
            ? (await SubstituteAsync(substitute, i)).Outcome == SubstituteOutcome.Substituted
            : await cancel.RunAsync(
                new CancelRequest(_case.Booking, BookingScope.All, _case.SecretaryOfA, AcceptsLate: false), CancellationToken.None) == CancelOutcome.Cancelled);

        Assert.Single(done, true);
        Assert.Equal(2, await Data.ScalarAsync<long>("select count(*) from outbox where kind = 'booking.cancellation'"));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task Negative_control_without_the_locks_one_seat_goes_to_several()
    {
        await AddColleaguesAsync();
        await Data.ExecuteAsync("drop index bookings_live_seat");

        // All look before anybody writes: what the lock on the run makes impossible.
        var seen = await Race.RunAsync(Contenders, _ => LookAsync());
        await Race.RunAsync(Contenders, i => NaiveSubstituteAsync(seen[i], i));

        Assert.Equal(Contenders, await Data.ScalarAsync<long>("select count(*) from bookings where status <> 'cancelled'"));
    }

    [Fact]
    public async Task Without_the_locks_the_database_itself_gives_the_seat_to_one()
    {
        await AddColleaguesAsync();

        var seen = await Race.RunAsync(Contenders, _ => LookAsync());
        await Race.RunAsync(Contenders, i => NaiveSubstituteAsync(seen[i], i));

        Assert.Equal(1, await Data.ScalarAsync<long>("select count(*) from bookings where status <> 'cancelled'"));
    }

    [Fact]
    public async Task Negative_control_without_the_locks_somebody_sits_on_a_seat_that_the_cancellation_made_free()
    {
        await AddColleaguesAsync();
        var cancel = _case.Database.Get<CancelBooking>();

        await Race.BetweenLookAndWriteAsync(
            Contenders,
            LookAsync,
            _ => cancel.RunAsync(new CancelRequest(_case.Booking, BookingScope.All, _case.SecretaryOfA, AcceptsLate: false), CancellationToken.None),
            seen => NaiveSubstituteAsync(seen, 0));

        Assert.True(await Data.ScalarAsync<bool>(
            "select exists (select from seats s join bookings b on b.run_id = s.run_id and b.seat_number = s.number where s.status = 'free' and b.status = 'booked')"));
    }

    [Fact]
    public async Task Thirty_two_people_moving_both_ways_between_two_runs_do_not_wait_in_a_circle()
    {
        await Data.AddSeatsAsync(_case.Run, Contenders, _case.A);
        var bookings = new List<Guid>();
        for (var i = 0; i < Contenders; i++)
        {
            bookings.Add(await _case.ReserveAsync(i % 2 == 0 ? _case.Run : _case.OtherRun, await Data.AddEmployeeAsync(_case.A)));
        }

        var move = _case.Database.Get<MoveBooking>();
        var results = await Race.RunAsync(Contenders, i => move.RunAsync(
            new MoveRequest(bookings[i], i % 2 == 0 ? "H-2" : "H-1", _case.ScopeOfA, _case.SecretaryOfA), CancellationToken.None));

        Assert.All(results, result => Assert.Equal(MoveOutcome.Moved, result.Outcome));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task One_booking_moved_and_substituted_at_once_ends_once()
    {
        await AddColleaguesAsync();
        var substitute = _case.Database.Get<SubstitutePerson>();
        var move = _case.Database.Get<MoveBooking>();

        var done = await Race.RunAsync(Contenders, async i => i % 2 == 0
            ? (await SubstituteAsync(substitute, i)).Outcome == SubstituteOutcome.Substituted
            : (await move.RunAsync(
                new MoveRequest(_case.Booking, "H-2", _case.ScopeOfA, _case.SecretaryOfA), CancellationToken.None)).Outcome == MoveOutcome.Moved);

        Assert.Single(done, true);
        await Invariants.AssertHoldAsync(_case.Database);
    }

    private async Task AddColleaguesAsync()
    {
        for (var i = 0; i < Contenders; i++)
        {
            await _case.AddColleagueAsync($"k{i}@example.org");
        }
    }

    private Task<SubstituteResult> SubstituteAsync(SubstitutePerson substitute, int number) => substitute.RunAsync(
        new SubstituteRequest(_case.Booking, _case.ScopeOfA, _case.SecretaryOfA, Substitute.OfEmployee($"k{number}@example.org")!), CancellationToken.None);

    // What a substitution without locks does: look whether the booking is live, then end it and insert the other.
    private Task<long> LookAsync() => Data.ScalarAsync<long>(
        "select booking_id from bookings where reference = @Booking and status = 'booked'", new { _case.Booking });

    private async Task<bool> NaiveSubstituteAsync(long old, int number)
    {
        try
        {
            await Data.ExecuteAsync(
                """
                update bookings set status = 'cancelled', cancelled_at = now() where booking_id = @old;
                insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
                select run_id, seat_number, (select person_id from people where email = @email), department_id, pool, 'booked', source, booked_by, now()
                from bookings where booking_id = @old
                """,
                new { old, email = $"k{number}@example.org" });
            return true;
        }
        catch (PostgresException error) when (error.ConstraintName == "bookings_live_seat")
        {
            return false;
        }
    }
}
