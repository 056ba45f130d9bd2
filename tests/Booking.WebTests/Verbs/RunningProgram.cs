using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Booking.Data.Database;

namespace Booking.WebTests.Verbs;

/// <summary>The real program in a process of its own, with a data folder of its own.</summary>
internal sealed partial class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly StringBuilder _output = new();
    private readonly Process _process;

    private RunningProgram(Process process) => _process = process;

    /// <summary>Everything that it printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Where it listens, once it does.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>A folder that no other test uses.</summary>
    public static string NewDataFolder() => Path.Combine(Path.GetTempPath(), $"booking-program-{Guid.NewGuid():n}");

    /// <summary>Starts it with the arguments, an empty demonstration and the folder.</summary>
    public static RunningProgram Start(string dataFolder, params string[] arguments) =>
        Start(dataFolder, connectionString: null, arguments);

    /// <summary>Starts it on a database that is there already.</summary>
    public static RunningProgram StartOn(string connectionString, params string[] arguments) =>
        Start(NewDataFolder(), connectionString, arguments);

    private static RunningProgram Start(string dataFolder, string? connectionString, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Booking.Web"), arguments)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            RedirectStandardError = true,
            Environment =
            {
                ["BOOKING_DATA"] = dataFolder,
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["Plan__ImportsDemonstration"] = "false",
            },
        };
        start.Environment["ConnectionStrings__Booking"] = connectionString;
        start.Environment.Remove("ASPNETCORE_URLS");
        var program = new RunningProgram(new Process { StartInfo = start });
        program._process.OutputDataReceived += program.Keep;
        program._process.ErrorDataReceived += program.Keep;
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Starts <c>serve</c> on any free port and waits until it answers.</summary>
    public static Task<RunningProgram> ServeAsync(string dataFolder, params string[] arguments) =>
        ServeAsync(dataFolder, connectionString: null, arguments);

    /// <summary>The same on a database that is there already.</summary>
    public static Task<RunningProgram> ServeOnAsync(string connectionString, params string[] arguments) =>
        ServeAsync(NewDataFolder(), connectionString, arguments);

    private static async Task<RunningProgram> ServeAsync(string dataFolder, string? connectionString, string[] arguments)
    {
        var program = Start(dataFolder, connectionString, ["serve", "--urls", "http://127.0.0.1:0", .. arguments]);
        await program.UntilAsync(() => ListeningAddress().Match(program.Output) is { Success: true } match
            && Uri.TryCreate(match.Value, UriKind.Absolute, out var address)
            && (program.Address = address) is not null);
        return program;
    }

    /// <summary>How to reach the PostgreSQL that it runs.</summary>
    public static async Task<string> ConnectionStringAsync(string dataFolder)
    {
        await using var running = await PostgresCluster.StartAsync(
            new PostgresClusterOptions { Folder = Path.Combine(dataFolder, "postgres"), JoinsRunning = true }, CancellationToken.None);
        return running.ConnectionString;
    }

    /// <summary>Whether a PostgreSQL server works in the folder.</summary>
    public static bool HasServer(string dataFolder) =>
        Directory.GetDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
            .Any(folder => IsServerOf(folder, Path.Combine(dataFolder, "postgres", "data")));

    /// <summary>Sends a signal as <c>kill</c> does.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task WaitAsync(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            if (waited.Elapsed > Patience)
            {
                throw new TimeoutException("It did not become so.");
            }

            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await SignalAsync("TERM");
            await ExitAsync();
        }

        _process.Dispose();
    }

    private static bool IsServerOf(string process, string folder)
    {
        try
        {
            var words = File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0');
            return words[0].EndsWith("/postgres", StringComparison.Ordinal) && words.Contains(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }

    private Task UntilAsync(Func<bool> condition) => WaitAsync(() => condition()
        || (_process.HasExited ? throw new InvalidOperationException($"It ended with {_process.ExitCode}: {Output}") : false));

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9]\d*", RegexOptions.None, 1000)]
    private static partial Regex ListeningAddress();
}
