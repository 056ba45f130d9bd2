using Booking.Data.Audit;
using Booking.Data.Plans;
using Booking.Data.Plans.Reading;
using Booking.Data.Runs;
using Booking.TestSupport;
using Booking.TestSupport.Plans;
using Xunit;

namespace Booking.DatabaseTests.Races;

/// <summary>A changed plan is imported while HR cancels its runs: each run is changed before it is cancelled, or not at all.</summary>
public sealed class ImportCancelRaceTests : IAsyncLifetime
{
    private const int Runs = 8;

    private static readonly Actor Hr = Actor.System("hr");

    private readonly PlanText _plan = new();
    private TestDatabase _database = null!;
    private IReadOnlyList<long> _runs = [];

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        for (var i = 2; i < Runs; i++)
        {
            _plan.Add(PlanFileNames.Runs, 1, ("holdkode", $"K1-{i}"));
        }

        await ImportAsync();
        _runs = await _database.Data.QueryAsync<long>("select run_id from runs order by 1");
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Importing_changed_runs_while_they_are_cancelled_changes_none_that_is_cancelled()
    {
        for (var row = 1; row <= Runs; row++)
        {
            _plan.Set(PlanFileNames.Runs, row, "pladser", "14").Set(PlanFileNames.Runs, row, "budget", "1,00");
        }

        await Race.RunAsync<object>(Runs + 1, async i => i == Runs ? await ImportAsync() : await CancelAsync(_runs[i]));

        await Invariants.AssertHoldAsync(_database);
        Assert.Equal(Runs, await _database.Data.ScalarAsync<long>("select count(*) from runs where status = 'cancelled'"));
        Assert.Equal(0, await ChangedAfterCancelledAsync());
    }

    [Fact]
    public async Task Negative_control_changing_by_the_status_that_was_read_before_changes_cancelled_runs()
    {
        var looked = new MeetingPoint(2);
        var cancelled = new MeetingPoint(2);

        await Race.RunAsync<object>(2, async i =>
        {
            var status = i == 0 ? await _database.Data.ScalarAsync<string>("select status from runs where run_id = @run", new { run = _runs[0] }) : "";
            await looked.ArriveAsync();
            if (i == 1)
            {
                await CancelAsync(_runs[0]);
            }

            await cancelled.ArriveAsync();
            if (status == RunStatuses.Published)
            {
                await _database.Data.ExecuteAsync(
                    """
                    update runs set budget = 1 where run_id = @run;
                    insert into audit_entries (at, actor, actor_role, action, run_id) values (now(), 'import', 'system', 'run.changed', @run)
                    """,
                    new { run = _runs[0] });
            }

            return status;
        });

        Assert.Equal(1, await ChangedAfterCancelledAsync());
    }

    // Both are written under the run's lock, or at the end of a transaction that has it.
    private Task<long> ChangedAfterCancelledAsync() => _database.Data.ScalarAsync<long>(
        """
        select count(*) from audit_entries cancelled
        join audit_entries changed using (run_id)
        where cancelled.action = 'run.cancelled' and changed.action = 'run.changed' and changed.audit_id > cancelled.audit_id
        """);

    private Task<ImportPlanResult> ImportAsync() => _database.Get<ImportPlan>().RunAsync(
        new ImportPlanRequest { Source = _plan.Source, Actor = Actor.System("import") }, CancellationToken.None);

    private async Task<CancelRunOutcome> CancelAsync(long run)
    {
        CancelRunResult result;
        do
        {
            result = await _database.Get<CancelRun>().RunAsync(new CancelRunRequest(run, "Sygdom", Hr), CancellationToken.None);
        }
        while (result.Outcome == CancelRunOutcome.Busy);
        return result.Outcome;
    }
}
