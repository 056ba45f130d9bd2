using System.Diagnostics;

namespace Booking.Bench;

/// <summary>Keeps a number of connections busy for a while and says how many requests per second went through.</summary>
internal static class Load
{
    public static HttpClient Client(Uri address) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = true,
        MaxConnectionsPerServer = 1,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
    })
    {
        BaseAddress = address,
    };

    public static async Task<double> RunAsync(int connections, TimeSpan time, Func<int, int, Task> request)
    {
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(connection => Task.Run(async () =>
        {
            var count = 0;
            while (watch.Elapsed < time)
            {
                await request(connection, count);
                count++;
            }

            return count;
        })));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }
}
