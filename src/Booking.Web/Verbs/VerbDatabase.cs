using Booking.Data.Database;
using Booking.Data.Site;
using Npgsql;

namespace Booking.Web.Verbs;

/// <summary>
/// The database that a verb works on: the configured one, or else the program's own PostgreSQL in the data folder, which
/// stops when this is disposed.
/// </summary>
internal sealed class VerbDatabase : IAsyncDisposable
{
    private readonly PostgresCluster? _own;

    private VerbDatabase(string connectionString, PostgresCluster? own)
    {
        ConnectionString = connectionString;
        _own = own;
    }

    /// <summary>How to reach it.</summary>
    public string ConnectionString { get; }

    /// <summary>Where the program's own PostgreSQL lies; null when a database is configured.</summary>
    public string? OwnFolder => _own?.Folder;

    /// <summary>Finds or starts it.</summary>
    /// <param name="configuration">Connection string <c>Booking</c> and data folder.</param>
    /// <param name="joinsRunning">True for short work beside a copy that serves: uses that copy's server.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<VerbDatabase> OpenAsync(IConfiguration configuration, bool joinsRunning, CancellationToken cancellationToken)
    {
        if (configuration.GetConnectionString("Booking") is { Length: > 0 } configured)
        {
            return new VerbDatabase(Checked(configured), own: null);
        }

        var options = new PostgresClusterOptions
        {
            Folder = Path.Combine(DataFolder(configuration), "postgres"),
            JoinsRunning = joinsRunning,
        };
        var own = await PostgresCluster.StartAsync(options, cancellationToken);
        return new VerbDatabase(own.ConnectionString, own);
    }

    /// <summary>Settings for verbs that do not serve: files beside the program, then the environment.</summary>
    public static IConfiguration ReadConfiguration()
    {
        var environment = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environments.Production;
        return new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{environment}.json", optional: true)
            .AddEnvironmentVariables()
            .Build();
    }

    /// <summary>Where the process keeps its own things; <c>BOOKING_DATA</c> is the short name that <c>./run</c> uses.</summary>
    public static string DataFolder(IConfiguration configuration) =>
        Path.GetFullPath(configuration["BOOKING_DATA"] ?? configuration["Site:DataFolder"] ?? new SiteOptions().DataFolder);

    private static string Checked(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).ConnectionString;
        }
        catch (ArgumentException error)
        {
            // The text itself may hold a password: not shown.
            throw new PostgresUnavailableException(
                "ConnectionStrings__Booking is not a connection string. It looks like this: "
                + "Host=database.example.dk;Database=booking;Username=booking;Password=...", error);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
