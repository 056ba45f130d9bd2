using System.Data;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Booking.Data.Database;
using Dapper;
using Npgsql;

namespace Booking.Bench;

/// <summary>A durable PostgreSQL of its own and the product as a process of its own, as they run in earnest.</summary>
internal sealed class Ground : IAsyncDisposable
{
    private readonly PostgresCluster? _cluster;
    private readonly List<Process> _processes = [];

    private Ground(PostgresCluster? cluster, string connectionString)
    {
        _cluster = cluster;
        ConnectionString = connectionString;
        Database = BookingDatabase.CreateDataSource(connectionString);
    }

    public NpgsqlDataSource Database { get; }

    public string ConnectionString { get; }

    public static async Task<Ground> PrepareAsync()
    {
        var cluster = await PostgresCluster.StartAsync(
            new PostgresClusterOptions
            {
                Folder = Path.Combine(Path.GetTempPath(), $"booking-bench-{Environment.ProcessId}"),
                DeleteWhenStopped = true,
            },
            CancellationToken.None);
        var ground = new Ground(cluster, cluster.ConnectionString);
        await new Migrator(ground.Database).RunAsync(CancellationToken.None);
        return ground;
    }

    /// <summary>A copy of the database in the same server, so that both can be measured in turns.</summary>
    public async Task<Ground> CopyAsync(string name)
    {
        Database.Clear();
        var maintenance = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false };
        await using (var connection = new NpgsqlConnection(maintenance.ConnectionString))
        {
            var own = new NpgsqlConnectionStringBuilder(ConnectionString).Database;
            // Nobody may be connected to what is copied: not the product of an earlier figure, which is not asked again.
            await connection.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = @own", new { own });
            await connection.ExecuteAsync(new CommandDefinition($"create database {name} template {own}", commandTimeout: 0));
        }

        return new Ground(null, new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString);
    }

    /// <summary>Starts the product with a verb and waits until it answers; only its web half, so that no mail competes.</summary>
    public async Task<Uri> ServeAsync(string environment = "Development")
    {
        var url = FreeUrl();
        await StartAsync(
            Product(), ["serve", "--role", "web"], url,
            new() { ["ASPNETCORE_URLS"] = url.ToString(), ["ASPNETCORE_ENVIRONMENT"] = environment, ["Logging__LogLevel__Default"] = "Warning" });
        return url;
    }

    /// <summary>Starts the bare page.</summary>
    public async Task<Uri> ServeBareAsync()
    {
        var url = FreeUrl();
        await StartAsync(Path.Combine(AppContext.BaseDirectory, "Booking.Bench.dll"), ["bare", ConnectionString, url.ToString()], url, []);
        return url;
    }

    /// <summary>Runs a verb of the product to its end.</summary>
    public async Task RunVerbAsync(params string[] arguments)
    {
        using var process = Process.Start(Start(Product(), arguments, []))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, commandTimeout: 0, commandType: CommandType.Text));
    }

    public async Task<long> ScalarAsync(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(sql, parameters, commandTimeout: 0));
    }

    /// <summary>
    /// Processor time that this program, all that it started and the PostgreSQL server have used: other work on the machine makes
    /// a rate smaller, but hardly this.
    /// </summary>
    /// <param name="onlyDatabase">Only the server.</param>
    public static TimeSpan CpuTime(bool onlyDatabase = false)
    {
        var mine = ProcessTimes().ToList();
        var family = new HashSet<int> { Environment.ProcessId };
        while (mine.FindAll(process => family.Contains(process.Parent) && !family.Contains(process.Id)) is { Count: > 0 } children)
        {
            family.UnionWith(children.Select(child => child.Id));
        }

        return TimeSpan.FromSeconds(mine.Where(process => family.Contains(process.Id) && (process.IsDatabase || !onlyDatabase)).Sum(process => process.Ticks) / 100.0);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await Database.DisposeAsync();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    // Fields 4 and 14 to 17 of /proc/PID/stat: the parent, own time and that of children that have ended.
    private static IEnumerable<(int Id, int Parent, bool IsDatabase, long Ticks)> ProcessTimes()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => int.TryParse(Path.GetFileName(f), CultureInfo.InvariantCulture, out _)))
        {
            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(folder, "stat"));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            yield return (
                int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture),
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                stat.Contains("(postgres)", StringComparison.Ordinal),
                fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)));
        }
    }

    private async Task StartAsync(string program, string[] arguments, Uri url, Dictionary<string, string> environment)
    {
        _processes.Add(Process.Start(Start(program, arguments, environment))!);
        using var client = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await client.GetAsync(new Uri(url, "/healthz/live"));
                return;
            }
            catch (HttpRequestException) when (attempt < 300)
            {
                await Task.Delay(100);
            }
        }
    }

    private ProcessStartInfo Start(string program, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = false, UseShellExecute = false };
        foreach (var argument in arguments.Prepend(program))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ConnectionStrings__Booking"] = ConnectionString;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    // The product as it was built, with its own files beside it: .../tests/Booking.Bench/bin/<stack>/<configuration>/net10.0/
    private static string Product()
    {
        var parts = AppContext.BaseDirectory.TrimEnd('/').Split('/');
        return Path.Combine([.. parts[..^6].Prepend("/"), "src", "Booking.Web", .. parts[^4..], "Booking.Web.dll"]);
    }

    private static Uri FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }
}
