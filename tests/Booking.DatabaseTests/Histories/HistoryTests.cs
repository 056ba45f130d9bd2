using System.Diagnostics;
using System.Globalization;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Histories;

/// <summary>
/// Long random histories of everything that people and the clock do to seats, compared with a simple model after every step,
/// and audited at their end. A failing test prints its seed and the shortest history that fails.
/// </summary>
/// <remarks>
/// BOOKING_HISTORY_MINUTES lives histories for so long instead of a few seconds; BOOKING_HISTORY_SEED begins with that one.
/// </remarks>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private const int Length = 80;

    // So many, and each kind of step has changed something, whatever the seeds.
    private const int HistoriesThatDoEverything = 60;

    [Fact]
    public async Task Histories_end_as_the_model_says_and_break_no_rule()
    {
        var first = Setting("BOOKING_HISTORY_SEED") ?? Random.Shared.Next(1_000_000);
        var time = Setting("BOOKING_HISTORY_MINUTES") is { } minutes ? TimeSpan.FromMinutes(minutes) : TimeSpan.FromSeconds(12);
        await using var world = await HistoryWorld.CreateAsync();
        var watch = Stopwatch.StartNew();
        var count = new HistoryCount();
        var seed = first;
        for (; watch.Elapsed < time; seed++)
        {
            await LiveAsync(world, seed, count);
        }

        output.WriteLine($"{seed - first} histories, seeds from {first}. {count.Steps} steps; of each kind so many changed something: {count}");
        if (seed - first >= HistoriesThatDoEverything)
        {
            Assert.Empty(count.Idle);
        }
    }

    [Fact]
    public async Task Negative_control_a_seat_that_is_freed_behind_the_products_back_is_noticed()
    {
        await using var world = await HistoryWorld.CreateAsync();
        await world.Data.ExecuteAsync(
            """
            create function forget_seat() returns trigger language plpgsql as $$
            begin
                new.pool := 'open';
                new.department_id := null;
                return new;
            end $$;
            create trigger forget_seat before update on seats for each row
            when (old.status = 'taken' and new.status = 'free') execute function forget_seat()
            """);
        var faults = 0;
        for (var seed = 1; seed <= 5; seed++)
        {
            faults += await History.FindFaultAsync(world, Step.History(seed, Length)) is null ? 0 : 1;
        }

        Assert.True(faults > 0, "Five histories on a product that forgets pools looked all right.");
    }

    private static async Task LiveAsync(TestDatabase world, int seed, HistoryCount count)
    {
        var steps = Step.History(seed, Length);
        if (await History.FindFaultAsync(world, steps, count) is { } fault)
        {
            var shortest = await History.ShrinkAsync(world, steps[..fault.Steps]);
            var last = await History.FindFaultAsync(world, shortest);
            Assert.Fail($"Seed {seed}, step {fault.Steps}.\n{string.Join('\n', shortest)}\n{last?.Fault ?? fault.Fault}");
        }
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
