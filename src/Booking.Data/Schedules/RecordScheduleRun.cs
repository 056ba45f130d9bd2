using Dapper;
using Npgsql;

namespace Booking.Data.Schedules;

/// <summary>Remembers when a schedule began and how it ended, for the administrators' page.</summary>
public sealed class RecordScheduleRun(NpgsqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>A schedule begins on this machine.</summary>
    public async Task BeginAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into schedule_runs (name, began_at, node)
            values (@name, @now, @node)
            on conflict (name) do update
            set began_at = excluded.began_at, node = excluded.node, ended_at = null
            """,
            new { name, now = clock.GetUtcNow(), node = Environment.MachineName },
            cancellationToken: cancellationToken));
    }

    /// <summary>A schedule ended.</summary>
    /// <param name="name">The schedule.</param>
    /// <param name="error">What was wrong; null when nothing was, which also forgets an earlier failure.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task EndAsync(string name, string? error, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update schedule_runs
            set ended_at = @now, error = @error, failed_at = case when @error::text is not null then @now end
            where name = @name
            """,
            new { name, error, now = clock.GetUtcNow() },
            cancellationToken: cancellationToken));
    }
}
