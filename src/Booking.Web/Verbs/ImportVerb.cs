using Booking.Data;
using Booking.Data.Audit;
using Booking.Data.Database;
using Booking.Data.Plans;
using Booking.Data.Plans.Reading;
using Booking.Data.Site;
using Npgsql;

namespace Booking.Web.Verbs;

/// <summary>Imports the year's plan from a folder with HR's four files. What it prints is Danish: it is HR who reads it.</summary>
internal static class ImportVerb
{
    private const int FaultsFound = 2;
    private const int SomethingRefused = 3;

    /// <summary>The verb.</summary>
    public static Verb Verb { get; } = new("import", "import the year's plan from HR's four files", Help, RunAsync);

    private const string Help =
        """
        import DIR [--check]: imports the year's plan from the four files of a folder: afdelinger.csv, kurser.csv, hold.csv and
        medarbejdere.csv. What each holds is told in docs/plan-files.md.

        All or nothing: files with any fault change nothing, and every fault is printed as
            file:line: column: «value» — what would be right
        The same files a second time change nothing. A changed plan changes only what changed, and never takes away a seat
        that is guaranteed or taken: what it refuses is named, and the rest is done.

          --check   do everything and undo it: says what an import would do, and changes nothing

        A database without the schema of this build gets it first, but not with --check.
        Database: ConnectionStrings__Booking, or the program's own PostgreSQL in BOOKING_DATA (.data).
        Exit code: 0 imported, 1 it could not run (the reason is printed), 2 faults in the files (nothing was changed),
        3 imported but for what was refused, 64 wrong arguments.
        """;

    private static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var isCheck = args.Contains("--check");
        var folders = args.Where(arg => arg != "--check").ToArray();
        if (folders is not [var folder] || folder.StartsWith('-'))
        {
            return Verb.Refuse(folders.Length == 0 ? "which folder?" : $"one folder and --check, not '{string.Join(' ', args)}'.");
        }

        if (!Directory.Exists(folder))
        {
            await Console.Error.WriteLineAsync($"Mappen «{folder}» findes ikke. Angiv mappen med {string.Join(", ", PlanFileNames.All)}.");
            return ExitCodes.Failed;
        }

        var configuration = VerbDatabase.ReadConfiguration();
        await using var database = await VerbDatabase.OpenAsync(configuration, joinsRunning: true, cancellationToken);
        await using var services = Services(configuration, database.ConnectionString);
        try
        {
            return await ImportAsync(services, folder, isCheck, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            await Console.Error.WriteLineAsync("Databasen har ikke dette programs skema. Kør verbet «migrate» først.");
            return ExitCodes.Failed;
        }
        catch (IOException error) when (error.InnerException is null)
        {
            await Console.Error.WriteLineAsync($"Filerne kan ikke læses: {error.Message}");
            return ExitCodes.Failed;
        }
    }

    private static async Task<int> ImportAsync(ServiceProvider services, string folder, bool isCheck, CancellationToken cancellationToken)
    {
        if (!isCheck)
        {
            await services.GetRequiredService<Migrator>().RunAsync(cancellationToken);
        }

        var result = await services.GetRequiredService<ImportPlan>().RunAsync(
            new ImportPlanRequest
            {
                Source = PlanSource.FromDirectory(folder),
                Actor = Actor.System("import"),
                IsCheck = isCheck,
                Progress = new ImportProgressLine(services.GetRequiredService<TimeProvider>(), Console.Error),
            },
            cancellationToken);
        foreach (var line in ImportReport.Lines(result, isCheck))
        {
            Console.WriteLine(line);
        }

        return result.Outcome switch
        {
            ImportPlanOutcome.Imported => ExitCodes.Done,
            ImportPlanOutcome.ImportedWithRefusals => SomethingRefused,
            ImportPlanOutcome.Faulty => FaultsFound,
        };
    }

    private static ServiceProvider Services(IConfiguration configuration, string connectionString)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(_ => BookingDatabase.CreateDataSource(connectionString))
            .AddBookingData();
        services.AddOptions<SiteOptions>().Bind(configuration.GetSection("Site"));
        services.AddOptions<PlanOptions>().Bind(configuration.GetSection("Plan"));
        return services.BuildServiceProvider();
    }
}
