using System.Runtime.CompilerServices;
using Booking.Data;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Booking.TestSupport;

/// <summary>The core's use cases and repositories over a test database, registered as the product registers them.</summary>
public static class Services
{
    // One per database: a history asks thousands of times.
    private static readonly ConditionalWeakTable<TestDatabase, ServiceProvider> Providers = [];

    /// <summary>One use case or repository.</summary>
    public static T Get<T>(this TestDatabase database) where T : notnull =>
        Providers.GetValue(database, Provider).GetRequiredService<T>();

    private static ServiceProvider Provider(TestDatabase database) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(database.Clock)
        .AddSingleton<NpgsqlDataSource>(database.DataSource)
        .AddBookingData()
        .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
}
