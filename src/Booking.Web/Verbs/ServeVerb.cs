using System.Data.Common;
using Booking.Data;
using Booking.Data.Database;
using Booking.Data.Plans;
using Booking.Jobs;
using Booking.Web.Health;
using Booking.Web.Logging;
using Booking.Web.Site;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Booking.Web.Verbs;

/// <summary>Serves pages, API and background work until it is told to stop.</summary>
internal static class ServeVerb
{
    /// <summary>The verb.</summary>
    public static Verb Verb { get; } = new("serve", "serve the site (pages, API, mails, schedules)", Help, RunAsync);

    internal const string DefaultUrl = "http://127.0.0.1:5080";

    private const string Help =
        """
        serve [--role web|worker|all] [--urls URL] [--Section:Key VALUE ...]

          --role web      pages and API only
          --role worker   mails and schedules only, with the health endpoints
          --role all      both (the default)
          --urls URL      where to listen; default http://127.0.0.1:5080
          --Section:Key   any setting of README.md, such as --Site:Name Kursusportalen

        Brings the database to the schema of this build first. In Development it also imports the demonstration
        plan into an empty database.

        Environment: ConnectionStrings__Booking (otherwise an own PostgreSQL is started in the data folder),
        BOOKING_DATA (the data folder, .data), ASPNETCORE_URLS, ASPNETCORE_ENVIRONMENT (Development or Production).
        Stops on Ctrl-C and SIGTERM: requests first, then background work, then its own PostgreSQL.
        Exit code: 0 stopped as told, 1 could not start, 64 wrong arguments, 78 wrong configuration.
        """;

    private static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        if (!ServeArguments.TryRead(args, Verb.IsMainProgram, out var arguments, out var fault))
        {
            return Verb.Refuse(fault);
        }

        try
        {
            var builder = CreateBuilder(arguments);
            if (Ports.FindFault(builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey)) is { } unusable)
            {
                Console.Error.WriteLine(unusable);
                return ExitCodes.Failed;
            }

            await ServeAsync(builder, arguments, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop before it had started.
        }

        return ExitCodes.Done;
    }

    // Disposed in this order: the application with its connections, then its own PostgreSQL.
    private static async Task ServeAsync(WebApplicationBuilder builder, ServeArguments arguments, CancellationToken cancellationToken)
    {
        VerbDatabase? database = null;
        try
        {
            AddServices(builder, arguments, () => database!.ConnectionString);
            await using var app = builder.Build();
            // Wrong settings are told before anything is started.
            app.Services.GetService<IStartupValidator>()?.Validate();
            database = await VerbDatabase.OpenAsync(builder.Configuration, joinsRunning: false, cancellationToken);
            await app.Services.GetRequiredService<Migrator>().RunAsync(cancellationToken);
            await DemonstrateAsync(app, cancellationToken);
            UsePipeline(app, arguments);
            await StartAsync(app, arguments, database, cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
        }
        finally
        {
            if (database is not null)
            {
                await database.DisposeAsync();
            }
        }
    }

    // What was started is stopped, also when the signal to stop comes before everything was: disposing alone leaves the
    // schedule engine's thread, and with it the process.
    private static async Task StartAsync(
        WebApplication app, ServeArguments arguments, VerbDatabase database, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
            await StartNotice.WriteAsync(app, arguments, database, cancellationToken);
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }
    }

    // Tests make their own rows.
    private static async Task DemonstrateAsync(WebApplication app, CancellationToken cancellationToken)
    {
        if (app.Environment.IsDevelopment()
            && Verb.IsMainProgram
            && app.Services.GetRequiredService<IOptions<PlanOptions>>().Value.ImportsDemonstration)
        {
            var progress = new ImportProgressLine(app.Services.GetRequiredService<TimeProvider>(), Console.Error);
            await app.Services.GetRequiredService<ImportDemonstrationPlan>().RunAsync(progress, cancellationToken);
        }
    }

    private static WebApplicationBuilder CreateBuilder(ServeArguments arguments)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = arguments.Settings,
            // Files that belong to the program lie beside it, wherever it is started from.
            ContentRootPath = Verb.IsMainProgram ? AppContext.BaseDirectory : null,
        });
        if (Verb.IsMainProgram)
        {
            builder.WebHost.UseStaticWebAssets();
        }

        if (!new[] { "urls", "http_ports", "https_ports" }.Any(key => builder.Configuration[key] is { Length: > 0 })
            && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.AddBookingLogging();
        builder.Host.UseDefaultServiceProvider(options =>
        {
            options.ValidateScopes = true;
            options.ValidateOnBuild = true;
        });
        return builder;
    }

    private static void AddServices(WebApplicationBuilder builder, ServeArguments arguments, Func<string> connectionString)
    {
        builder.Services.AddBookingSite(builder.Configuration, builder.Environment);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_ => BookingDatabase.CreateDataSource(connectionString()));
        // The schedule engine asks for it under its general name.
        builder.Services.AddSingleton<DbDataSource>(provider => provider.GetRequiredService<NpgsqlDataSource>());
        builder.Services.AddBookingData();
        builder.Services.AddBookingJobs(builder.Configuration);
        if (arguments.Works)
        {
            builder.Services.AddBookingWorker();
        }

        if (arguments.ServesPages)
        {
            builder.Services.AddBookingWeb(builder.Configuration, builder.Environment);
        }

        builder.Services.AddBookingHealth(arguments);
    }

    private static void UsePipeline(WebApplication app, ServeArguments arguments)
    {
        app.UseMiddleware<RequestLog>();
        app.MapBookingHealth();
        if (arguments.ServesPages)
        {
            app.UseBookingWeb();
        }
    }
}
