using System.Diagnostics;
using Npgsql;

namespace Booking.Data.Database;

/// <summary>
/// An own PostgreSQL server in a folder, reached only through a unix socket that nobody else can open.
/// It lives as long as this process: a shell holds the other end of a pipe and stops the server when the
/// pipe closes, also after kill -9.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string DatabaseName = "booking";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // $1 log file, $2 and $3 folders to delete afterwards (or empty), the rest is the server's command line.
    private const string Watchdog =
        """
        log=$1; doomed=$2; socket=$3; shift 3
        "$@" </dev/null >>"$log" 2>&1 &
        server=$!
        read -r _
        kill -INT "$server" 2>/dev/null
        wait "$server"
        [ -z "$doomed" ] || rm -rf "$doomed" "$socket"
        """;

    private readonly Process? _watchdog;
    private readonly FileStream? _hold;

    private PostgresCluster(string folder, string connectionString, Process? watchdog, FileStream? hold)
    {
        Folder = folder;
        ConnectionString = connectionString;
        _watchdog = watchdog;
        _hold = hold;
    }

    /// <summary>Where the cluster lies: the folder wanted, or another one where PostgreSQL's own user cannot go there.</summary>
    public string Folder { get; }

    /// <summary>How to connect to the database <c>booking</c> of this cluster.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts the server of a folder; makes the cluster and its database when they are not there.</summary>
    /// <param name="options">Where it lives and how careful it is.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PostgresUnavailableException">Nothing to start, or it did not start; the message says what to do.</exception>
    public static async Task<PostgresCluster> StartAsync(PostgresClusterOptions options, CancellationToken cancellationToken)
    {
        var binaries = PostgresBinaries.Find();
        var folder = await ClusterFolder.PrepareAsync(options.Folder, cancellationToken);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = folder.Socket,
            Username = DatabaseName,
            Database = DatabaseName,
            MaxPoolSize = 100,
        };
        var hold = folder.TryHold();
        if (hold is null)
        {
            return options.JoinsRunning
                ? new PostgresCluster(folder.Root, builder.ConnectionString, watchdog: null, hold: null)
                : throw new PostgresUnavailableException(
                    $"The data folder {options.Folder} is in use by another copy of this program. Stop that copy, "
                    + "or choose another folder with BOOKING_DATA and another port with --urls.");
        }

        try
        {
            var watchdog = await StartServerAsync(binaries, folder, options, builder, cancellationToken);
            return new PostgresCluster(folder.Root, builder.ConnectionString, watchdog, hold);
        }
        catch
        {
            await hold.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server as SIGINT does (fast shutdown) and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_watchdog is not null)
        {
            await StopAsync(_watchdog);
        }

        if (_hold is not null)
        {
            await _hold.DisposeAsync();
        }
    }

    private static async Task StopAsync(Process watchdog)
    {
        watchdog.StandardInput.Close();
        await watchdog.WaitForExitAsync();
        watchdog.Dispose();
    }

    private static async Task<Process> StartServerAsync(
        PostgresBinaries binaries,
        ClusterFolder folder,
        PostgresClusterOptions options,
        NpgsqlConnectionStringBuilder builder,
        CancellationToken cancellationToken)
    {
        await WaitForPredecessorAsync(folder, cancellationToken);
        if (!File.Exists(Path.Combine(folder.Data, "PG_VERSION")))
        {
            await InitialiseAsync(binaries, folder, options, cancellationToken);
        }

        var watchdog = Start(binaries, folder, options);
        try
        {
            await WaitUntilReadyAsync(builder, folder, cancellationToken);
        }
        catch
        {
            await StopAsync(watchdog);
            throw;
        }

        return watchdog;
    }

    private static async Task WaitForPredecessorAsync(ClusterFolder folder, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (folder.RunningServer() is { } pid)
        {
            // A server that lost its process a moment ago is still writing its checkpoint.
            if (waited.Elapsed > Patience)
            {
                throw new PostgresUnavailableException(
                    $"A PostgreSQL server (process {pid}) still works in {folder.Data} and does not stop. Stop it: kill -INT {pid}.");
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    private static async Task InitialiseAsync(
        PostgresBinaries binaries, ClusterFolder folder, PostgresClusterOptions options, CancellationToken cancellationToken)
    {
        // Made beside its place and moved there when whole, so that a killed initdb leaves no half cluster. Under a name of
        // its own, because an initdb that lost its parent may still be writing.
        ClusterFolder.DeleteLeftovers(folder.Root, "making-*");
        var making = Path.Combine(folder.Root, $"making-{Guid.NewGuid():n}");
        List<string> arguments =
        [
            binaries.Path("initdb"), "--pgdata", making, "--username", DatabaseName, "--auth", "trust",
            "--encoding", "UTF8", "--locale", "C.UTF-8",
        ];
        if (!options.Durable)
        {
            arguments.Add("--no-sync");
        }

        await folder.RunAsync(arguments, cancellationToken);
        Directory.Move(making, folder.Data);
    }

    private static Process Start(PostgresBinaries binaries, ClusterFolder folder, PostgresClusterOptions options)
    {
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, UseShellExecute = false };
        // Own session: Ctrl-C in the terminal reaches the web process only, which stops the server last.
        List<string> arguments =
        [
            "sh", "-c", Watchdog, "postgres-watchdog",
            Path.Combine(folder.Root, "postgres.log"), options.DeleteWhenStopped ? folder.Root : "",
            options.DeleteWhenStopped ? folder.Socket : "",
            .. folder.AsOwner([
                binaries.Path("postgres"), "-D", folder.Data, "-c", "listen_addresses=",
                "-c", $"unix_socket_directories={folder.Socket}", "-c", "unix_socket_permissions=0700",
                "-c", "max_connections=200", "-c", "timezone=UTC", "-c", "jit=off",
                "-c", "cluster_name=booking"]),
        ];
        foreach (var setting in options.Durable ? [] : new[] { "fsync=off", "synchronous_commit=off", "full_page_writes=off" })
        {
            arguments.AddRange(["-c", setting]);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static async Task WaitUntilReadyAsync(
        NpgsqlConnectionStringBuilder builder, ClusterFolder folder, CancellationToken cancellationToken)
    {
        var maintenance = new NpgsqlConnectionStringBuilder(builder.ConnectionString) { Database = "postgres", Pooling = false };
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(maintenance.ConnectionString);
                await connection.OpenAsync(cancellationToken);
                await CreateDatabaseAsync(connection, cancellationToken);
                return;
            }
            catch (NpgsqlException error) when (error is not PostgresException { SqlState: not "57P03" })
            {
                if (waited.Elapsed > Patience || (folder.RunningServer() is null && waited.Elapsed > TimeSpan.FromSeconds(5)))
                {
                    throw new PostgresUnavailableException(
                        $"PostgreSQL did not start within {waited.Elapsed.TotalSeconds:0} s. Its own words: {folder.LogTail()}", error);
                }

                await Task.Delay(50, cancellationToken);
            }
        }
    }

    private static async Task CreateDatabaseAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = @name", connection);
        exists.Parameters.AddWithValue("name", DatabaseName);
        if (await exists.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand($"create database {DatabaseName}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}

/// <summary>Where an own PostgreSQL server lives and how careful it is.</summary>
public sealed record PostgresClusterOptions
{
    /// <summary>Folder for the cluster, its log and nothing else; made when missing.</summary>
    public required string Folder { get; init; }

    /// <summary>False only in tests: commits then do not wait for the disk.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>
    /// True for short work such as an import: when another copy of the program runs this cluster, its server is used and left
    /// running, instead of being refused.
    /// </summary>
    public bool JoinsRunning { get; init; }

    /// <summary>True only in tests: the folder goes when the server stops.</summary>
    public bool DeleteWhenStopped { get; init; }
}

/// <summary>PostgreSQL is not installed or does not start. The message tells a human what to do.</summary>
public sealed class PostgresUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    public PostgresUnavailableException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception with what lay behind it.</summary>
    public PostgresUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Makes the exception.</summary>
    public PostgresUnavailableException() : base("PostgreSQL is not available.")
    {
    }
}
