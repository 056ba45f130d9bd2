using Booking.Data.Audit;
using Booking.Data.Outbox;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Outbox;

/// <summary>The mail queue as administrators steer it and look into it.</summary>
public sealed class MailQueueTests : IAsyncLifetime
{
    private static readonly Actor Administrator = new() { Name = "admin@example.org", Role = ActorRoles.Administrator };

    private TestDatabase _database = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private OutboxDelivery Delivery => _database.Get<OutboxDelivery>();

    private MailPace Pace => _database.Get<MailPace>();

    private OutboxListRepository Queue => _database.Get<OutboxListRepository>();

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Every_attempt_stands_in_the_log_with_the_servers_words()
    {
        await AddAsync("a");
        await AttemptAsync(message => Delivery.MarkFailedAsync(message, new DeliveryFailure { Words = "451 later" }, Stop));
        _database.Clock.Advance(TimeSpan.FromMinutes(1));
        await AttemptAsync(message => Delivery.MarkFailedAsync(message, new DeliveryFailure { Words = "broken", IsUnclear = true }, Stop));
        _database.Clock.Advance(TimeSpan.FromMinutes(5));
        // A worker that dies leaves an attempt without an end.
        await AttemptAsync(_ => Task.CompletedTask);
        _database.Clock.Advance(OutboxDelivery.Lease);
        await AttemptAsync(message => Delivery.MarkSentAsync(message, "250 queued as 1", Stop));

        var details = await FindAsync("a");

        Assert.Equal(
            [("try_again", "451 later"), ("unclear", "broken"), (null, null), ("accepted", "250 queued as 1")],
            details.Attempts.Select(attempt => (attempt.Outcome, attempt.Words)));
        Assert.Equal([true, true, false, true], details.Attempts.Select(attempt => attempt.EndedAt is not null));
        Assert.Equal("sent", details.Entry.Status);
    }

    [Fact]
    public async Task Mail_that_is_paused_is_given_to_nobody_until_it_is_resumed()
    {
        var pause = _database.Get<PauseMail>();

        Assert.Equal(PauseMailOutcome.Changed, await pause.RunAsync(isPaused: true, Administrator, Stop));
        Assert.Equal(PauseMailOutcome.Unchanged, await pause.RunAsync(isPaused: true, Administrator, Stop));
        Assert.Equal(0, await Pace.TakeTurnsAsync(20, null, Stop));
        Assert.Equal(0, await Pace.TakeTurnsAsync(20, 100, Stop));
        Assert.Equal("admin@example.org", (await Queue.GetStateAsync(Stop)).PausedBy);

        Assert.Equal(PauseMailOutcome.Changed, await pause.RunAsync(isPaused: false, Administrator, Stop));
        Assert.Equal(20, await Pace.TakeTurnsAsync(20, null, Stop));
        Assert.Equal(
            ["outbox.paused", "outbox.resumed"],
            await _database.Data.QueryAsync<string>("select action from audit_entries order by audit_id"));
    }

    [Fact]
    public async Task Workers_of_all_nodes_together_keep_to_the_pace_of_one_minute()
    {
        var turns = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Pace.TakeTurnsAsync(20, 100, Stop)));

        Assert.Equal(100, turns.Sum());
        Assert.Equal(0, await Pace.TakeTurnsAsync(20, 100, Stop));
        await Pace.GiveBackAsync(7, Stop);
        Assert.Equal(7, await Pace.TakeTurnsAsync(20, 100, Stop));

        _database.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(20, await Pace.TakeTurnsAsync(20, 100, Stop));
        // A node whose clock is behind begins no new count.
        _database.Clock.Advance(TimeSpan.FromMinutes(-1));
        Assert.Equal(80, await Pace.TakeTurnsAsync(100, 100, Stop));
    }

    [Fact]
    public async Task Discarded_mail_never_leaves_and_the_one_behind_it_goes_on()
    {
        await AddAsync("a", "a");
        await AddAsync("b", "a");
        var discard = _database.Get<DiscardMail>();
        var first = await FindAsync("a");
        var second = await FindAsync("b");
        Assert.Equal(first.Entry.OutboxId, second.WaitsFor);
        var claimed = Assert.Single(await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop));

        Assert.Equal(DiscardMailOutcome.InHand, await discard.RunAsync(first.Entry.OutboxId, Administrator, Stop));
        await Delivery.ReleaseAsync(claimed.LeasedBy, Stop);
        Assert.Equal(DiscardMailOutcome.Discarded, await discard.RunAsync(first.Entry.OutboxId, Administrator, Stop));
        Assert.Equal(DiscardMailOutcome.Over, await discard.RunAsync(first.Entry.OutboxId, Administrator, Stop));
        Assert.Equal(DiscardMailOutcome.Over, await discard.RunAsync(4711, Administrator, Stop));

        Assert.Equal("b", Assert.Single(await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop)).Key);
        Assert.Equal(RetryMailOutcome.Over, await _database.Get<RetryMail>().RunAsync(first.Entry.OutboxId, Administrator, Stop));
    }

    [Fact]
    public async Task Mail_that_waits_for_its_next_attempt_can_be_hurried_and_keeps_its_count()
    {
        await AddAsync("a");
        await AttemptAsync(message => Delivery.MarkFailedAsync(message, new DeliveryFailure { Words = "451 later" }, Stop));
        Assert.Empty(await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop));

        Assert.Equal(RetryMailOutcome.Queued, await _database.Get<RetryMail>().RunAsync((await FindAsync("a")).Entry.OutboxId, Administrator, Stop));

        Assert.Equal(1, Assert.Single(await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop)).Attempts);
    }

    [Fact]
    public async Task All_that_was_given_up_is_tried_again_but_for_recipients_refused_for_good()
    {
        await AddAsync("refused");
        await AttemptAsync(message => Delivery.MarkFailedAsync(message, new DeliveryFailure { Words = "550 unknown", IsFinal = true }, Stop));
        await AddAsync("outage");
        for (var attempt = 0; attempt < 8; attempt++)
        {
            await AttemptAsync(message => Delivery.MarkFailedAsync(message, new DeliveryFailure { Words = "connection refused" }, Stop));
            _database.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(2, (await Queue.GetStateAsync(Stop)).Dead);
        Assert.Equal(1, await _database.Get<RetryMail>().RunAllAsync(Administrator, Stop));
        Assert.Equal(0, await _database.Get<RetryMail>().RunAllAsync(Administrator, Stop));

        Assert.Equal("outage", Assert.Single(await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop)).Key);
        Assert.Equal(1, await _database.Data.ScalarAsync<long>("select count(*) from audit_entries where action = 'outbox.retried'"));
    }

    [Fact]
    public async Task List_is_narrowed_by_status_kind_and_recipient_and_goes_on_where_it_ended()
    {
        await AddAsync("a");
        await AddAsync("b", to: "Anna@Example.org", kind: OutboxKinds.RunMoved);
        await AddAsync("c");

        Assert.Equal(3, (await ListAsync(new OutboxFilter { Status = "pending" })).Count);
        Assert.Empty(await ListAsync(new OutboxFilter { Status = "dead" }));
        Assert.Equal(OutboxKinds.RunMoved, Assert.Single(await ListAsync(new OutboxFilter { RecipientEmail = "anna@example.org" })).Kind);
        var newest = (await Queue.ListAsync(new OutboxFilter(), 2, Stop))[1];
        Assert.Equal("a@example.org", Assert.Single(await ListAsync(new OutboxFilter { Before = newest.OutboxId })).RecipientEmail);
        var state = await Queue.GetStateAsync(Stop);
        Assert.Equal((3, 0, 0), (state.Due, state.Waiting, state.Dead));
        Assert.Equal(_database.Clock.GetUtcNow(), state.OldestDueAt);
    }

    private Task<IReadOnlyList<OutboxEntry>> ListAsync(OutboxFilter filter) => Queue.ListAsync(filter, 50, Stop);

    private async Task<OutboxDetails> FindAsync(string key) =>
        (await Queue.FindAsync(await _database.Data.ScalarAsync<long>($"select outbox_id from outbox where key = '{key}'"), Stop))!;

    private async Task AttemptAsync(Func<ClaimedMessage, Task> end)
    {
        var message = Assert.Single(await Delivery.ClaimDueAsync(1, Guid.NewGuid(), Stop));
        Assert.True(await Delivery.BeginAsync(message, Stop));
        await end(message);
    }

    private async Task AddAsync(string key, string? queue = null, string to = "a@example.org", string kind = OutboxKinds.SignUpAlready)
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await _database.Get<OutboxRepository>().AddAsync(
            transaction,
            [
                new OutboxMessage
                {
                    Key = key,
                    Kind = kind,
                    Queue = queue ?? key,
                    RecipientEmail = to,
                    Language = "da",
                    CreatedAt = _database.Clock.GetUtcNow(),
                },
            ],
            Stop);
        await transaction.CommitAsync(Stop);
    }
}
