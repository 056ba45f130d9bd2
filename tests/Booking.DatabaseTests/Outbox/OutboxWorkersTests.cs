using System.Diagnostics;
using Booking.Data.Audit;
using Booking.Data.Outbox;
using Booking.Jobs.Outbox;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Outbox;

/// <summary>Several workers side by side, as one process runs them, with real connections to a real server.</summary>
public sealed class OutboxWorkersTests : IAsyncLifetime
{
    private const int PerMinute = 70;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestSmtpServer _server = new();
    private MailCase _case = null!;
    private OutboxWorkers _workers = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _case = await MailCase.CreateAsync(_server, ("Mail:Workers", "4"), ("Mail:PerMinute", $"{PerMinute}"));
        _workers = _case.New<OutboxWorkers>();
    }

    public async ValueTask DisposeAsync()
    {
        await _workers.StopAsync(CancellationToken.None);
        _workers.Dispose();
        await _case.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Four_workers_send_each_mail_once_over_a_connection_each_and_together_keep_to_the_pace()
    {
        await AddAsync(100);
        await _workers.StartAsync(Stop);

        await UntilAsync(() => _server.Taken.Count == PerMinute);
        Assert.Equal(PerMinute, await _case.Database.Data.ScalarAsync<int>("select taken from mail_control"));
        _case.Database.Clock.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(() => _server.Taken.Count == 100);

        Assert.Equal(100, _server.Taken.Select(mail => mail.EnvelopeTo).Distinct().Count());
        Assert.InRange(_server.Taken.Select(mail => mail.Connection).Distinct().Count(), 2, 8);
        Assert.Equal(0, await _case.Database.Data.ScalarAsync<long>("select count(*) from outbox where status <> 'sent'"));
    }

    [Fact]
    public async Task Mail_held_back_is_claimed_by_none_of_them()
    {
        var actor = new Actor { Name = "admin@example.org", Role = ActorRoles.Administrator };
        await _case.Get<PauseMail>().RunAsync(isPaused: true, actor, Stop);
        await AddAsync(40);
        await _workers.StartAsync(Stop);
        await UntilAsync(() => _case.Get<WorkerHeartbeat>().Age is not null);
        Assert.Empty(_server.Taken);

        await _case.Get<PauseMail>().RunAsync(isPaused: false, actor, Stop);

        await UntilAsync(() => _server.Taken.Count == 40);
    }

    [Fact]
    public async Task Workers_that_stop_say_goodbye_and_leave_nothing_claimed()
    {
        await AddAsync(60);
        await _workers.StartAsync(Stop);
        await UntilAsync(() => _server.Taken.Count >= 5);

        await _workers.StopAsync(Stop);
        await UntilAsync(() => _server.Open == 0);

        Assert.Equal(_server.Connections, _server.Commands.Count(command => command == "QUIT"));
        Assert.Equal(0, await _case.Database.Data.ScalarAsync<long>("select count(*) from outbox where leased_by is not null"));
        Assert.Equal(_server.Taken.Count, await _case.Database.Data.ScalarAsync<long>("select count(*) from outbox where status = 'sent'"));
    }

    [Fact]
    public void Heartbeat_tells_of_the_worker_that_has_been_silent_longest()
    {
        var (clock, stuck, alive) = (new FakeClock(), Guid.NewGuid(), Guid.NewGuid());
        var heartbeat = new WorkerHeartbeat(clock);
        Assert.Null(heartbeat.Age);

        heartbeat.Beat(stuck);
        clock.Advance(TimeSpan.FromMinutes(3));
        heartbeat.Beat(alive);

        Assert.Equal(TimeSpan.FromMinutes(3), heartbeat.Age);
    }

    private async Task AddAsync(int count)
    {
        var run = await _case.Database.Data.AddRunAsync(await _case.Database.Data.AddCourseAsync());
        await _case.Database.Data.ExecuteAsync(
            """
            insert into outbox (key, kind, queue, run_id, recipient_email, created_at, due_at)
            select 'sign_up.already/' || number, 'sign_up.already', 'q' || number, @run, 'p' || number || '@example.org', @now, @now
            from generate_series(1, @count) as number
            """,
            new { run, count, now = _case.Database.Clock.GetUtcNow() });
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Patience);
            await Task.Delay(20, Stop);
        }
    }
}
