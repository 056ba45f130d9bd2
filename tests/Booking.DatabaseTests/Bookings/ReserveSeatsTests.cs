using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Bookings;

public sealed class ReserveSeatsTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private long _department;
    private long _run;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _department = await _database.Data.AddDepartmentAsync("A", secretary: "sek@example.org");
        _run = await _database.Data.AddRunAsync(await _database.Data.AddCourseAsync(), sessions: 2);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Reserve_takes_the_departments_seats_first_and_then_the_open_pool()
    {
        await _database.Data.AddSeatsAsync(_run, 1, _department);
        await _database.Data.AddSeatsAsync(_run, 1, pool: "open");
        await _database.Data.AddSeatsAsync(_run, 1, pool: "external");
        long[] people = [await AddAsync(), await AddAsync(), await AddAsync()];

        var results = await ReserveAsync(people);

        Assert.Equal([ReserveOutcome.Booked, ReserveOutcome.Booked, ReserveOutcome.NoSeatLeft], results.Select(r => r.Outcome));
        Assert.Equal(["department", "open", null], results.Select(r => r.Pool));
        await Invariants.AssertHoldAsync(_database);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_open_seat_is_for_any_department_before_the_release_and_after_it(bool isReleased)
    {
        var other = await _database.Data.AddDepartmentAsync("B");
        await _database.Data.AddSeatsAsync(_run, 1, pool: "open");
        await _database.Data.AddSeatsAsync(_run, 1, isReleased ? null : other);
        await _database.Data.ExecuteAsync("update runs set released_at = case when @isReleased then now() end", new { isReleased });

        var results = await ReserveAsync([await AddAsync(), await AddAsync()]);

        // The other department's seat is taken only when it has become an open one.
        Assert.Equal(["open", isReleased ? "open" : null], results.Select(r => r.Pool));
    }

    [Fact]
    public async Task Reserve_never_takes_another_departments_guaranteed_seat()
    {
        var other = await _database.Data.AddDepartmentAsync("B");
        await _database.Data.AddSeatsAsync(_run, 5, other);

        var results = await ReserveAsync([await AddAsync()]);

        Assert.Equal(ReserveOutcome.NoSeatLeft, Assert.Single(results).Outcome);
        Assert.Equal(5, await _database.Data.ScalarAsync<long>("select count(*) from seats where status = 'free'"));
    }

    [Fact]
    public async Task Reserve_the_same_person_twice_names_the_booking_that_exists()
    {
        await _database.Data.AddSeatsAsync(_run, 2, _department);
        var person = await AddAsync();
        var first = Assert.Single(await ReserveAsync([person]));

        var second = Assert.Single(await ReserveAsync([person]));

        Assert.Equal(ReserveOutcome.AlreadyBooked, second.Outcome);
        Assert.Equal(first.Reference, second.Reference);
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task Reserve_somebody_from_another_department_is_refused_by_the_query()
    {
        await _database.Data.AddSeatsAsync(_run, 2, _department);
        var stranger = await _database.Data.AddEmployeeAsync(await _database.Data.AddDepartmentAsync("B"));

        var result = Assert.Single(await ReserveAsync([stranger]));

        Assert.Equal(ReserveOutcome.NotInDepartment, result.Outcome);
    }

    [Fact]
    public async Task Reserve_for_a_department_that_is_not_the_actors_throws()
    {
        var other = await _database.Data.AddDepartmentAsync("B");

        await Assert.ThrowsAsync<ArgumentException>(() => _database.Get<ReserveSeats>().RunAsync(
            new ReserveRequest(_run, other, [1], Secretary()), CancellationToken.None));
    }

    [Theory]
    [InlineData("draft", 0, SignUpState.NotPublished)]
    [InlineData("cancelled", 0, SignUpState.RunCancelled)]
    [InlineData("completed", 0, SignUpState.NotPublished)]
    [InlineData("published", -100, SignUpState.NotOpenYet)]
    [InlineData("published", 58, SignUpState.Closed)]
    public async Task Reserve_outside_the_sign_up_time_says_why(string status, int days, SignUpState expected)
    {
        await _database.Data.AddSeatsAsync(_run, 2, _department);
        await _database.Data.ExecuteAsync("update runs set status = @status", new { status });
        _database.Clock.Advance(TimeSpan.FromDays(days));

        var result = Assert.Single(await ReserveAsync([await AddAsync()]));

        Assert.Equal(ReserveOutcome.SignUpClosed, result.Outcome);
        Assert.Equal(expected, result.State);
    }

    [Fact]
    public async Task Reserve_queues_an_invitation_per_session_a_notice_to_the_leader_and_one_receipt()
    {
        await _database.Data.AddSeatsAsync(_run, 2, _department);
        await _database.Data.AddEmployeeAsync(_department, "Lene Leder", "leder@example.org");
        var person = await _database.Data.AddEmployeeAsync(_department, leaderEmail: "leder@example.org");

        await ReserveAsync([person, await AddAsync()]);

        var kinds = await _database.Data.QueryAsync<string>("select kind from outbox order by kind");
        Assert.Equal(
            ["booking.invitation", "booking.invitation", "booking.invitation", "booking.invitation", "booking.notice", "booking.receipt"],
            kinds);
        Assert.Equal(1, await _database.Data.ScalarAsync<long>(
            "select count(*) from outbox where kind = 'booking.receipt' and recipient_email = 'sek@example.org' and jsonb_array_length(payload -> 'bookings') = 2"));
    }

    [Fact]
    public async Task Receipt_and_notice_are_in_the_language_of_those_who_get_them_and_danish_for_the_unknown()
    {
        await _database.Data.AddSeatsAsync(_run, 3, _department);
        await _database.Data.AddEmployeeAsync(_department, "Sam Secretary", "SEK@example.org");
        await _database.Data.AddEmployeeAsync(_department, "Lee Leader", "leder@example.org");
        await _database.Data.ExecuteAsync("update people set language = 'en'");
        long[] people =
        [
            await _database.Data.AddEmployeeAsync(_department, leaderEmail: "Leder@example.org"),
            await _database.Data.AddEmployeeAsync(_department, leaderEmail: "ukendt@example.org"),
        ];

        var results = await ReserveAsync(people);
        await _database.Get<CancelBooking>().RunAsync(
            new CancelRequest(results[0].Reference!.Value, BookingScope.All, Secretary(), AcceptsLate: false), CancellationToken.None);

        Assert.Equal(
            [
                "booking.cancelled_receipt sek@example.org en",
                "booking.notice Leder@example.org en",
                "booking.notice ukendt@example.org da",
                "booking.receipt sek@example.org en",
            ],
            await _database.Data.QueryAsync<string>(
                "select concat_ws(' ', kind, recipient_email, language) from outbox where session_id is null order by kind, recipient_email"));
        Assert.Equal(["da"], await _database.Data.QueryAsync<string>("select distinct language from outbox where session_id is not null"));
    }

    [Fact]
    public async Task Reserve_that_fails_after_taking_the_seat_leaves_neither_seat_nor_mail()
    {
        await _database.Data.AddSeatsAsync(_run, 1, _department);
        await _database.Data.ExecuteAsync(
            "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'outage'; end $$");
        await _database.Data.ExecuteAsync("create trigger t before insert on audit_entries for each row execute function refuse()");

        var person = await AddAsync();
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => ReserveAsync([person]));

        Assert.Equal(0, await _database.Data.ScalarAsync<long>("select count(*) from outbox"));
        Assert.Equal(1, await _database.Data.ScalarAsync<long>("select count(*) from seats where status = 'free'"));
    }

    [Fact]
    public async Task Reserve_lines_answers_each_line_on_its_own()
    {
        await _database.Data.AddSeatsAsync(_run, 9, _department);
        await _database.Data.AddEmployeeAsync(_department, "Bo Bæk", "bo@example.org");
        await _database.Data.AddEmployeeAsync(_department, "Bo Bæk", "bo2@example.org");
        await _database.Data.AddEmployeeAsync(_department, "Åse Ø. Ærø", "aase@example.org");
        var lines = PastedLine.Parse("Bo Bæk; BO@example.org\nÅse Ø. Ærø\n\nBo Bæk\naase@example.org\nnobody@example.org");

        var results = await _database.Get<ReserveLines>().RunAsync(_run, _department, lines, Secretary(), acceptsOverlap: false, CancellationToken.None);

        Assert.Equal(
            [LineOutcome.Booked, LineOutcome.Booked, LineOutcome.Ambiguous, LineOutcome.Repeated, LineOutcome.NotFound],
            results.Select(result => result.Outcome));
        await Invariants.AssertHoldAsync(_database);
    }

    private Task<long> AddAsync() => _database.Data.AddEmployeeAsync(_department);

    private Actor Secretary() => new() { Name = "sek@example.org", Role = ActorRoles.Secretary, DepartmentIds = [_department] };

    private Task<IReadOnlyList<ReserveResult>> ReserveAsync(IReadOnlyList<long> people) =>
        _database.Get<ReserveSeats>().RunAsync(new ReserveRequest(_run, _department, people, Secretary()), CancellationToken.None);
}
