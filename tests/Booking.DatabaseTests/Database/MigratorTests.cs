using Booking.Data.Database;
using Booking.TestSupport;
using Npgsql;
using Xunit;

namespace Booking.DatabaseTests.Database;

public sealed class MigratorTests
{
    [Fact]
    public async Task Migrator_run_twice_applies_nothing_the_second_time()
    {
        await using var dataSource = BookingDatabase.CreateDataSource(await TestPostgres.CreateEmptyDatabaseAsync());
        var migrator = new Migrator(dataSource);

        var first = await migrator.RunAsync(CancellationToken.None);
        var second = await migrator.RunAsync(CancellationToken.None);

        Assert.Equal("0001_spine.sql", first[0]);
        Assert.Empty(second);
        Assert.Empty(await migrator.ListMissingAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Migrator_started_on_eight_nodes_applies_each_file_once()
    {
        await using var dataSource = BookingDatabase.CreateDataSource(await TestPostgres.CreateEmptyDatabaseAsync());

        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new Migrator(dataSource).RunAsync(CancellationToken.None)));

        Assert.Single(applied, names => names.Count > 0);
    }

    [Fact]
    public async Task Migrator_refuses_a_file_that_was_edited_after_it_was_applied()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.Data.ExecuteAsync("update schema_migrations set checksum = 'other' where name = '0001_spine.sql'");

        var error = await Assert.ThrowsAsync<MigrationChangedException>(
            () => new Migrator(database.DataSource).RunAsync(CancellationToken.None));

        Assert.Contains("0001_spine.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_trail_refuses_update_and_delete()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.Data.ExecuteAsync(
            "insert into audit_entries (at, actor, actor_role, action) values (now(), 'x', 'system', 'tested')");

        await Assert.ThrowsAsync<PostgresException>(() => database.Data.ExecuteAsync("update audit_entries set actor = 'y'"));
        await Assert.ThrowsAsync<PostgresException>(() => database.Data.ExecuteAsync("delete from audit_entries"));
        await Assert.ThrowsAsync<PostgresException>(() => database.Data.ExecuteAsync("truncate audit_entries"));
    }
}
