using System.Diagnostics;
using Booking.Data.Outbox;
using Booking.Jobs.Outbox;
using Xunit;

namespace Booking.DatabaseTests.Outbox;

/// <summary>The worker as the process runs it: woken by the signal, of this node or another, and through an outage.</summary>
public sealed class OutboxWorkerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private MailCase _case = null!;
    private OutboxWorkers _worker = null!;
    private OutboxListener _listener = null!;
    private long _run;
    private int _added;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _case = await MailCase.CreateAsync();
        _run = await _case.Database.Data.AddRunAsync(await _case.Database.Data.AddCourseAsync());
        _worker = _case.New<OutboxWorkers>();
        _listener = _case.New<OutboxListener>();
        await _listener.StartAsync(Stop);
        await _worker.StartAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(CancellationToken.None);
        await _listener.StopAsync(CancellationToken.None);
        _worker.Dispose();
        _listener.Dispose();
        await _case.DisposeAsync();
    }

    [Fact]
    public async Task Message_committed_on_this_node_or_another_is_sent_without_waiting_for_the_next_look()
    {
        await AddAsync();
        await UntilTakenAsync(1);
        var signal = new OutboxSignal(_case.Database.DataSource, TimeProvider.System, _case.Get<Microsoft.Extensions.Logging.ILogger<OutboxSignal>>());

        var began = Stopwatch.GetTimestamp();
        await AddAsync();
        signal.Wake();
        await UntilTakenAsync(2);

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(4.5));
    }

    [Fact]
    public async Task Worker_goes_on_after_the_database_has_dropped_every_connection()
    {
        await AddAsync();
        await UntilTakenAsync(1);
        await _case.Database.Data.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

        await AddAsync();
        await UntilTakenAsync(2);
    }

    [Fact]
    public async Task Worker_that_stops_leaves_nothing_claimed()
    {
        await AddAsync();
        await UntilTakenAsync(1);

        await _worker.StopAsync(Stop);
        await AddAsync();

        Assert.Equal(0, await _case.Database.Data.ScalarAsync<long>("select count(*) from outbox where leased_by is not null"));
        Assert.Single(_case.Server.Taken);
    }

    private Task AddAsync()
    {
        var key = $"sign_up.already/{++_added}";
        return _case.Database.Data.ExecuteAsync(
            """
            insert into outbox (key, kind, queue, run_id, recipient_email, created_at, due_at)
            values (@key, 'sign_up.already', @key, @_run, 'x@example.org', @now, @now)
            """,
            new { key, _run, now = _case.Database.Clock.GetUtcNow() });
    }

    private async Task UntilTakenAsync(int count)
    {
        var began = Stopwatch.GetTimestamp();
        while (_case.Server.Taken.Count < count)
        {
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Patience);
            await Task.Delay(20, Stop);
        }
    }
}
