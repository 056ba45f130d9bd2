using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Booking.TestSupport;
using Npgsql;
using Xunit;

namespace Booking.WebTests.Verbs;

/// <summary>The program as people run it: started, stopped, killed, started twice.</summary>
public sealed partial class ServeTests : IDisposable
{
    private readonly string _dataFolder = RunningProgram.NewDataFolder();

    public void Dispose()
    {
        if (Directory.Exists(_dataFolder))
        {
            Directory.Delete(_dataFolder, recursive: true);
        }
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Serve_told_to_stop_ends_with_0_and_takes_its_server_with_it(string signal)
    {
        await using var program = await RunningProgram.ServeAsync(_dataFolder);
        Assert.True(RunningProgram.HasServer(_dataFolder));

        await program.SignalAsync(signal);

        Assert.Equal(0, await program.ExitAsync());
        Assert.False(RunningProgram.HasServer(_dataFolder));
    }

    [Fact]
    public async Task Serve_told_to_stop_before_it_has_finished_starting_ends_with_0()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Its notice waits here for the names to print, while the schedule engine starts. The engine's threads are what would
        // keep a host alive that nobody stopped, so the signal comes once the engine says that they run.
        await ExecuteAsync(connection, "lock table people in access exclusive mode");
        await using var program = await RunningProgram.ServeAsync(
            _dataFolder,
            $"--ConnectionStrings:Booking={database.ConnectionString}",
            "--Logging:LogLevel:Quartz=Information",
            "--Logging:LogLevel:Hangfire=Information");
        await RunningProgram.WaitAsync(() => EngineStarted().IsMatch(program.Output));

        await program.SignalAsync("TERM");

        Assert.Equal(0, await program.ExitAsync());
    }

    [Fact]
    public async Task Serve_killed_leaves_no_server_and_loses_nothing()
    {
        await using (var program = await RunningProgram.ServeAsync(_dataFolder))
        {
            await using var connection = await OpenAsync();
            await ExecuteAsync(connection, "create table kept (n integer)");
            for (var n = 0; n < 200; n++)
            {
                await ExecuteAsync(connection, $"insert into kept values ({n})");
            }

            await program.SignalAsync("KILL");
            await RunningProgram.WaitAsync(() => !RunningProgram.HasServer(_dataFolder));
        }

        await using var again = await RunningProgram.ServeAsync(_dataFolder);
        await using var after = await OpenAsync();
        await using var count = new NpgsqlCommand("select count(*) from kept", after);
        Assert.Equal(200L, await count.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Serve_on_data_or_a_port_in_use_says_so_and_a_verb_works_beside_it()
    {
        await using var program = await RunningProgram.ServeAsync(_dataFolder);

        await using var sameData = RunningProgram.Start(_dataFolder, "serve", "--urls", "http://127.0.0.1:0");
        await using var samePort = RunningProgram.Start(
            RunningProgram.NewDataFolder(), "serve", "--urls", program.Address.GetLeftPart(UriPartial.Authority));
        await using var beside = RunningProgram.Start(_dataFolder, "migrate");

        Assert.Equal(1, await sameData.ExitAsync());
        Assert.Contains("is in use by another copy", sameData.Output, StringComparison.Ordinal);
        Assert.Equal(1, await samePort.ExitAsync());
        Assert.Contains("is taken", samePort.Output, StringComparison.Ordinal);
        Assert.Equal(0, await beside.ExitAsync());
        Assert.Contains("The schema was current", beside.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web", HttpStatusCode.OK, false)]
    [InlineData("worker", HttpStatusCode.NotFound, true)]
    [InlineData("all", HttpStatusCode.OK, true)]
    public async Task Role_decides_what_is_served(string role, HttpStatusCode signIn, bool hasWorker)
    {
        await using var program = await RunningProgram.ServeAsync(_dataFolder, "--role", role);
        using var client = new HttpClient { BaseAddress = program.Address };

        Assert.Equal(signIn, (await client.GetAsync("/sign-in")).StatusCode);
        var ready = await UntilReadyAsync(client);
        Assert.Equal("answers", ready.GetProperty("database").GetString());
        Assert.Equal("current", ready.GetProperty("migrations").GetString());
        Assert.Equal(hasWorker, ready.TryGetProperty("worker", out _));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz/live")).StatusCode);
    }

    [Fact]
    public async Task Ready_names_what_is_missing_and_the_log_holds_no_token()
    {
        await using var program = await RunningProgram.ServeAsync(_dataFolder);
        using var client = new HttpClient { BaseAddress = program.Address };
        await UntilReadyAsync(client);
        await client.GetAsync("/sign-up/confirm/SecretSecret?email=person@example.org");
        await using (var connection = await OpenAsync())
        {
            await ExecuteAsync(connection, "delete from schema_migrations where name = '0001_spine.sql'");
        }

        var answer = await client.GetAsync("/healthz/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("not applied: 0001_spine.sql", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await program.SignalAsync("TERM");
        await program.ExitAsync();
        Assert.Contains("GET /sign-up/confirm/{", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("SecretSecret", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("person@example.org", program.Output, StringComparison.Ordinal);
    }

    // Quartz says the one, Hangfire the other.
    [GeneratedRegex(@"Scheduler \S+ started\.|Server \S+ successfully announced", RegexOptions.None, 1000)]
    private static partial Regex EngineStarted();

    private static async Task<JsonElement> UntilReadyAsync(HttpClient client)
    {
        HttpResponseMessage answer;
        do
        {
            answer = await client.GetAsync("/healthz/ready");
        }
        while (answer.StatusCode != HttpStatusCode.OK);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var text = await RunningProgram.ConnectionStringAsync(_dataFolder);
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(text) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
