using Booking.Data.Database;
using Npgsql;

namespace Booking.TestSupport;

/// <summary>A database of its own for one test class: use as <c>IClassFixture&lt;TestDatabase&gt;</c> or make one per test.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _connectionString;

    private TestDatabase(string connectionString)
    {
        _connectionString = connectionString;
        DataSource = BookingDatabase.CreateDataSource(connectionString);
        Data = new TestData(DataSource, Clock);
    }

    /// <summary>Connections to this database.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>The clock that the test moves.</summary>
    public FakeClock Clock { get; } = new();

    /// <summary>Makes rows.</summary>
    public TestData Data { get; }

    /// <summary>Where this database is.</summary>
    public string ConnectionString => _connectionString;

    public static async Task<TestDatabase> CreateAsync() => new(await TestPostgres.CreateDatabaseAsync());

    /// <summary>Another database with the same rows, for tests that each need the same arrangement. Nothing may be under way here.</summary>
    public async Task<TestDatabase> CopyAsync()
    {
        DataSource.Clear();
        return new(await TestPostgres.CreateDatabaseAsync(new NpgsqlConnectionStringBuilder(_connectionString).Database));
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await TestPostgres.DropDatabaseAsync(_connectionString);
    }
}
