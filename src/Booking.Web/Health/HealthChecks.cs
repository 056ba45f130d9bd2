using Booking.Data.Database;
using Booking.Jobs.Outbox;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Booking.Web.Health;

/// <summary>Can the database be asked something?</summary>
/// <remarks>The reason it cannot is logged, not told: health endpoints are open to everybody.</remarks>
internal sealed class DatabaseCheck(NpgsqlDataSource dataSource) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = dataSource.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy("answers");
        }
        catch (NpgsqlException error)
        {
            return HealthCheckResult.Unhealthy("the database does not answer", error);
        }
    }
}

/// <summary>Has the database the schema that this build needs?</summary>
internal sealed class MigrationCheck(Migrator migrator) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var missing = await migrator.ListMissingAsync(cancellationToken);
            return missing.Count == 0
                ? HealthCheckResult.Healthy("current")
                : HealthCheckResult.Unhealthy("not applied: " + string.Join(", ", missing));
        }
        catch (NpgsqlException error)
        {
            return HealthCheckResult.Unhealthy("unknown, because the database does not answer", error);
        }
    }
}

/// <summary>Does the worker of this process come round?</summary>
internal sealed class WorkerCheck(WorkerHeartbeat heartbeat) : IHealthCheck
{
    // One turn may send a whole batch to a slow mail server.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(heartbeat.Age switch
        {
            null => HealthCheckResult.Unhealthy("the worker has not started yet"),
            var age when age > Patience => HealthCheckResult.Unhealthy($"the worker was last seen {age.Value.TotalSeconds:0} s ago"),
            _ => HealthCheckResult.Healthy("works"),
        });
}
