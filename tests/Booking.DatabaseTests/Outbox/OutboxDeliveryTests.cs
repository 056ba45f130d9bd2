using Booking.Data.Audit;
using Booking.Data.Outbox;
using Booking.TestSupport;
using Npgsql;
using Xunit;

namespace Booking.DatabaseTests.Outbox;

public sealed class OutboxDeliveryTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private OutboxDelivery Delivery => new(_database.DataSource, _database.Clock);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Message_with_a_known_key_is_added_once()
    {
        await AddAsync(Message("a"), Message("b"));
        await AddAsync(Message("b"), Message("c"));

        Assert.Equal(["a", "b", "c"], await _database.Data.QueryAsync<string>("select key from outbox order by outbox_id"));
    }

    [Fact]
    public async Task Message_of_a_rolled_back_decision_does_not_exist()
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync(Stop);
        await using (var transaction = await connection.BeginTransactionAsync(Stop))
        {
            await new OutboxRepository().AddAsync(transaction, [Message("a")], Stop);
        }

        Assert.Empty(await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop));
    }

    [Fact]
    public async Task Message_claimed_is_not_claimed_again_before_its_lease_ends()
    {
        await AddAsync(Message("a"));

        Assert.Single(await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop));
        Assert.Empty(await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop));

        _database.Clock.Advance(OutboxDelivery.Lease + TimeSpan.FromSeconds(1));
        Assert.Single(await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop));
    }

    [Fact]
    public async Task Message_whose_lease_went_to_another_worker_is_that_workers_alone()
    {
        await AddAsync(Message("a"));
        var late = Assert.Single(await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop));
        _database.Clock.Advance(OutboxDelivery.Lease + TimeSpan.FromSeconds(1));
        var mine = Assert.Single(await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop));

        Assert.False(await Delivery.BeginAsync(late, Stop));
        Assert.False(await Delivery.KeepAsync(late, new RenderedMessage { Bytes = [1] }, Stop));
        Assert.False(await Delivery.MarkSentAsync(late, "250 ok", Stop));
        Assert.True(await Delivery.BeginAsync(mine, Stop));
        Assert.True(await Delivery.KeepAsync(mine, new RenderedMessage { Bytes = [2] }, Stop));
        Assert.True(await Delivery.MarkSentAsync(mine, "250 ok", Stop));
    }

    [Fact]
    public async Task Queue_gives_its_second_message_only_after_the_first_was_sent()
    {
        await AddAsync(Message("first") with { Queue = "q" }, Message("second") with { Queue = "q" }, Message("other"));

        var claimed = await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop);
        Assert.Equal(["first", "other"], claimed.Select(message => message.Key));
        Assert.Empty(await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop));

        await FailAsync(claimed[0], isFinal: false);
        Assert.Empty(await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop));

        _database.Clock.Advance(TimeSpan.FromMinutes(1));
        var again = (await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop)).Single(message => message.Key == "first");
        await Delivery.MarkSentAsync(again, "250 ok", Stop);
        Assert.Equal(["second"], (await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop)).Select(message => message.Key));
    }

    [Fact]
    public async Task Messages_claimed_by_eight_workers_at_once_are_each_claimed_once()
    {
        await AddAsync([.. Enumerable.Range(0, 200).Select(number => Message($"m{number}"))]);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            List<long> mine = [];
            while (await Delivery.ClaimDueAsync(7, Guid.NewGuid(), Stop) is { Count: > 0 } claimed)
            {
                mine.AddRange(claimed.Select(message => message.OutboxId));
            }

            return mine;
        }));

        Assert.Equal(200, claims.SelectMany(claim => claim).Distinct().Count());
        Assert.Equal(200, claims.Sum(claim => claim.Count));
    }

    [Fact]
    public async Task Message_that_fails_waits_longer_each_time_and_is_dead_after_the_eighth_attempt()
    {
        await AddAsync(Message("a"));
        foreach (var minutes in new[] { 1, 5, 30, 120, 360, 720, 1440 })
        {
            await FailAsync(Assert.Single(await Delivery.ClaimDueAsync(1, Guid.NewGuid(), Stop)), isFinal: false);
            _database.Clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.Empty(await Delivery.ClaimDueAsync(1, Guid.NewGuid(), Stop));
            _database.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await FailAsync(Assert.Single(await Delivery.ClaimDueAsync(1, Guid.NewGuid(), Stop)), isFinal: false);

        var entry = Assert.Single(await _database.Get<OutboxListRepository>().ListAsync(new OutboxFilter { Status = "dead" }, 10, Stop));
        Assert.Equal(8, entry.Attempts);
        Assert.Equal("550 no such mailbox", entry.LastError);
    }

    [Fact]
    public async Task Message_refused_for_good_is_dead_at_once_and_can_be_tried_again_by_hand()
    {
        await AddAsync(Message("a"));
        var claimed = Assert.Single(await Delivery.ClaimDueAsync(1, Guid.NewGuid(), Stop));
        await FailAsync(claimed, isFinal: true);
        var actor = new Actor { Name = "admin@example.org", Role = ActorRoles.Administrator };

        Assert.Equal(RetryMailOutcome.Queued, await _database.Get<RetryMail>().RunAsync(claimed.OutboxId, actor, Stop));
        Assert.Equal(RetryMailOutcome.InHand, await _database.Get<RetryMail>().RunAsync(claimed.OutboxId, actor, Stop));

        Assert.Single(await Delivery.ClaimDueAsync(1, Guid.NewGuid(), Stop));
        Assert.Equal(1, await _database.Data.ScalarAsync<long>("select count(*) from audit_entries where action = 'outbox.retried'"));
    }

    [Fact]
    public async Task Bytes_of_mail_sent_more_than_thirty_days_ago_are_forgotten_and_no_others()
    {
        await AddAsync(Message("old"));
        await SendAllAsync();
        _database.Clock.Advance(TimeSpan.FromDays(15));
        await AddAsync(Message("new"));
        await SendAllAsync();
        _database.Clock.Advance(TimeSpan.FromDays(16));

        Assert.Equal(1, await _database.Get<ForgetSentMail>().RunAsync(Stop));

        Assert.Equal(["new"], await _database.Data.QueryAsync<string>("select key from outbox where message is not null"));
    }

    [Fact]
    public async Task Mails_recorded_together_do_not_wait_for_a_decision_that_has_one_of_their_events_while_they_have_another()
    {
        await new ManyInvitations(_database.DataSource).AddAsync(2);
        _database.Clock.Set(DateTimeOffset.UnixEpoch.AddYears(100));
        var worker = Guid.NewGuid();
        var claimed = await Delivery.BeginAsync(await Delivery.ClaimDueAsync(2, worker, Stop), Stop);
        foreach (var message in claimed)
        {
            await Delivery.KeepAsync(message, new RenderedMessage { Bytes = [1], Sequence = 0 }, Stop);
        }

        await using var connection = await _database.DataSource.OpenConnectionAsync(Stop);
        await using var decision = await connection.BeginTransactionAsync(Stop);
        await LockAsync(claimed[1].BookingId);
        var recording = Delivery.MarkSentAsync([.. claimed.Select(message => new SentMessage(message, "250 ok"))], Stop);
        while (await _database.Data.ScalarAsync<long>("select count(*) from outbox where status = 'sent'") == 0)
        {
            await Task.Delay(10, Stop);
        }

        await LockAsync(claimed[0].BookingId);
        await decision.CommitAsync(Stop);

        Assert.Equal(2, await recording);
        Assert.Equal([0, 0], await _database.Data.QueryAsync<int>("select sent_sequence from invitations"));

        async Task LockAsync(long? bookingId)
        {
            await using var command = new NpgsqlCommand($"update invitations set sequence = sequence + 1 where booking_id = {bookingId}", connection, decision);
            await command.ExecuteNonQueryAsync(Stop);
        }
    }

    private async Task SendAllAsync()
    {
        foreach (var message in await Delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop))
        {
            await Delivery.BeginAsync(message, Stop);
            await Delivery.KeepAsync(message, new RenderedMessage { Bytes = [1, 2, 3] }, Stop);
            await Delivery.MarkSentAsync(message, "250 ok", Stop);
        }
    }

    private async Task FailAsync(ClaimedMessage message, bool isFinal)
    {
        Assert.True(await Delivery.BeginAsync(message, Stop));
        Assert.True(await Delivery.MarkFailedAsync(message, new DeliveryFailure { Words = "550 no such mailbox", IsFinal = isFinal }, Stop));
    }

    private async Task AddAsync(params OutboxMessage[] messages)
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await new OutboxRepository().AddAsync(transaction, messages, Stop);
        await transaction.CommitAsync(Stop);
    }

    private OutboxMessage Message(string key) => new()
    {
        Key = key,
        Kind = OutboxKinds.BookingReceipt,
        Queue = key,
        RecipientEmail = "sek@example.org",
        Language = "da",
        CreatedAt = _database.Clock.GetUtcNow(),
    };
}
