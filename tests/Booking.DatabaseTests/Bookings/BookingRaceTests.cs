using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.TestSupport;
using Dapper;
using Npgsql;
using Xunit;

namespace Booking.DatabaseTests.Bookings;

/// <summary>Many at once on real PostgreSQL. Each race has a negative control that shows the race is there when the guard is not.</summary>
public sealed class BookingRaceTests : IAsyncLifetime
{
    private const int Contenders = 32;
    private TestDatabase _database = null!;
    private long _department;
    private long _run;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _department = await _database.Data.AddDepartmentAsync("A", secretary: "sek@example.org");
        _run = await _database.Data.AddRunAsync(await _database.Data.AddCourseAsync(crossSector: true), capacity: 10);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("department")]
    [InlineData("open")]
    public async Task Thirty_two_reservations_for_ten_seats_book_ten(string pool)
    {
        await _database.Data.AddSeatsAsync(_run, 10, pool == "department" ? _department : null, pool);
        var people = await AddPeopleAsync(Contenders);
        var reserve = _database.Get<ReserveSeats>();

        var results = await Race.RunAsync(Contenders, i => ReserveAsync(reserve, [people[i]]));

        Assert.Equal(10, results.Count(result => result[0].Outcome == ReserveOutcome.Booked));
        Assert.Equal(22, results.Count(result => result[0].Outcome == ReserveOutcome.NoSeatLeft));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task Negative_control_without_lock_and_index_oversells()
    {
        await _database.Data.AddSeatsAsync(_run, 10, pool: "open");
        await _database.Data.ExecuteAsync("drop index bookings_live_seat");
        var people = await AddPeopleAsync(Contenders);

        await Race.RunAsync(Contenders, i => NaiveReserveAsync(people[i]));

        Assert.True(await OversoldSeatsAsync() > 0, "The race harness does not reach the race.");
    }

    [Fact]
    public async Task Without_lock_the_database_itself_refuses_to_oversell()
    {
        await _database.Data.AddSeatsAsync(_run, 10, pool: "open");
        var people = await AddPeopleAsync(Contenders);

        var refused = await Race.RunAsync(Contenders, async i =>
        {
            try
            {
                return !await NaiveReserveAsync(people[i]);
            }
            catch (PostgresException error) when (error.ConstraintName == "bookings_live_seat")
            {
                return true;
            }
        });

        Assert.Contains(true, refused);
        Assert.Equal(0, await OversoldSeatsAsync());
    }

    [Fact]
    public async Task The_same_person_reserved_thirty_two_times_has_one_seat()
    {
        await _database.Data.AddSeatsAsync(_run, 10, _department);
        var person = (await AddPeopleAsync(1))[0];
        var reserve = _database.Get<ReserveSeats>();

        var results = await Race.RunAsync(Contenders, _ => ReserveAsync(reserve, [person]));

        Assert.Single(results, result => result[0].Outcome == ReserveOutcome.Booked);
        Assert.Single(results.Select(result => result[0].Reference).Distinct());
        Assert.Equal(9, await _database.Data.ScalarAsync<long>("select count(*) from seats where status = 'free'"));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task Groups_of_the_same_people_in_opposite_order_do_not_wait_in_a_circle()
    {
        await _database.Data.AddSeatsAsync(_run, 60, _department);
        var people = await AddPeopleAsync(6);
        var reserve = _database.Get<ReserveSeats>();

        var results = await Race.RunAsync(16, i => ReserveAsync(reserve, i % 2 == 0 ? people : [.. people.Reverse()]));

        Assert.Equal(6, results.Sum(result => result.Count(line => line.Outcome == ReserveOutcome.Booked)));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task Booking_and_cancelling_at_once_leaves_every_seat_with_its_booking()
    {
        await _database.Data.AddSeatsAsync(_run, 8, _department);
        var people = await AddPeopleAsync(Contenders);
        var reserve = _database.Get<ReserveSeats>();
        var cancel = _database.Get<CancelBooking>();

        await Race.RunAsync(Contenders, async i =>
        {
            for (var round = 0; round < 5; round++)
            {
                var result = (await ReserveAsync(reserve, [people[i]]))[0];
                if (result.Outcome is ReserveOutcome.Booked && i % 4 != 0)
                {
                    await cancel.RunAsync(
                        new CancelRequest(result.Reference!.Value, BookingScope.Of(null, [_department]), Secretary(), AcceptsLate: false),
                        CancellationToken.None);
                }
            }

            return true;
        });

        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task One_booking_cancelled_by_thirty_two_at_once_is_cancelled_once()
    {
        await _database.Data.AddSeatsAsync(_run, 1, _department);
        var reference = (await ReserveAsync(_database.Get<ReserveSeats>(), [(await AddPeopleAsync(1))[0]]))[0].Reference!.Value;
        var cancel = _database.Get<CancelBooking>();

        var outcomes = await Race.RunAsync(Contenders, _ => cancel.RunAsync(
            new CancelRequest(reference, BookingScope.All, Secretary(), AcceptsLate: false), CancellationToken.None));

        Assert.Single(outcomes, CancelOutcome.Cancelled);
        Assert.Equal(1, await _database.Data.ScalarAsync<long>("select count(*) from outbox where kind = 'booking.cancellation'"));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task Thirty_two_sign_ups_for_three_seats_hold_three()
    {
        await _database.Data.AddSeatsAsync(_run, 2, pool: "external");
        await _database.Data.AddSeatsAsync(_run, 1, pool: "open");
        var signUp = _database.Get<SignUp>();

        var results = await Race.RunAsync(Contenders, i => signUp.RunAsync(SignUps.Request(_run, $"p{i}@example.org"), CancellationToken.None));

        Assert.Equal(3, results.Count(result => result.Outcome == SignUpOutcome.MailSent));
        Assert.Equal(3, await _database.Data.ScalarAsync<long>("select count(*) from outbox where kind = 'sign_up.confirm'"));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task One_address_signing_up_thirty_two_times_at_once_holds_one_seat()
    {
        await _database.Data.AddSeatsAsync(_run, 40, pool: "external");
        var signUp = _database.Get<SignUp>();

        var results = await Race.RunAsync(Contenders, _ => signUp.RunAsync(SignUps.Request(_run, "p@example.org"), CancellationToken.None));

        Assert.All(results, result => Assert.Equal(SignUpOutcome.MailSent, result.Outcome));
        Assert.Equal(39, await _database.Data.ScalarAsync<long>("select count(*) from seats where status = 'free'"));
        await Invariants.AssertHoldAsync(_database);
    }

    private async Task<long[]> AddPeopleAsync(int count)
    {
        var people = new long[count];
        for (var i = 0; i < count; i++)
        {
            people[i] = await _database.Data.AddEmployeeAsync(_department);
        }

        return people;
    }

    private Actor Secretary() => new() { Name = "sek@example.org", Role = ActorRoles.Secretary, DepartmentIds = [_department] };

    private Task<IReadOnlyList<ReserveResult>> ReserveAsync(ReserveSeats reserve, IReadOnlyList<long> people) =>
        reserve.RunAsync(new ReserveRequest(_run, _department, people, Secretary()), CancellationToken.None);

    // What a reservation without any seat control does: look, then insert.
    private async Task<bool> NaiveReserveAsync(long personId)
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var seat = await connection.QueryFirstOrDefaultAsync<int?>(
            """
            select number from seats
            where run_id = @run and not exists (
                select 1 from bookings b where b.run_id = seats.run_id and b.seat_number = seats.number and b.status <> 'cancelled')
            order by number limit 1
            """,
            new { run = _run },
            transaction);
        if (seat is null)
        {
            return false;
        }

        await connection.ExecuteAsync(
            """
            insert into bookings (run_id, seat_number, person_id, pool, status, source, booked_by, booked_at)
            values (@run, @seat, @personId, 'open', 'booked', 'secretary', 'naive', now())
            """,
            new { run = _run, seat, personId },
            transaction);
        await transaction.CommitAsync();
        return true;
    }

    private Task<long> OversoldSeatsAsync() => _database.Data.ScalarAsync<long>(
        "select count(*) from (select 1 from bookings where status <> 'cancelled' group by run_id, seat_number having count(*) > 1) x");
}
