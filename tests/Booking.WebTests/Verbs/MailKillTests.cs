using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Booking.Data.Database;
using Booking.TestSupport;
using Npgsql;
using Xunit;

namespace Booking.WebTests.Verbs;

/// <summary>
/// Two programs with two workers each send mails, and each is killed again and again while it does. Half of the mails are
/// invitations; the others cancel them, many just when a worker has the invitation in hand. BOOKING_MAIL_STORM=10000 is the
/// whole proof; ./test takes a number that fits its time.
/// </summary>
public sealed partial class MailKillTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Nodes = 2;
    private const int Workers = 2;
    private static readonly int Mails = int.Parse(Environment.GetEnvironmentVariable("BOOKING_MAIL_STORM") ?? "1000", CultureInfo.InvariantCulture);
    private static readonly int KillsOfEach = Math.Clamp(Mails / 500, 2, 15);

    private readonly List<TakenMail> _taken = [];
    private NpgsqlDataSource _database = null!;
    private TestData _data = null!;
    private ManyInvitations _invitations = null!;
    private int _kills;

    public async ValueTask InitializeAsync()
    {
        _database = BookingDatabase.CreateDataSource(await TestPostgres.CreateDatabaseAsync());
        _data = new TestData(_database, TimeProvider.System);
        _invitations = new ManyInvitations(_database);
    }

    public async ValueTask DisposeAsync()
    {
        var connectionString = _database.ConnectionString;
        await _database.DisposeAsync();
        await TestPostgres.DropDatabaseAsync(connectionString);
    }

    [Fact]
    public async Task Workers_killed_at_random_lose_no_mail_change_no_byte_and_keep_every_order()
    {
        var began = Stopwatch.StartNew();
        var storm = Task.WhenAll(Enumerable.Range(0, Nodes).Select(_ => KillAndStartAgainAsync()));
        while (!storm.IsCompleted)
        {
            await _invitations.CancelAsync(Random.Shared.Next(40));
            await Task.Delay(50);
        }

        await storm;

        var stored = await _data.QueryAsync<StoredMail>("select key, kind, queue, status, message from outbox");
        output.WriteLine(
            $"{stored.Count} mails, {stored.Count(mail => mail.Status == "sent")} sent, {stored.Count(mail => mail.Status == "discarded")} discarded; "
            + $"{_taken.Count} taken, so {_taken.Count - _taken.DistinctBy(mail => mail.Message).Count()} repeats; {_kills} kills in {began.Elapsed.TotalSeconds:0} s.");
        Assert.All(stored, mail => Assert.Contains(mail.Status, new[] { "sent", "discarded" }));
        Assert.Empty(MailRecord.FindLost(stored, _taken));
        Assert.Empty(MailRecord.FindChanged(stored, _taken));
        Assert.Empty(MailRecord.FindUnordered(stored, _taken));
        Assert.Equal(Nodes * KillsOfEach, _kills);
        Assert.True(stored.Count(mail => mail is { Kind: "booking.cancellation", Status: "sent" }) > Mails / 10, "Hardly any cancellation left.");

        // The judges themselves: they must not be content with anything.
        Assert.NotEmpty(MailRecord.FindLost(stored, [.. _taken.Skip(_taken.Count / 2)]));
        Assert.NotEmpty(MailRecord.FindChanged(stored, [_taken[0] with { Bytes = [.. _taken[0].Bytes, 32] }]));
        Assert.NotEmpty(MailRecord.FindUnordered(stored, [.. _taken.AsEnumerable().Reverse()]));
    }

    private async Task KillAndStartAgainAsync()
    {
        // A server for each program, and one record for both: when a program is dead and its server has nobody to talk to, all
        // that it ever said is on record.
        await using var server = new TestSmtpServer(_taken);
        for (var kill = 0; kill < KillsOfEach; kill++)
        {
            await using var program = await StartAsync(server);
            await UntilAtWorkAsync(server);
            await _invitations.AddAsync(Mails / 2 / Nodes / KillsOfEach);
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 700)));
            await program.SignalAsync("KILL");
            await program.ExitAsync();
            await RunningProgram.WaitAsync(() => server.Open == 0);
            Interlocked.Increment(ref _kills);
            await EndLeasesAsync(program);
        }

        await using var last = await StartAsync(server);
        while (await _data.ScalarAsync<bool>("select exists (select from outbox where status = 'pending') or exists (select from invitations where status = 'active')"))
        {
            await Task.Delay(100);
        }
    }

    // The other program may be quicker with what there is.
    private async Task UntilAtWorkAsync(TestSmtpServer server)
    {
        var (before, patience) = (server.TakenCount, Stopwatch.StartNew());
        while (server.TakenCount == before)
        {
            Assert.InRange(patience.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
            await _invitations.AddAsync(4);
            await Task.Delay(100);
        }
    }

    // Five minutes pass for what the dead workers had in hand, and for that alone.
    private Task EndLeasesAsync(RunningProgram program)
    {
        var workers = WorkerId().Matches(program.Output).Select(match => Guid.Parse(match.Groups["id"].Value)).Distinct().ToArray();
        Assert.Equal(Workers, workers.Length);
        return _data.ExecuteAsync("update outbox set leased_until = now() where leased_by = any(@workers)", new { workers });
    }

    private Task<RunningProgram> StartAsync(TestSmtpServer server) => RunningProgram.ServeOnAsync(
        _database.ConnectionString,
        "--role", "worker",
        "--Site:BaseUrl", "https://kurser.example.org",
        "--Mail:From", "kurser@region.example",
        "--Mail:Host", "127.0.0.1",
        "--Mail:Port", $"{server.Port}",
        "--Mail:Tls", "None",
        "--Mail:Workers", $"{Workers}",
        "--Logging:LogLevel:Booking.Jobs.Outbox.DeliverMessages", "Warning");

    [GeneratedRegex("Worker (?<id>[0-9a-f-]{36}) begins", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WorkerId();
}
