using Booking.Data.Database;

namespace Booking.Web.Verbs;

/// <summary>Brings the database to the schema of this build and ends.</summary>
internal static class MigrateVerb
{
    /// <summary>The verb.</summary>
    public static Verb Verb { get; } = new("migrate", "bring the database to the schema of this build", Help, RunAsync);

    private const string Help =
        """
        migrate: applies the migrations that the database lacks, each in a transaction, and ends.

        serve does the same at its start, so this verb is for those who want it as a step of its own.
        Several nodes may run it at once: they wait for each other.

        Database: ConnectionStrings__Booking, or the program's own PostgreSQL in BOOKING_DATA (.data).
        Exit code: 0 the schema is current, 1 it is not (the reason is printed), 64 wrong arguments.
        """;

    private static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        if (args.Length > 0)
        {
            return Verb.Refuse($"'{args[0]}' is not an option of it.");
        }

        await using var database = await VerbDatabase.OpenAsync(
            VerbDatabase.ReadConfiguration(), joinsRunning: true, cancellationToken);
        await using var dataSource = BookingDatabase.CreateDataSource(database.ConnectionString);
        var applied = await new Migrator(dataSource).RunAsync(cancellationToken);
        foreach (var name in applied)
        {
            Console.WriteLine($"Applied {name}");
        }

        Console.WriteLine(applied.Count == 0 ? "The schema was current." : "The schema is current.");
        return ExitCodes.Done;
    }
}
