namespace Booking.Bench;

/// <summary>
/// Pages of the catalogue's list per second, against a bare Kestrel page that renders the same bytes from one Dapper query.
/// Once with the addresses that people really ask for again and again, once with every address asked for only once.
/// </summary>
internal sealed class PagesBench(Ground ground, int connections, TimeSpan time)
{
    private static readonly string[] Addresses =
    [
        "/courses", "/courses?page=2", "/courses?q=psykopatologi", "/courses?q=rusmiddel", "/courses?q=b%C3%B8rn",
        "/courses?form=online", "/courses?form=onsite", "/courses?focus=care", "/courses?focus=assessment", "/courses?sort=title",
        "/courses?focus=leadership&form=onsite", "/courses?culture=da", "/courses?q=konflikt&form=onsite", "/courses?focus=career",
    ];

    private int _next;

    public async Task RunAsync()
    {
        if (await ground.ScalarAsync("select count(*) from departments where code not like 'BN%'") == 0)
        {
            await ground.ExecuteAsync("truncate departments, people, courses, runs, sessions, seats, bookings, invitations, outbox, sign_ups, links, allotments, seat_accounts, distribution_keys, department_secretaries, role_assignments cascade");
        }

        var address = await ground.ServeAsync();
        var addresses = await KeepPagesAsync(address);
        var bareAddress = await ground.ServeBareAsync();
        await CompareAsync("asked again and again", address, bareAddress, i => (addresses[i % addresses.Length], addresses[i % addresses.Length]));
        await CompareAsync("each asked once", address, bareAddress, i => ($"/courses?q=k{i}", addresses[i % addresses.Length]));
    }

    private async Task<string[]> KeepPagesAsync(Uri address)
    {
        using var client = Load.Client(address);
        await ground.ExecuteAsync("create table if not exists bench_pages (address text primary key, html text not null)");
        var kept = new List<string>();
        foreach (var page in Addresses)
        {
            using var answer = await client.GetAsync(new Uri(page, UriKind.Relative));
            if (answer.IsSuccessStatusCode)
            {
                await ground.ExecuteAsync(
                    "insert into bench_pages (address, html) values (@page, @html) on conflict (address) do update set html = excluded.html",
                    new { page, html = await answer.Content.ReadAsStringAsync() });
                kept.Add(page);
            }
        }

        return [.. kept];
    }

    private async Task CompareAsync(string what, Uri address, Uri bareAddress, Func<int, (string Product, string Bare)> choose)
    {
        var clients = Enumerable.Range(0, connections).Select(_ => (Product: Load.Client(address), Bare: Load.Client(bareAddress))).ToArray();
        var ratios = new List<double>();
        for (var round = 0; round < 3; round++)
        {
            var bare = await Load.RunAsync(connections, time / 2, (c, _) => GetAsync(clients[c].Bare, choose(Interlocked.Increment(ref _next)).Bare));
            var product = await Load.RunAsync(connections, time / 2, (c, _) => GetAsync(clients[c].Product, choose(Interlocked.Increment(ref _next)).Product));
            ratios.Add(product / bare);
            Console.WriteLine($"  round {round + 1}: {product:0} pages/s, bare {bare:0} pages/s, ratio {ratios[^1]:0.000}");
        }

        Console.WriteLine($"pages, {what}: ratio {ratios.Order().ElementAt(1):0.000} at {connections} connections");
    }

    private static async Task GetAsync(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(new Uri(address, UriKind.Relative));
        answer.EnsureSuccessStatusCode();
        await answer.Content.CopyToAsync(Stream.Null);
    }
}
