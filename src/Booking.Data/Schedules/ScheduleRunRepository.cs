using Dapper;
using Npgsql;

namespace Booking.Data.Schedules;

/// <summary>What became of the schedules, whichever engine ran them.</summary>
public sealed class ScheduleRunRepository(NpgsqlDataSource dataSource)
{
    /// <summary>The latest run of every schedule that has ever run.</summary>
    public async Task<IReadOnlyList<ScheduleRun>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<ScheduleRun>(new CommandDefinition(
            "select name, began_at, ended_at, node, error, failed_at from schedule_runs order by name",
            cancellationToken: cancellationToken))];
    }
}
