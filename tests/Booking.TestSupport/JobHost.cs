using System.Data.Common;
using Booking.Data;
using Booking.Data.Database;
using Booking.Data.Site;
using Booking.Jobs;
using Booking.Jobs.Schedules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Booking.TestSupport;

/// <summary>Mail, calendar and schedules as the product registers them, on whichever stack is built.</summary>
public static class JobHost
{
    /// <summary>Services without a database, for the seams that need none.</summary>
    public static ServiceProvider Create(TimeProvider clock, params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        AddJobs(services, clock, settings);
        return services.BuildServiceProvider();
    }

    /// <summary>Services on a test's database.</summary>
    /// <param name="database">The database.</param>
    /// <param name="change">What the test registers otherwise.</param>
    /// <param name="settings">Configuration.</param>
    public static ServiceProvider Create(
        TestDatabase database, Action<IServiceCollection>? change = null, params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        AddJobs(services, database.Clock, settings);
        AddDatabase(services, database);
        change?.Invoke(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    /// <summary>A node that runs schedules on a test's database and nothing else.</summary>
    public static void AddScheduleNode(IServiceCollection services, TestDatabase database)
    {
        AddJobs(services, TimeProvider.System, []);
        AddDatabase(services, database);
        services.AddBookingWorker();
        var others = services
            .Where(service => service.ServiceType == typeof(IHostedService)
                && (service.ImplementationType?.Namespace == "Booking.Jobs.Outbox" || service.ImplementationType == typeof(RegisterSchedules)))
            .ToList();
        others.ForEach(service => services.Remove(service));
    }

    // A data source of its own: disposing the services disposes it, and the test still looks into the database.
    private static void AddDatabase(IServiceCollection services, TestDatabase database)
    {
        services.AddSingleton<NpgsqlDataSource>(_ => BookingDatabase.CreateDataSource(database.ConnectionString));
        services.AddSingleton<DbDataSource>(provider => provider.GetRequiredService<NpgsqlDataSource>());
        services.AddBookingData();
    }

    private static void AddJobs(IServiceCollection services, TimeProvider clock, (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value, StringComparer.Ordinal))
            .Build();
        services.AddLogging();
        services.AddSingleton(clock);
        services.AddSingleton<IConfiguration>(configuration);
        services.AddOptions<SiteOptions>().Bind(configuration.GetSection("Site"));
        services.AddBookingJobs(configuration);
    }
}
