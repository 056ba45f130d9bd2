using Dapper;
using Npgsql;

namespace Booking.Data.Outbox;

/// <summary>The outbox as administrators see it. The clock decides what is due and what a worker has in hand.</summary>
public sealed class OutboxListRepository(NpgsqlDataSource dataSource, TimeProvider clock)
{
    private const string EntryColumns =
        "outbox_id, kind, run_id, booking_id, recipient_email, status, attempts, created_at, due_at, last_error, sent_at";

    /// <summary>Lists mails, newest first.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<OutboxEntry>> ListAsync(OutboxFilter filter, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<OutboxEntry>(new CommandDefinition(
            $"""
            select {EntryColumns}
            from outbox
            where (@Status::text is null or status = @Status)
                and (@Kind::text is null or kind = @Kind)
                and (@RecipientEmail::text is null or lower(recipient_email) = lower(@RecipientEmail))
                and (@Before::bigint is null or outbox_id < @Before)
            order by outbox_id desc
            limit @limit
            """,
            new { filter.Status, filter.Kind, filter.RecipientEmail, filter.Before, limit },
            cancellationToken: cancellationToken))];
    }

    /// <summary>One mail with its bytes and its attempts, or null when there is none of that number.</summary>
    public async Task<OutboxDetails?> FindAsync(long outboxId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            select {EntryColumns} from outbox where outbox_id = @outboxId;

            select key, queue, message, status = 'pending' and leased_until > @now as is_in_hand,
                (select max(older.outbox_id)
                from outbox as older
                where older.queue = outbox.queue and older.status = 'pending' and older.outbox_id < outbox.outbox_id) as waits_for
            from outbox
            where outbox_id = @outboxId;

            select began_at, ended_at, outcome, words
            from outbox_attempts
            where outbox_id = @outboxId
            order by attempt_id;
            """,
            new { outboxId, now = clock.GetUtcNow() },
            cancellationToken: cancellationToken));
        if (await results.ReadSingleOrDefaultAsync<OutboxEntry>() is not { } entry)
        {
            return null;
        }

        var row = await results.ReadSingleAsync<Row>();
        return new OutboxDetails
        {
            Key = row.Key,
            Queue = row.Queue,
            Entry = entry,
            Message = row.Message,
            IsInHand = row.IsInHand ?? false,
            WaitsFor = entry.Status == "pending" ? row.WaitsFor : null,
            Attempts = [.. await results.ReadAsync<MailAttempt>()],
        };
    }

    /// <summary>How many mails are due, wait and were given up, and whether mail is paused.</summary>
    public async Task<OutboxState> GetStateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<OutboxState>(new CommandDefinition(
            """
            select
                count(*) filter (where status = 'pending' and due_at <= @now)::int as due,
                count(*) filter (where status = 'pending' and due_at > @now)::int as waiting,
                count(*) filter (where status = 'dead')::int as dead,
                min(due_at) filter (where status = 'pending' and due_at <= @now) as oldest_due_at,
                (select paused_at from mail_control) as paused_at,
                (select paused_by from mail_control) as paused_by
            from outbox
            where status in ('pending', 'dead')
            """,
            new { now = clock.GetUtcNow() },
            cancellationToken: cancellationToken));
    }

    private sealed record Row
    {
        public required string Key { get; init; }

        public required string Queue { get; init; }

        public byte[]? Message { get; init; }

        public bool? IsInHand { get; init; }

        public long? WaitsFor { get; init; }
    }
}
