using Booking.Data.Database;
using Npgsql;

namespace Booking.TestSupport;

/// <summary>One PostgreSQL server per test process, started at first use and gone with the process.</summary>
public static class TestPostgres
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static PostgresCluster? s_cluster;
    private static string? s_template;

    /// <summary>A fresh database with the current schema, cloned from a template in some 40 ms.</summary>
    /// <param name="like">Another database to copy instead, which nobody is connected to.</param>
    /// <returns>Its connection string.</returns>
    public static async Task<string> CreateDatabaseAsync(string? like = null)
    {
        var name = $"test_{Guid.NewGuid():n}";
        await Gate.WaitAsync();
        try
        {
            var server = await StartServerAsync();
            s_template ??= await CreateTemplateAsync(server);
            await CloneAsync(server, like ?? s_template, name);
            return new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>An empty database without any schema.</summary>
    public static async Task<string> CreateEmptyDatabaseAsync()
    {
        var name = $"empty_{Guid.NewGuid():n}";
        await Gate.WaitAsync();
        try
        {
            var server = await StartServerAsync();
            await ExecuteAsync(server, $"create database {name}");
            return new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Drops a database that a test made.</summary>
    public static async Task DropDatabaseAsync(string connectionString)
    {
        var server = await StartServerAsync();
        await ExecuteAsync(server, $"drop database if exists {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)");
    }

    private static async Task<string> StartServerAsync()
    {
        s_cluster ??= await PostgresCluster.StartAsync(
            new PostgresClusterOptions
            {
                Folder = Path.Combine(Path.GetTempPath(), $"booking-test-{Environment.ProcessId}-{Guid.NewGuid():n}"),
                Durable = false,
                DeleteWhenStopped = true,
            },
            CancellationToken.None);
        return new NpgsqlConnectionStringBuilder(s_cluster.ConnectionString) { Database = "postgres" }.ConnectionString;
    }

    private static async Task<string> CreateTemplateAsync(string server)
    {
        const string name = "booking_template";
        await ExecuteAsync(server, $"create database {name}");
        var connectionString = new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false }.ConnectionString;
        await using var dataSource = BookingDatabase.CreateDataSource(connectionString);
        await new Migrator(dataSource).RunAsync(CancellationToken.None);
        return name;
    }

    // A closed connection's process takes a moment to end, and the server's own vacuum may look in: on a busy machine both take
    // more than the five seconds that PostgreSQL itself waits.
    private static async Task CloneAsync(string server, string from, string name)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ExecuteAsync(server, $"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{from}'");
                await ExecuteAsync(server, $"create database {name} template {from} strategy file_copy");
                return;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse && attempt < 10)
            {
                // Somebody came back between the two; PostgreSQL has waited five seconds already.
            }
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(unpooled);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync();
    }
}
