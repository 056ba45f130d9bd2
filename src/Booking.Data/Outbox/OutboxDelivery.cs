using Dapper;
using Npgsql;

namespace Booking.Data.Outbox;

/// <summary>
/// The outbox as the worker sees it: claim, begin, keep the bytes, record. Every method is one short transaction of its own,
/// so that nothing is locked while a mail is on its way. A message belongs to the worker whose lease stands in its row; every
/// method but the claim asks for that lease and says whether it still held.
/// </summary>
public sealed class OutboxDelivery(NpgsqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>How long a claimed message, or one that an attempt was begun for, belongs to its worker.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>Claims messages that are due, oldest first and at most one of each queue.</summary>
    /// <param name="batch">How many at most.</param>
    /// <param name="workerId">Who claims.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<ClaimedMessage>> ClaimDueAsync(
        int batch, Guid workerId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        // skip locked keeps two workers from waiting for each other. "not exists" keeps the order of a queue: its second message
        // cannot be claimed before the first has left the pending state, whoever holds that one.
        var claimed = await connection.QueryAsync<ClaimedMessage>(new CommandDefinition(
            """
            with due as (
                select outbox_id
                from outbox
                where status = 'pending'
                    and due_at <= @now
                    and (leased_until is null or leased_until <= @now)
                    and not exists (
                        select from outbox as older
                        where older.queue = outbox.queue
                            and older.status = 'pending'
                            and older.outbox_id < outbox.outbox_id)
                order by due_at, outbox_id
                limit @batch
                for update skip locked
            )
            update outbox
            set leased_by = @workerId, leased_until = @until
            from due
            where outbox.outbox_id = due.outbox_id
            returning outbox.outbox_id, key, kind, run_id, booking_id, session_id, sign_up_id, recipient_email, recipient_name,
                language, payload::text as payload, attempts, message, may_have_left, leased_by
            """,
            new { now, batch, workerId, until = now + Lease },
            cancellationToken: cancellationToken));
        return [.. claimed.OrderBy(message => message.OutboxId)];
    }

    /// <summary>Counts an attempt and makes the lease a whole one again. From here on kept bytes may be on their way.</summary>
    public Task<bool> BeginAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return ChangeAsync(
            """
            with begun as (
                update outbox
                set attempts = attempts + 1, leased_until = @until, may_have_left = may_have_left or message is not null
                where outbox_id = @outboxId and leased_by = @leasedBy and leased_until > @now and status = 'pending'
                returning outbox_id
            )
            insert into outbox_attempts (outbox_id, began_at)
            select outbox_id, @now from begun
            """,
            new { message.OutboxId, message.LeasedBy, now, until = now + Lease },
            cancellationToken);
    }

    /// <summary>Keeps the rendered bytes, and the hash of the link in them, before they are handed to the mail server.</summary>
    public async Task<bool> KeepAsync(ClaimedMessage message, RenderedMessage rendered, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var kept = await connection.ExecuteAsync(new CommandDefinition(
            """
            update outbox
            set message = @bytes, sequence = @sequence, may_have_left = true
            where outbox_id = @outboxId and leased_by = @leasedBy and leased_until > @now and status = 'pending' and message is null
            """,
            new { rendered.Bytes, rendered.Sequence, message.OutboxId, message.LeasedBy, now },
            transaction,
            cancellationToken: cancellationToken));
        if (kept == 0)
        {
            return false;
        }

        if (rendered.Link is { } link)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                insert into links (token_hash, purpose, sign_up_id, booking_id, entry_id, approval_id, run_id, department_id, form_id,
                    owner_email, created_at, expires_at)
                values (@TokenHash, @Purpose, @SignUpId, @BookingId, @EntryId, @ApprovalId, @RunId, @DepartmentId, @FormId,
                    @RecipientEmail, @now, @ExpiresAt)
                """,
                new
                {
                    link.TokenHash,
                    link.Purpose,
                    link.SignUpId,
                    link.BookingId,
                    link.EntryId,
                    link.ApprovalId,
                    link.RunId,
                    link.DepartmentId,
                    link.FormId,
                    message.RecipientEmail,
                    now,
                    link.ExpiresAt,
                },
                transaction,
                cancellationToken: cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Records that the mail server took the message, and what the participant's calendar now shows.</summary>
    /// <param name="message">The message.</param>
    /// <param name="words">The server's answer.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<bool> MarkSentAsync(ClaimedMessage message, string words, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"""
            with ended as (
                update outbox
                set status = 'sent', sent_at = @now, leased_by = null, leased_until = null, last_error = null
                where outbox_id = @outboxId and leased_by = @leasedBy and status = 'pending'
                returning outbox_id, booking_id, session_id, sequence
            ), {EndAttempt}, told as (
                update invitations
                set sent_sequence = greatest(invitations.sent_sequence, ended.sequence)
                from ended
                where invitations.booking_id = ended.booking_id
                    and invitations.session_id = ended.session_id
                    and ended.sequence is not null
            )
            select count(*) from ended
            """,
            new { message.OutboxId, message.LeasedBy, now = clock.GetUtcNow(), outcome = AttemptOutcomes.Accepted, words = Shorten(words) },
            cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>Records a failed attempt: the message is tried again later, or is dead.</summary>
    /// <param name="message">The message.</param>
    /// <param name="failure">What happened.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<bool> MarkFailedAsync(ClaimedMessage message, DeliveryFailure failure, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var wait = failure.IsFinal ? null : RetryTimes.AfterAttempt(message.Attempts + 1);
        return EndAsync(
            $"""
            with ended as (
                update outbox
                set status = @status, due_at = @dueAt, last_error = @words,
                    may_have_left = @mayHaveLeft,
                    leased_by = null, leased_until = null
                where outbox_id = @outboxId and leased_by = @leasedBy and status = 'pending'
                returning outbox_id
            ), {EndAttempt}
            select count(*) from ended
            """,
            new
            {
                message.OutboxId,
                message.LeasedBy,
                now,
                status = wait is null ? "dead" : "pending",
                dueAt = now + (wait ?? TimeSpan.Zero),
                outcome = AttemptOutcomes.Of(failure),
                words = Shorten(failure.Words),
                mayHaveLeft = message.MayHaveLeft || failure.IsUnclear,
            },
            cancellationToken);
    }

    /// <summary>Takes a message out of the queue because there is nothing to tell any more.</summary>
    public Task<bool> DiscardAsync(ClaimedMessage message, string reason, CancellationToken cancellationToken) =>
        EndAsync(
            $"""
            with ended as (
                update outbox
                set status = 'discarded', last_error = @words, leased_by = null, leased_until = null
                where outbox_id = @outboxId and leased_by = @leasedBy and status = 'pending'
                returning outbox_id
            ), {EndAttempt}
            select count(*) from ended
            """,
            new
            {
                message.OutboxId,
                message.LeasedBy,
                now = clock.GetUtcNow(),
                outcome = AttemptOutcomes.Discarded,
                words = Shorten(reason),
            },
            cancellationToken);

    /// <summary>Gives back what a worker claimed and did not begin, so that nobody waits for its leases to end.</summary>
    public async Task ReleaseAsync(Guid workerId, CancellationToken cancellationToken) =>
        await ChangeAsync(
            "update outbox set leased_by = null, leased_until = null where leased_by = @workerId and status = 'pending'",
            new { workerId },
            cancellationToken);

    // The attempt under way is the message's latest; an older one without an end belongs to a worker that died.
    private const string EndAttempt =
        """
        attempt as (
            update outbox_attempts
            set ended_at = @now, outcome = @outcome, words = @words
            from ended
            where attempt_id = (
                select max(attempt_id) from outbox_attempts as latest where latest.outbox_id = ended.outbox_id)
        )
        """;

    private static string Shorten(string words) => words.Length <= 2000 ? words : words[..2000];

    private async Task<bool> EndAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)) > 0;
    }

    private async Task<bool> ChangeAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)) > 0;
    }
}
