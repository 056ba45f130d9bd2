using System.Text.Json;
using Booking.TestSupport;
using Npgsql;
using Xunit;

namespace Booking.WebTests.Verbs;

/// <summary>The audit as it is run from a shell. What its rules find is tested beside them.</summary>
public sealed class AuditVerbTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        var run = await _database.Data.AddRunAsync(await _database.Data.AddCourseAsync());
        await _database.Data.AddSeatsAsync(run, 3);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Sound_database_ends_with_0()
    {
        await using var audit = RunningProgram.StartOn(_database.ConnectionString, "audit");

        Assert.Equal(0, await audit.ExitAsync());
        Assert.Matches(@"All is well: \d+ rules over 0 bookings in ", audit.Output);
    }

    [Fact]
    public async Task Fault_is_named_with_its_place_and_ends_with_2()
    {
        await _database.Data.ExecuteAsync("update seats set status = 'taken' where number = 2");

        await using var audit = RunningProgram.StartOn(_database.ConnectionString, "audit");

        Assert.Equal(2, await audit.ExitAsync());
        Assert.Contains("seat.taken_without_booking (1): A seat is taken, but no live booking has it.", audit.Output, StringComparison.Ordinal);
        Assert.Contains("    run 1, seat 2", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_holds_rules_counts_and_ids()
    {
        await _database.Data.ExecuteAsync("update seats set status = 'taken'");

        await using var audit = RunningProgram.StartOn(_database.ConnectionString, "audit", "--json");

        Assert.Equal(2, await audit.ExitAsync());
        // Around it may stand how far it has come: that goes to the error output.
        var json = audit.Output[audit.Output.IndexOf('{', StringComparison.Ordinal)..(audit.Output.LastIndexOf('}') + 1)];
        var report = JsonDocument.Parse(json).RootElement;
        Assert.False(report.GetProperty("isClean").GetBoolean());
        var finding = Assert.Single(report.GetProperty("findings").EnumerateArray());
        Assert.Equal("seat.taken_without_booking", finding.GetProperty("rule").GetString());
        Assert.Equal(3, finding.GetProperty("count").GetInt32());
        Assert.Equal(["seat 1", "seat 2", "seat 3"], finding.GetProperty("examples").EnumerateArray().Select(e => e.GetProperty("what").GetString()));
    }

    [Fact]
    public async Task Role_that_may_only_read_is_enough()
    {
        var role = $"auditor_{Guid.NewGuid():n}";
        await _database.Data.ExecuteAsync($"create role {role} login; grant pg_read_all_data to {role}");
        var connectionString = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = role }.ConnectionString;

        await using var audit = RunningProgram.StartOn(connectionString, "audit");

        Assert.Equal(0, await audit.ExitAsync());
    }

    [Fact]
    public async Task Database_without_schema_is_told_in_a_sentence()
    {
        await using var audit = RunningProgram.StartOn(await TestPostgres.CreateEmptyDatabaseAsync(), "audit");

        Assert.Equal(1, await audit.ExitAsync());
        Assert.Contains("Run the verb 'migrate' first", audit.Output, StringComparison.Ordinal);
    }
}
