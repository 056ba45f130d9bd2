using System.Diagnostics;
using Booking.Data.Schedules;
using Booking.Jobs.Schedules;
using Booking.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Booking.DatabaseTests.Contracts;

/// <summary>What every job engine must do on PostgreSQL, on whichever stack is built.</summary>
public sealed class SchedulesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TestDatabase _database = null!;
    private int _runs;
    private int _failures;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Schedule_registered_runs_when_triggered_and_again_after_it_failed()
    {
        using var node = await StartNodeAsync();
        var schedules = node.Services.GetRequiredService<ISchedules>();
        await schedules.RegisterAsync(node.Services.GetRequiredService<ScheduleCatalogue>().List, Stop);

        await schedules.TriggerAsync("fails", Stop);
        await UntilAsync(() => Volatile.Read(ref _failures) == 1);
        await schedules.TriggerAsync("counts", Stop);
        await UntilAsync(() => Volatile.Read(ref _runs) == 1);
        await schedules.TriggerAsync("fails", Stop);
        await UntilAsync(() => Volatile.Read(ref _failures) == 2);

        await node.StopAsync(Stop);
    }

    [Fact]
    public async Task Runs_are_remembered_with_what_was_wrong_and_the_next_one_is_known()
    {
        using var node = await StartNodeAsync();
        var schedules = node.Services.GetRequiredService<ISchedules>();
        await schedules.RegisterAsync(node.Services.GetRequiredService<ScheduleCatalogue>().List, Stop);

        await schedules.TriggerAsync("fails", Stop);
        await schedules.TriggerAsync("counts", Stop);
        var runs = node.Services.GetRequiredService<ScheduleRunRepository>();
        await UntilAsync(async () => (await runs.ListAsync(Stop)).Count(run => run.EndedAt is not null) == 2);

        var (counts, fails) = ((await runs.ListAsync(Stop))[0], (await runs.ListAsync(Stop))[1]);
        Assert.Null(counts.Error);
        Assert.Equal("InvalidOperationException: failure 1", fails.Error);
        Assert.NotNull(fails.FailedAt);
        var next = await schedules.ListNextAsync(Stop);
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");
        Assert.Equal((1, 1, 4, 0), Parts(TimeZoneInfo.ConvertTime(next["counts"], zone)));
        Assert.Equal(DayOfWeek.Monday, TimeZoneInfo.ConvertTime(next["fails"], zone).DayOfWeek);
        Assert.True(next.Values.All(at => at > TimeProvider.System.GetUtcNow()));
        await node.StopAsync(Stop);

        static (int Month, int Day, int Hour, int Minute) Parts(DateTimeOffset at) => (at.Month, at.Day, at.Hour, at.Minute);
    }

    [Fact]
    public async Task Schedule_triggered_on_one_of_two_nodes_runs_once()
    {
        using var one = await StartNodeAsync();
        using var other = await StartNodeAsync();
        var schedules = one.Services.GetRequiredService<ISchedules>();
        var list = one.Services.GetRequiredService<ScheduleCatalogue>().List;
        await schedules.RegisterAsync(list, Stop);
        await other.Services.GetRequiredService<ISchedules>().RegisterAsync(list, Stop);

        await schedules.TriggerAsync("counts", Stop);
        await UntilAsync(() => Volatile.Read(ref _runs) >= 1);
        await Task.Delay(TimeSpan.FromSeconds(2), Stop);

        Assert.Equal(1, Volatile.Read(ref _runs));
        await one.StopAsync(Stop);
        await other.StopAsync(Stop);
    }

    [Fact]
    public async Task Schedule_that_is_no_longer_listed_is_gone()
    {
        using var node = await StartNodeAsync();
        var schedules = node.Services.GetRequiredService<ISchedules>();
        var list = node.Services.GetRequiredService<ScheduleCatalogue>().List;
        await schedules.RegisterAsync(list, Stop);
        await schedules.RegisterAsync([.. list.Where(schedule => schedule.Name != "counts")], Stop);

        try
        {
            await schedules.TriggerAsync("counts", Stop);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // One engine says that it knows no such job, the other says nothing.
        }

        await schedules.TriggerAsync("fails", Stop);
        await UntilAsync(() => Volatile.Read(ref _failures) == 1);
        Assert.Equal(0, Volatile.Read(ref _runs));
        await node.StopAsync(Stop);
    }

    [Fact]
    public void Schedules_of_the_product_have_their_own_names_and_services_that_exist()
    {
        using var services = JobHost.Create(_database);

        Assert.Equal(AllSchedules.List.Count, AllSchedules.List.Select(schedule => schedule.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Contains("release", AllSchedules.List.Select(schedule => schedule.Name));
        Assert.NotNull(services.GetRequiredService<ScheduleRunner>());
    }

    [Fact]
    public async Task Every_schedule_of_the_product_runs_on_an_empty_database()
    {
        await using var services = JobHost.Create(_database);
        var runner = services.GetRequiredService<ScheduleRunner>();

        foreach (var schedule in AllSchedules.List)
        {
            await runner.RunAsync(schedule.Name, Stop);
        }
    }

    private async Task<IHost> StartNodeAsync()
    {
        var catalogue = new ScheduleCatalogue(
        [
            new() { Name = "counts", Cron = "0 4 1 1 *", RunAsync = (_, _) => Task.FromResult(Interlocked.Increment(ref _runs)) },
            new() { Name = "fails", Cron = "30 5 * * MON", RunAsync = (_, _) => throw new InvalidOperationException($"failure {Interlocked.Increment(ref _failures)}") },
        ]);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        JobHost.AddScheduleNode(builder.Services, _database);
        builder.Services.Replace(ServiceDescriptor.Singleton(catalogue));
        var host = builder.Build();
        await host.StartAsync(Stop);
        return host;
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Patience);
            await Task.Delay(50, Stop);
        }
    }
}
