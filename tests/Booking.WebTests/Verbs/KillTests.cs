using Xunit;

namespace Booking.WebTests.Verbs;

/// <summary>The program dies at random points in a storm of operations, and its PostgreSQL with it.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 4;

    // Answers before the program may die: enough to be sure that it dies at work.
    private const int Least = 40;
    private readonly string _dataFolder = RunningProgram.NewDataFolder();

    public void Dispose()
    {
        if (Directory.Exists(_dataFolder))
        {
            Directory.Delete(_dataFolder, recursive: true);
        }
    }

    [Fact]
    public async Task Killed_in_a_storm_it_keeps_whatever_it_acknowledged_and_breaks_no_rule()
    {
        var storm = new Storm();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var program = await RunningProgram.ServeAsync(_dataFolder, "--Logging:LogLevel:Default=Error");
            var database = await RunningProgram.ConnectionStringAsync(_dataFolder);
            if (kill == 0)
            {
                await Storm.ArrangeAsync(database);
            }

            Assert.Empty(await storm.FindLostAsync(database));
            var before = storm.Answers;
            var rage = storm.RageAsync(program.Address);
            await RunningProgram.WaitAsync(() => storm.Answers > before + Least || rage.IsCompleted);
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 1000)));

            await program.SignalAsync("KILL");
            await rage;
            await RunningProgram.WaitAsync(() => !RunningProgram.HasServer(_dataFolder));
            output.WriteLine($"Killed after {storm.Answers - before} answers.");
        }

        await using var again = await RunningProgram.ServeAsync(_dataFolder, "--Logging:LogLevel:Default=Error");
        Assert.Empty(await storm.FindLostAsync(await RunningProgram.ConnectionStringAsync(_dataFolder)));
        await using var audit = RunningProgram.Start(_dataFolder, "audit");
        var exitCode = await audit.ExitAsync();
        Assert.True(exitCode == 0, audit.Output);
        Assert.True(storm.Joined > 0, "Nobody joined the waiting list.");
        Assert.True(storm.Answers > Least * Kills, $"{storm.Answers} answers are no storm.");
    }
}
