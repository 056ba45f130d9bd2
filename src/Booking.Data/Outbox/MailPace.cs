using Dapper;
using Npgsql;

namespace Booking.Data.Outbox;

/// <summary>
/// How many mails a worker may take up now: none while mail is paused, and together with the workers of all nodes no more in
/// a minute than the mail server is to get. One row of the database, so that every node counts in the same place.
/// </summary>
public sealed class MailPace(NpgsqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>Asks for turns. A turn that is not used is given back with <see cref="GiveBackAsync"/>.</summary>
    /// <param name="wanted">How many mails the worker would take.</param>
    /// <param name="perMinute">The most that all nodes together take up in one minute of the clock; null for no limit.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many it may take, from 0 to <paramref name="wanted"/>.</returns>
    public async Task<int> TakeTurnsAsync(int wanted, int? perMinute, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (perMinute is null)
        {
            var isPaused = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "select paused_at is not null from mail_control", cancellationToken: cancellationToken));
            return isPaused ? 0 : wanted;
        }

        // "for update": two workers at once must not both take the last turn. The later minute counts, so that a node whose
        // clock is behind does not begin a new count.
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            with control as (
                select case when minute >= @minute then taken else 0 end as taken
                from mail_control
                where paused_at is null
                for update
            ), turn as (
                update mail_control
                set minute = greatest(minute, @minute),
                    taken = control.taken + least(@wanted, greatest(0, @perMinute - control.taken))
                from control
                returning least(@wanted, greatest(0, @perMinute - control.taken)) as turns
            )
            select coalesce((select turns from turn), 0)
            """,
            new { wanted, perMinute, minute = Minute },
            cancellationToken: cancellationToken));
    }

    /// <summary>Gives turns back that no mail was found for.</summary>
    public async Task GiveBackAsync(int turns, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update mail_control set taken = greatest(0, taken - @turns) where minute = @minute",
            new { turns, minute = Minute },
            cancellationToken: cancellationToken));
    }

    private DateTimeOffset Minute
    {
        get
        {
            var now = clock.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        }
    }
}
