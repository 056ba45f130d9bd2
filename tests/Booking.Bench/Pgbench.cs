using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Booking.Bench;

/// <summary>One script run by pgbench with prepared statements.</summary>
internal static partial class Pgbench
{
    /// <summary>Transactions per second.</summary>
    public static async Task<double> RunAsync(Ground ground, string script, int connections, TimeSpan time)
    {
        var file = Path.Combine(Path.GetTempPath(), $"booking-bench-{Guid.NewGuid():n}.sql");
        await File.WriteAllTextAsync(file, script);
        try
        {
            var start = new ProcessStartInfo(Program(), [
                "-n", "-M", "prepared", "-c", $"{connections}", "-j", $"{Math.Min(2, connections)}", "-T", $"{(int)time.TotalSeconds}",
                "-D", $"clients={connections}", "-f", file])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            var connection = new Npgsql.NpgsqlConnectionStringBuilder(ground.ConnectionString);
            (start.Environment["PGHOST"], start.Environment["PGUSER"], start.Environment["PGDATABASE"]) =
                (connection.Host, connection.Username, connection.Database);
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0
                ? double.Parse(TransactionsPerSecond().Match(output).Groups["tps"].Value, CultureInfo.InvariantCulture)
                : throw new InvalidOperationException($"pgbench ended with {process.ExitCode}.");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Program() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderDescending(StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin", "pgbench")).First(File.Exists)
            : "pgbench";

    [GeneratedRegex(@"tps = (?<tps>[0-9.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TransactionsPerSecond();
}
