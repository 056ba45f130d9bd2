using System.Text.Json;
using Booking.Data.Database;
using Booking.Data.Invariants;
using Npgsql;

namespace Booking.Web.Verbs;

/// <summary>Looks over the whole database whether every invariant holds, and changes nothing.</summary>
internal static class AuditVerb
{
    private const int FaultsFound = 2;

    // Until the sweep has come by, which is every minute.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The verb.</summary>
    public static Verb Verb { get; } = new("audit", "check every invariant over the whole database", Help, RunAsync);

    private const string Help =
        """
        audit [--json]: looks over the whole database whether every invariant holds: no seat sold twice, as many seats as the
        capacity, nobody waiting beside a free seat, every guarantee kept until the release, a mail for every decision, and more.
        docs/audit.md lists the rules.

        Reads one snapshot and changes nothing: it may run at any time beside copies that serve. It names rules and ids, never
        people.

          --json    one JSON document on the standard output instead of lines

        Database: ConnectionStrings__Booking, or the program's own PostgreSQL in BOOKING_DATA (.data).
        Exit code: 0 every rule holds, 1 it could not look (the reason is printed), 2 some rule does not hold, 64 wrong arguments.
        """;

    private static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        if (args.FirstOrDefault(arg => arg != "--json") is { } other)
        {
            return Verb.Refuse($"'{other}' is not an option of it.");
        }

        await using var database = await VerbDatabase.OpenAsync(
            VerbDatabase.ReadConfiguration(), joinsRunning: true, cancellationToken);
        await using var dataSource = BookingDatabase.CreateDataSource(ReadOnly(database.ConnectionString));
        var check = new CheckInvariants(dataSource, TimeProvider.System);
        try
        {
            var progress = new AuditProgressLine(TimeProvider.System, Console.Error);
            var report = await check.RunAsync(Patience, progress, cancellationToken);
            Console.WriteLine(args.Length > 0 ? Json(report) : string.Join('\n', AuditReport.Lines(report)));
            return report.IsClean ? ExitCodes.Done : FaultsFound;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            await Console.Error.WriteLineAsync("The database does not have this build's schema. Run the verb 'migrate' first.");
            return ExitCodes.Failed;
        }
    }

    // The server itself refuses to write on these connections, whatever a rule says.
    private static string ReadOnly(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.Options = $"{builder.Options} -c default_transaction_read_only=on".TrimStart();
        return builder.ConnectionString;
    }

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static string Json(InvariantReport report) => JsonSerializer.Serialize(
        new
        {
            report.LookedAt,
            Seconds = Math.Round(report.Elapsed.TotalSeconds, 2),
            report.Rules,
            report.Bookings,
            report.IsClean,
            report.Findings,
        },
        Indented);
}
