using System.Diagnostics;
using System.Text.RegularExpressions;
using Booking.Data.Database;
using Booking.TestSupport;
using Npgsql;
using Xunit;

namespace Booking.DatabaseTests.Database;

/// <summary>db/schema.sql is for reading: it must show what the migrations make.</summary>
public sealed partial class SchemaFileTests
{
    [Fact]
    public async Task Schema_file_is_what_the_migrations_make()
    {
        await using var database = await TestDatabase.CreateAsync();
        var made = await DumpAsync(database.ConnectionString);
        var file = Path.Combine(RepositoryRoot(), "db", "schema.sql");
        if (Environment.GetEnvironmentVariable("BOOKING_WRITE_SCHEMA") == "1")
        {
            await File.WriteAllTextAsync(file, made);
        }

        Assert.True(
            File.Exists(file) && await File.ReadAllTextAsync(file) == made,
            "db/schema.sql does not show what the migrations make: run db/dump-schema and read the difference.");
    }

    private static async Task<string> DumpAsync(string connectionString)
    {
        var place = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(PostgresBinaries.Find().Path("pg_dump"))
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            ArgumentList =
            {
                "--schema-only", "--schema=public", "--no-owner", "--no-privileges", "--exclude-table=schema_migrations",
                "--host", place.Host!, "--username", place.Username!, place.Database!,
            },
        };
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return "-- What the migrations make, for reading. Written by db/dump-schema.\n\n" + Normalise(text);
    }

    // Comments, session settings and \restrict tokens differ between versions of pg_dump and say nothing about the schema.
    private static string Normalise(string dump)
    {
        var lines = dump.ReplaceLineEndings("\n").Split('\n').Where(line => !Noise().IsMatch(line));
        return Blank().Replace(string.Join('\n', lines), "\n\n").Trim() + "\n";
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Booking.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests are not run from within the repository.");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^(--|SET |\\(un)?restrict|SELECT pg_catalog\.set_config|(CREATE|COMMENT ON) SCHEMA public)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Noise();

    [GeneratedRegex(@"\n{3,}", RegexOptions.None, 1000)]
    private static partial Regex Blank();
}
