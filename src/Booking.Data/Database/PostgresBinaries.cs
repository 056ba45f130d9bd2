using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Booking.Data.Database;

/// <summary>The newest PostgreSQL server programs on this machine.</summary>
internal sealed partial record PostgresBinaries(string Folder)
{
    /// <summary>Older ones lack what the schema uses. The scripts look for the same: has_postgres in tools/setup.sh.</summary>
    private const int OldestVersion = 15;

    public static PostgresBinaries Find()
    {
        var installed = new[] { "/usr/lib/postgresql", "/usr/pgsql" }
            .Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories)
            .OrderByDescending(folder => int.TryParse(System.IO.Path.GetFileName(folder), out var version) ? version : 0)
            .Select(folder => System.IO.Path.Combine(folder, "bin"));
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return Find(installed.Concat(onPath));
    }

    /// <summary>The first of the folders that holds programs new enough.</summary>
    internal static PostgresBinaries Find(IEnumerable<string> folders)
    {
        var old = new List<string>();
        foreach (var binaries in folders.Select(folder => new PostgresBinaries(folder)).Where(binaries => binaries.AreThere))
        {
            if (binaries.Version() is var version && version >= OldestVersion)
            {
                return binaries;
            }

            old.Add($"{version} in {binaries.Folder}");
        }

        var found = old.Count == 0 ? "PostgreSQL is not installed." : $"PostgreSQL is too old: version {string.Join(", ", old)}.";
        throw new PostgresUnavailableException(
            $"{found} Install version {OldestVersion} or later (Debian and Ubuntu: apt-get install postgresql), "
            + "or set ConnectionStrings__Booking to a database that exists.");
    }

    private bool AreThere => File.Exists(Path("postgres")) && File.Exists(Path("initdb"));

    /// <summary>The first number that <c>postgres --version</c> prints; 0 when it prints none.</summary>
    private int Version()
    {
        using var process = Process.Start(new ProcessStartInfo(Path("postgres"), "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return FirstNumber().Match(printed) is { Success: true } number ? int.Parse(number.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex("[0-9]{1,4}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstNumber();

    public string Path(string program) => System.IO.Path.Combine(Folder, program);
}
