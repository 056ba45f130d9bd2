using Npgsql;

namespace Booking.Data.Runs;

/// <summary>
/// For a change that needs every seat or every session of a run: it waits for reservations under way, but steps back sooner than
/// PostgreSQL looks for circles, so that nobody's reservation is picked as the victim, and comes again.
/// </summary>
public sealed class LockPatience
{
    private const int Attempts = 5;

    // Shorter than PostgreSQL's deadlock_timeout, one second.
    internal TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>Tries a change, each time in a transaction of its own.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="change">The change; it commits, or leaves nothing behind.</param>
    /// <param name="busy">The answer when somebody was in the way each time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<T> RunAsync<T>(
        NpgsqlDataSource dataSource, Func<NpgsqlTransaction, Task<T>> change, T busy, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            try
            {
                await LimitAsync(transaction, cancellationToken);
                return await change(transaction);
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                // Rolled back with the transaction; those who were in the way have had their turn by the next attempt.
            }
        }

        return busy;
    }

    private async Task LimitAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var limit = transaction.Connection!.CreateCommand();
        limit.Transaction = transaction;
        limit.CommandText = "select set_config('lock_timeout', $1, true)";
        limit.Parameters.Add(new NpgsqlParameter { Value = $"{(int)LongestWait.TotalMilliseconds}ms" });
        await limit.ExecuteNonQueryAsync(cancellationToken);
    }
}
