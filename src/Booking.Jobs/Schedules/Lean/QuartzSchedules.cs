using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Quartz;

namespace Booking.Jobs.Schedules.Lean;

/// <summary>Schedules by Quartz.NET, clustered on the product's own PostgreSQL, in its own schema.</summary>
public sealed class QuartzSchedules(ISchedulerFactory factory) : ISchedules
{
    private const string Group = "schedules";
    private const string NameKey = "name";

    /// <inheritdoc />
    public async Task RegisterAsync(IReadOnlyList<Schedule> schedules, CancellationToken cancellationToken)
    {
        var scheduler = await factory.GetScheduler(cancellationToken);
        var known = await scheduler.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(Group), cancellationToken);
        var surplus = known.Where(key => schedules.All(schedule => schedule.Name != key.Name)).ToList();
        await scheduler.DeleteJobs(surplus, cancellationToken);
        foreach (var schedule in schedules)
        {
            var job = JobBuilder.Create<QuartzJob>()
                .WithIdentity(schedule.Name, Group)
                .UsingJobData(NameKey, schedule.Name)
                .DisallowConcurrentExecution()
                .RequestRecovery()
                .Build();
            var trigger = TriggerBuilder.Create()
                .WithIdentity(schedule.Name, Group)
                .WithCronSchedule(ToQuartz(schedule.Cron), cron => cron
                    .InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone))
                    .WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
                .Build();
            await scheduler.ScheduleJob(job, trigger, new ScheduleJobOptions { Replace = true }, cancellationToken);
        }
    }

    /// <inheritdoc />
    public async Task TriggerAsync(string name, CancellationToken cancellationToken)
    {
        var scheduler = await factory.GetScheduler(cancellationToken);
        await scheduler.TriggerJob(new JobKey(name, Group), cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> ListNextAsync(CancellationToken cancellationToken)
    {
        var scheduler = await factory.GetScheduler(cancellationToken);
        Dictionary<string, DateTimeOffset> next = new(StringComparer.Ordinal);
        foreach (var key in await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.GroupEquals(Group), cancellationToken))
        {
            if (await scheduler.GetTrigger(key, cancellationToken) is { NextFireTimeUtc: { } at })
            {
                next[key.Name] = at;
            }
        }

        return next;
    }

    /// <summary>Quartz puts seconds first and wants one of the two day fields to be a question mark.</summary>
    internal static string ToQuartz(string cron)
    {
        var fields = cron.Split(' ');
        return fields[4] == "*"
            ? $"0 {fields[0]} {fields[1]} {fields[2]} {fields[3]} ?"
            : $"0 {fields[0]} {fields[1]} ? {fields[3]} {fields[4]}";
    }

    /// <summary>What Quartz stores and starts.</summary>
    internal sealed class QuartzJob(ScheduleRunner runner) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
            await runner.RunAsync(context.MergedJobDataMap.GetString(NameKey)!, cancellationToken);
    }
}

/// <summary>Registers Quartz.</summary>
internal static class QuartzServices
{
    /// <summary>What registers, starts and lists schedules; runs none itself.</summary>
    public static IServiceCollection AddScheduleEngine(this IServiceCollection services)
    {
        services.AddHostedService<CreateQuartzSchema>();
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = "booking";
                options.GenerateInstanceId = true;
                options.IdleWaitTime = TimeSpan.FromSeconds(10);
            });
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(data => data.UseRegisteredDataSource = true);
                store.ProvisionSchema();
                store.UseClustering();
                store.ConfigureStore(options =>
                {
                    options.TablePrefix = "quartz.qrtz_";
                    options.LockOnInsert = false;
                    options.RecoverFiringsCancelledByShutdown = true;
                });
            });
        });
        services.AddSingleton<ISchedules, QuartzSchedules>();
        return services;
    }

    /// <summary>What runs them.</summary>
    public static IServiceCollection AddScheduleServer(this IServiceCollection services) =>
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);

    // Quartz makes its tables but not the schema they stand in. Starts before Quartz does, being registered before it.
    private sealed class CreateQuartzSchema(NpgsqlDataSource dataSource) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await using var command = dataSource.CreateCommand("create schema if not exists quartz");
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
