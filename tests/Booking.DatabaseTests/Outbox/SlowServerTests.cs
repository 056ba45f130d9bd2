using Booking.Jobs.Outbox;
using Xunit;

namespace Booking.DatabaseTests.Outbox;

/// <summary>A mail server that takes seconds for each mail, and a limit of mails a minute.</summary>
public sealed class SlowServerTests : IAsyncLifetime
{
    private const int Mails = 8;

    private MailCase _case = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _case = await MailCase.CreateAsync(("Mail:PerMinute", "10"));
        _case.Server.OnTheWay = () => _case.Database.Clock.Advance(TimeSpan.FromSeconds(3));
        var run = await _case.Database.Data.AddRunAsync(await _case.Database.Data.AddCourseAsync());
        await _case.Database.Data.ExecuteAsync(
            """
            insert into outbox (key, kind, queue, run_id, recipient_email, created_at, due_at)
            select 'sign_up.already/' || number, 'sign_up.already', 'q' || number, @run, 'p' || number || '@example.org', @now, @now
            from generate_series(1, @Mails) as number
            """,
            new { run, Mails, now = _case.Database.Clock.GetUtcNow() });
    }

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Mails_given_back_for_others_do_not_count_for_the_limit()
    {
        var worker = _case.Get<OutboxWorker>();

        await worker.DeliverBatchAsync(Stop, Stop);

        var taken = _case.Server.Taken.Count;
        Assert.InRange(taken, 1, Mails - 1);
        Assert.Equal(taken, await _case.Database.Data.ScalarAsync<int>("select taken from mail_control"));
        Assert.Equal(0, await _case.Database.Data.ScalarAsync<long>("select count(*) from outbox where leased_by is not null"));

        // All within the same minute.
        await _case.DeliverAsync();
        Assert.Equal(Mails, _case.Server.Taken.Count);
        Assert.Equal(Mails, await _case.Database.Data.ScalarAsync<int>("select taken from mail_control"));
    }
}
