using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Booking.Jobs.Schedules.Full;

/// <summary>Schedules by Hangfire on the product's own PostgreSQL, in Hangfire's own schema.</summary>
public sealed class HangfireSchedules(IRecurringJobManagerV2 jobs) : ISchedules
{
    /// <inheritdoc />
    public Task RegisterAsync(IReadOnlyList<Schedule> schedules, CancellationToken cancellationToken)
    {
        using var connection = jobs.Storage.GetConnection();
        foreach (var surplus in connection.GetRecurringJobs().Where(job => schedules.All(schedule => schedule.Name != job.Id)))
        {
            jobs.RemoveIfExists(surplus.Id);
        }

        foreach (var schedule in schedules)
        {
            jobs.AddOrUpdate<HangfireJob>(
                schedule.Name,
                job => job.RunAsync(schedule.Name, CancellationToken.None),
                schedule.Cron,
                new RecurringJobOptions
                {
                    TimeZone = TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone),
                    MisfireHandling = MisfireHandlingMode.Relaxed,
                });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task TriggerAsync(string name, CancellationToken cancellationToken)
    {
        jobs.Trigger(name);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<string, DateTimeOffset>> ListNextAsync(CancellationToken cancellationToken)
    {
        using var connection = jobs.Storage.GetConnection();
        // Hangfire gives UTC, marked as such or not marked at all.
        return Task.FromResult<IReadOnlyDictionary<string, DateTimeOffset>>(connection.GetRecurringJobs()
            .Where(job => job.NextExecution is not null)
            .ToDictionary(
                job => job.Id,
                job => new DateTimeOffset(DateTime.SpecifyKind(job.NextExecution!.Value, DateTimeKind.Utc)),
                StringComparer.Ordinal));
    }
}

/// <summary>What Hangfire stores and starts.</summary>
public sealed class HangfireJob(ScheduleRunner runner)
{
    /// <summary>Runs one schedule; a second start of the same one waits its turn.</summary>
    [DisableConcurrentExecution("schedule:{0}", 60)]
    [AutomaticRetry(Attempts = 0)]
    public Task RunAsync(string name, CancellationToken cancellationToken) => runner.RunAsync(name, cancellationToken);
}

/// <summary>Registers Hangfire.</summary>
internal static class HangfireServices
{
    /// <summary>What registers, starts and lists schedules; runs none itself.</summary>
    public static IServiceCollection AddScheduleEngine(this IServiceCollection services)
    {
        services.AddHangfire((provider, configuration) => configuration
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings()
            .UsePostgreSqlStorage(
                storage => storage.UseConnectionFactory(new DataSourceConnections(provider.GetRequiredService<NpgsqlDataSource>())),
                new PostgreSqlStorageOptions
                {
                    SchemaName = "hangfire",
                    QueuePollInterval = TimeSpan.FromSeconds(2),
                    UseSlidingInvisibilityTimeout = true,
                    InvisibilityTimeout = TimeSpan.FromMinutes(1),
                }));
        services.AddSingleton<ISchedules, HangfireSchedules>();
        return services;
    }

    /// <summary>What runs them.</summary>
    public static IServiceCollection AddScheduleServer(this IServiceCollection services) =>
        services.AddHangfireServer(options =>
        {
            options.WorkerCount = 4;
            options.SchedulePollingInterval = TimeSpan.FromSeconds(5);
        });

    private sealed class DataSourceConnections(NpgsqlDataSource dataSource) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => dataSource.CreateConnection();
    }
}
