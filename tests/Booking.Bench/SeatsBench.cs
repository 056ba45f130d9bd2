using System.Diagnostics;
using Booking.Data.Invariants;

namespace Booking.Bench;

/// <summary>
/// Seats reserved per second, against durable inserts of the same rows by pgbench into the same PostgreSQL without any seat
/// control: through the page and through the use case alone, on one popular run and spread over many.
/// </summary>
internal sealed class SeatsBench(Ground ground, TimeSpan time, int rounds)
{
    private const int WarmUp = 1_500;
    private readonly SeatsStage _stage = new(ground);
    private int _popular;
    private Uri? _address;

    /// <summary>Makes people and runs.</summary>
    public Task PrepareAsync() => _stage.PrepareAsync();

    /// <summary>Takes over people and runs of the database that this one was copied from, and adds bookings of the past.</summary>
    public async Task FillAsync(int bookings)
    {
        await _stage.FindAsync();
        await _stage.FillAsync("GROWN-", bookings);
        await ground.ExecuteAsync("vacuum analyze");
        await ground.ExecuteAsync("checkpoint");
    }

    /// <summary>One row of the table.</summary>
    public async Task MeasureAsync(SeatsCase @case)
    {
        var reservers = await ReserversAsync(@case);
        await WarmUpAsync(reservers);
        var taken = new List<SeatsRound>();
        for (var round = 0; round < rounds; round++)
        {
            var bare = await BareAsync(@case.Connections);
            taken.Add(new SeatsRound(await ReserveAsync(@case, reservers, time), bare));
        }

        Print(@case.ToString(), taken);
    }

    /// <summary>Ways to take a seat, all of them as pgbench scripts, so that nothing but the way differs.</summary>
    public async Task CompareDesignsAsync(int connections)
    {
        foreach (var (name, script) in SeatDesigns.All(_stage))
        {
            var taken = new List<SeatsRound>();
            for (var round = 0; round < rounds; round++)
            {
                var bare = await BareAsync(connections);
                taken.Add(new SeatsRound(await CountAsync(() => Pgbench.RunAsync(ground, script, connections, time)), bare));
            }

            Print($"{name}, {connections} connections", taken);
        }
    }

    /// <summary>The last word: the product's audit over the whole database.</summary>
    /// <returns>Whether every rule holds.</returns>
    public async Task<bool> AuditAsync(string after)
    {
        await _stage.RemoveBareAsync();
        var times = new RuleTimes();
        var report = await new CheckInvariants(ground.Database, TimeProvider.System).RunAsync(TimeSpan.FromMinutes(1), times, CancellationToken.None);
        Console.WriteLine(
            $"audit after {after}: {report.Rules} rules over {report.Bookings} bookings in {report.Elapsed.TotalSeconds:0.0} s, {(report.IsClean ? "clean" : "NOT CLEAN")}; slowest {times}");
        foreach (var finding in report.Findings)
        {
            Console.WriteLine($"  {finding.Rule} ({finding.Count}): {string.Join("; ", finding.Examples.Take(5).Select(e => $"run {e.RunId}, booking {e.BookingId}, {e.What}"))}");
        }

        return report.IsClean;
    }

    public static void PrintHead(string title) =>
        Console.WriteLine($"\n{title}\n{"",-62} {"seats/s",9} {"bare/s",9} {"ratio",7} {"cpu ms/seat (PostgreSQL)",24} {"bare",14}   (rounds)");

    private static void Print(string name, List<SeatsRound> taken)
    {
        var median = taken.OrderBy(round => round.Ratio).ElementAt(taken.Count / 2);
        Console.WriteLine(
            $"{name,-62} {median.Product.PerSecond,9:0} {median.Bare.PerSecond,9:0} {median.Ratio,7:0.000} {taken.MinBy(t => t.Product.Cpu)!.Product,24} {taken.MinBy(t => t.Bare.Cpu)!.Bare,14}   ({string.Join(", ", taken.Select(t => $"{t.Ratio:0.000}"))})");
    }

    private async Task<Reserver[]> ReserversAsync(SeatsCase @case)
    {
        if (!@case.IsPage)
        {
            var useCase = DirectReserver.UseCase(ground);
            return [.. Enumerable.Range(0, @case.Connections).Select(i => new DirectReserver(_stage, useCase, i))];
        }

        _address ??= await ground.ServeAsync();
        return await Task.WhenAll(Enumerable.Range(0, @case.Connections).Select(i => PageReserver.SignInAsync(_address, i)));
    }

    // By number, not by time: a busy machine must not measure how the compiler warms up.
    private async Task WarmUpAsync(Reserver[] reservers)
    {
        _popular++;
        await Task.WhenAll(reservers.Select(async reserver =>
        {
            for (var i = 0; i < WarmUp / reservers.Length; i++)
            {
                await reserver.ReserveAsync(_popular);
            }
        }));
    }

    private Task<SeatsRate> BareAsync(int connections) =>
        CountAsync(() => Pgbench.RunAsync(ground, _stage.BareScript(), connections, time));

    private Task<SeatsRate> ReserveAsync(SeatsCase @case, Reserver[] reservers, TimeSpan duration)
    {
        // A run of its own for each measurement: nobody has a booking on it yet.
        _popular++;
        return CountAsync(() => Load.RunAsync(@case.Connections, duration, async (i, _) =>
        {
            var run = @case.IsSpread ? SeatsStage.PopularRuns + Random.Shared.Next(SeatsStage.SpreadRuns) : Volatile.Read(ref _popular);
            if (!await reservers[i].ReserveAsync(run) && !@case.IsSpread)
            {
                Interlocked.CompareExchange(ref _popular, run + 1, run);
            }
        }));
    }

    private async Task<SeatsRate> CountAsync(Func<Task> load)
    {
        var before = await ground.ScalarAsync("select coalesce(max(booking_id), 0) from bookings");
        var (cpu, database) = (Ground.CpuTime(), Ground.CpuTime(onlyDatabase: true));
        var watch = Stopwatch.StartNew();
        await load();
        var seconds = watch.Elapsed.TotalSeconds;
        (cpu, database) = (Ground.CpuTime() - cpu, Ground.CpuTime(onlyDatabase: true) - database);
        var seats = await ground.ScalarAsync("select count(*) from bookings where booking_id > @before", new { before });
        return new SeatsRate(seats / seconds, cpu.TotalMilliseconds / Math.Max(1, seats), database.TotalMilliseconds / Math.Max(1, seats));
    }
}

/// <summary>How long each rule of the audit took.</summary>
internal sealed class RuleTimes : IProgress<InvariantProgress>
{
    private readonly List<(string Rule, long Started)> _rules = [];

    public void Report(InvariantProgress value) => _rules.Add((value.Rule, Stopwatch.GetTimestamp()));

    /// <summary>The slowest five.</summary>
    public override string ToString() => string.Join(", ", _rules
        .Zip(_rules.Skip(1).Append(("", Stopwatch.GetTimestamp())), (rule, next) => (rule.Rule, Seconds: Stopwatch.GetElapsedTime(rule.Started, next.Item2).TotalSeconds))
        .OrderByDescending(rule => rule.Seconds)
        .Take(5)
        .Select(rule => $"{rule.Rule} {rule.Seconds:0.0} s"));
}

/// <summary>Seats per second, and milliseconds of processor that each took: of everything, and of PostgreSQL alone.</summary>
internal sealed record SeatsRate(double PerSecond, double Cpu, double Database)
{
    public override string ToString() => $"{Cpu:0.00} ({Database:0.00})";
}

/// <summary>Both sides, one straight after the other.</summary>
internal sealed record SeatsRound(SeatsRate Product, SeatsRate Bare)
{
    public double Ratio => Product.PerSecond / Bare.PerSecond;
}

/// <summary>What one row of the table measures.</summary>
internal sealed record SeatsCase(bool IsPage, bool IsSpread, int Connections)
{
    public override string ToString() =>
        $"{(IsPage ? "page" : "use case")}, {(IsSpread ? $"spread over {SeatsStage.SpreadRuns} runs" : "one popular run")}, {Connections} connections";
}
