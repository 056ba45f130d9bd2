using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Plans;
using Booking.Data.Plans.Reading;
using Booking.TestSupport;
using Booking.TestSupport.Plans;
using Xunit;

namespace Booking.DatabaseTests.Plans;

/// <summary>A published run and imports of its changed plan. Run K1-1: two days, 10 seats, 2 external, 5 of NORD and 3 of SYD.</summary>
public abstract class PublishedRunTests : IAsyncLifetime
{
    protected const string Runs = PlanFileNames.Runs;

    protected PlanText Plan { get; } = new();

    protected TestDatabase Database { get; private set; } = null!;

    protected long Run { get; private set; }

    protected long North { get; private set; }

    protected Actor Secretary => new() { Name = "sekretaer.nord@example.org", Role = ActorRoles.Secretary, DepartmentIds = [North] };

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        await ImportAsync();
        Run = await ScalarAsync<long>("select run_id from runs where code = 'K1-1'");
        North = await ScalarAsync<long>("select department_id from departments where code = 'NORD'");
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static IReadOnlyList<string> Fields(ImportPlanResult result) => Assert.Single(result.Entities[^1].Changes).Fields;

    protected Task<ImportPlanResult> ImportAsync() =>
        Database.Get<ImportPlan>().RunAsync(
            new ImportPlanRequest { Source = Plan.Source, Actor = Actor.System("import") }, CancellationToken.None);

    protected async Task<IReadOnlyList<ReserveResult>> ReserveAsync(params string[] employeeNumbers)
    {
        var people = await Database.Data.QueryAsync<long>(
            "select person_id from people where employee_number = any(@employeeNumbers) order by 1", new { employeeNumbers });
        var results = await Database.Get<ReserveSeats>().RunAsync(new ReserveRequest(Run, North, people, Secretary), CancellationToken.None);
        Assert.All(results, result => Assert.Equal(ReserveOutcome.Booked, result.Outcome));
        return results;
    }

    /// <summary>Until a connection to this database waits for a lock.</summary>
    protected async Task WaitUntilSomebodyWaitsAsync()
    {
        const string IsWaiting = "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')";
        for (var attempt = 0; attempt < 500 && !await ScalarAsync<bool>(IsWaiting); attempt++)
        {
            await Task.Delay(20);
        }
    }

    protected Task<T> ScalarAsync<T>(string sql, object? parameters = null) => Database.Data.ScalarAsync<T>(sql, parameters);

    protected Task<IReadOnlyList<long>> SessionIdsAsync() => Database.Data.QueryAsync<long>(
        "select session_id from sessions where run_id = @id order by number", new { id = Run });

    protected Task<IReadOnlyList<string>> SeatsAsync() => Database.Data.QueryAsync<string>(
        "select concat_ws(' ', number, pool, department_id, status) from seats where run_id = @id order by number", new { id = Run });

    protected Task<IReadOnlyList<string>> SequencesAsync() => Database.Data.QueryAsync<string>(
        "select number || '/' || sequence from invitations join sessions using (session_id) where status = 'active' order by number");

    protected Task<long> UpdatesAsync() => ScalarAsync<long>(
        "select count(*) from outbox where kind = 'booking.invitation' and key like 'booking.invitation/%/%/1'");
}
