using Booking.Data.Audit;
using Booking.Data.Plans;
using Booking.TestSupport;
using Booking.TestSupport.Plans;
using Xunit;

namespace Booking.DatabaseTests.Plans;

/// <summary>A whole country's employees. Time is looked at by people; memory is what a mistake here would cost.</summary>
public sealed class LargeImportTests : IAsyncLifetime
{
    private const int Employees = 100_000;
    private const int Runs = 1_000;
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Hundred_thousand_employees_are_streamed_and_a_second_import_changes_none()
    {
        var plan = new LargePlan(Employees, Runs);
        var memory = new MemoryWatch();
        var request = new ImportPlanRequest { Source = plan.Source, Actor = Actor.System("import"), Progress = memory };
        var import = _database.Get<ImportPlan>();

        var first = await import.RunAsync(request, CancellationToken.None);
        var second = await import.RunAsync(request with { Progress = null }, CancellationToken.None);

        Assert.Equal([40, 40, 200, Employees, Runs], first.Entities.Select(entity => entity.Added));
        Assert.True(second.IsWithoutChange);
        Assert.Equal(Employees, await _database.Data.ScalarAsync<long>("select count(*) from people where is_active"));
        Assert.Equal(0, await _database.Data.ScalarAsync<long>(
            "select count(*) from runs where capacity <> (select count(*) from seats where seats.run_id = runs.run_id)"));

        // Checking remembers numbers and addresses of all employees, copying holds one employee at a time.
        Assert.InRange(memory.Growth(PlanImportStep.CheckingEmployees) / Employees, 0, 500);
        Assert.InRange(memory.Growth(PlanImportStep.CopyingEmployees), long.MinValue, 8_000_000);
    }

    /// <summary>Notes how much memory is in use when progress is reported.</summary>
    private sealed class MemoryWatch : IProgress<PlanImportProgress>
    {
        private readonly List<(PlanImportStep Step, long Bytes)> _samples = [];

        public void Report(PlanImportProgress value) =>
            _samples.Add((value.Step, GC.GetTotalMemory(forceFullCollection: value.Done % 20_000 == 0)));

        public long Growth(PlanImportStep step)
        {
            var bytes = _samples.Where((sample, i) => sample.Step == step && i % 4 == 0).Select(sample => sample.Bytes).ToList();
            return bytes.Count == 0 ? 0 : bytes.Max() - bytes[0];
        }
    }
}
