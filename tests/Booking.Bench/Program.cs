using System.Globalization;
using Booking.Bench;

// Ratios of two rates taken in turns on the same machine, so that a slow machine does not matter; docs/bench.md says what they mean.
//   bench [pages | seats [page] [direct] [designs] [growth] | mail] [--seconds N] [--connections N,N] [--rounds N] [--mails N] [--many N]
// The verb "bare" is the other side of the pages' figure: a Kestrel page without anything, started by the bench itself.
if (args is ["bare", var connectionString, var url])
{
    await BarePage.RunAsync(connectionString, url);
    return 0;
}

const int PastBookings = 2_000_000;
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
ThreadPool.SetMinThreads(64, 64);
var time = TimeSpan.FromSeconds(int.Parse(Option("--seconds", "6"), CultureInfo.InvariantCulture));
var connections = Option("--connections", "1,16,64").Split(',').Select(c => int.Parse(c, CultureInfo.InvariantCulture)).ToArray();
var rounds = int.Parse(Option("--rounds", "3"), CultureInfo.InvariantCulture);
var parts = args.Intersect(["page", "direct", "designs", "growth"]).ToHashSet();
var isClean = true;
var asked = args.Intersect(["pages", "seats", "mail"]).ToHashSet();
if (IsAsked("seats"))
{
    await SeatsAsync();
}

if (IsAsked("mail"))
{
    await using var ground = await Ground.PrepareAsync();
    using var mail = new MailBench(ground, rounds, int.Parse(Option("--mails", "10000"), CultureInfo.InvariantCulture));
    await mail.RunAsync();
    await mail.GrowAsync(many: int.Parse(Option("--many", "100000"), CultureInfo.InvariantCulture));
}

if (IsAsked("pages"))
{
    await using var ground = await Ground.PrepareAsync();
    await new PagesBench(ground, connections.Max() < 16 ? connections.Max() : 16, time).RunAsync();
}

// A rate that oversold is no rate.
return isClean ? 0 : 2;

async Task SeatsAsync()
{
    await using var ground = await Ground.PrepareAsync();
    var bench = new SeatsBench(ground, time, rounds);
    await bench.PrepareAsync();
    foreach (var isPage in new[] { false, true }.Where(isPage => Wants(isPage ? "page" : "direct")))
    {
        SeatsBench.PrintHead(isPage ? "Seats through the page" : "Seats through the use case alone");
        foreach (var (isSpread, count) in new[] { false, true }.SelectMany(isSpread => connections.Select(count => (isSpread, count))))
        {
            await bench.MeasureAsync(new SeatsCase(isPage, isSpread, count));
        }

        isClean &= await bench.AuditAsync(isPage ? "page" : "direct");
    }

    if (Wants("designs"))
    {
        SeatsBench.PrintHead("Ways to take a seat, all by pgbench");
        await bench.CompareDesignsAsync(connections.Contains(16) ? 16 : connections[0]);
        isClean &= await bench.AuditAsync("designs");
    }

    if (Wants("growth"))
    {
        await GrowAsync(ground, bench);
    }
}

// The small database and a copy of it with the past of a country, in the same server, in turns.
async Task GrowAsync(Ground ground, SeatsBench few)
{
    await using var copy = await ground.CopyAsync("booking_grown");
    var many = new SeatsBench(copy, time, rounds);
    await many.FillAsync(PastBookings);
    SeatsBench.PrintHead($"Growth: each first with few bookings, then with {PastBookings}");
    foreach (var count in connections)
    {
        foreach (var isSpread in new[] { false, true })
        {
            var what = new SeatsCase(IsPage: false, isSpread, count);
            await few.MeasureAsync(what);
            await many.MeasureAsync(what);
        }
    }

    isClean &= await few.AuditAsync("growth") & await many.AuditAsync($"growth, with {PastBookings}");
}

bool IsAsked(string bench) => asked.Count == 0 || asked.Contains(bench);

bool Wants(string part) => parts.Count == 0 || parts.Contains(part);

string Option(string name, string otherwise) =>
    Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
