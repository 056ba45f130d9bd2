using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Plans;
using Booking.Data.Plans.Reading;
using Booking.TestSupport;
using Booking.TestSupport.Plans;
using Xunit;

namespace Booking.DatabaseTests.Races;

/// <summary>The plan is imported again, with another capacity and another time, while its seats are booked.</summary>
public sealed class ImportRaceTests : IAsyncLifetime
{
    private const string Runs = PlanFileNames.Runs;
    private const string Employees = PlanFileNames.Employees;
    private const int People = 24;

    private readonly PlanText _plan = new();
    private TestDatabase _database = null!;
    private long _run;
    private long _department;
    private long[] _people = [];

    /// <summary>Run K1-1 with 16 seats, all released, and 24 people who want one.</summary>
    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _plan.Set(Runs, 1, "pladser", "16");
        for (var i = 0; i < People; i++)
        {
            _plan.Add(Employees, 1, ("medarbejdernr", $"{2000 + i}"), ("navn", $"Person {i}"), ("e-mail", $"m{2000 + i}@example.org"));
        }

        await ImportAsync();
        _run = await _database.Data.ScalarAsync<long>("select run_id from runs where code = 'K1-1'");
        _department = await _database.Data.ScalarAsync<long>("select department_id from departments where code = 'NORD'");
        _people = [.. await _database.Data.QueryAsync<long>("select person_id from people where employee_number like '20%' order by 1")];
        _database.Clock.Set(new DateTimeOffset(2027, 2, 9, 12, 0, 0, TimeSpan.Zero));
        await _database.Get<ReleaseSeats>().RunAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Importing_a_smaller_and_moved_run_while_it_is_booked_takes_no_seat_away_and_tells_everybody_the_new_time()
    {
        _plan.Set(Runs, 1, "pladser", "10").Set(Runs, 1, "dage", "15-03-2027 08:30-15:30 | 17-03-2027 09:00-15:30 | 18-03-2027 09:00-12:00");

        await Race.RunAsync<object>(RaceGround.Contenders, async i => i % 8 == 0
            ? await ImportAsync()
            : await ReserveAsync(_people[i % People]));
        await ImportAsync();

        await Invariants.AssertHoldAsync(_database);
        Assert.Equal(
            await _database.Data.ScalarAsync<long>("select count(*) * 3 from bookings where status = 'booked'"),
            await _database.Data.ScalarAsync<long>("select count(*) from invitations where status = 'active'"));
    }

    [Fact]
    public async Task Negative_control_lowering_by_what_was_read_before_closes_seats_that_were_booked_meanwhile()
    {
        await Race.BetweenLookAndWriteAsync(
            People,
            () => _database.Data.QueryAsync<int>("select number from seats where run_id = @_run and status = 'free' order by 1", new { _run }),
            i => ReserveAsync(_people[i]),
            free => _database.Data.ExecuteAsync(
                """
                update seats set status = 'closed' where run_id = @_run and number = any(@numbers);
                update runs set capacity = 10 where run_id = @_run
                """,
                new { _run, numbers = free.Take(6).ToArray() }));

        Assert.Equal(["seat.free_with_booking"], await Invariants.BrokenAsync(_database));
    }

    private Task<ImportPlanResult> ImportAsync() => _database.Get<ImportPlan>().RunAsync(
        new ImportPlanRequest { Source = _plan.Source, Actor = Actor.System("import") }, CancellationToken.None);

    private Task<IReadOnlyList<ReserveResult>> ReserveAsync(params IReadOnlyList<long> people) => _database.Get<ReserveSeats>().RunAsync(
        new ReserveRequest(
            _run, _department, people, new Actor { Name = "sekretaer.nord@example.org", Role = ActorRoles.Secretary, DepartmentIds = [_department] }),
        CancellationToken.None);
}
