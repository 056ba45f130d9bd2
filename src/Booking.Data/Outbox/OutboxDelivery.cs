using Dapper;
using Npgsql;

namespace Booking.Data.Outbox;

/// <summary>
/// The outbox as the worker sees it: claim, begin, keep the bytes, record; what comes in batches is one statement for all of them. Every
/// method is one short transaction of its own, so that nothing is locked while a mail is on its way. A message belongs to the worker whose lease stands in its row; every
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

    /// <summary>Counts an attempt at each and makes their leases whole ones again. From here on kept bytes may be on their way.</summary>
    /// <param name="messages">Claimed by one worker.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Those that were still the worker's.</returns>
    public async Task<IReadOnlyList<ClaimedMessage>> BeginAsync(IReadOnlyList<ClaimedMessage> messages, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var begun = (await connection.QueryAsync<long>(new CommandDefinition(
            """
            with begun as (
                update outbox
                set attempts = attempts + 1, leased_until = @until, may_have_left = may_have_left or message is not null
                where outbox_id = any(@ids) and leased_by = @workerId and leased_until > @now and status = 'pending'
                returning outbox_id
            )
            insert into outbox_attempts (outbox_id, began_at)
            select outbox_id, @now from begun
            returning outbox_id
            """,
            new { ids = messages.Select(message => message.OutboxId).ToArray(), workerId = messages[0].LeasedBy, now, until = now + Lease },
            cancellationToken: cancellationToken))).ToHashSet();
        return [.. messages.Where(message => begun.Contains(message.OutboxId))];
    }

    /// <summary>Makes as if attempts had not been begun of which nothing was sent, and gives the messages back.</summary>
    public Task TakeBackAsync(IReadOnlyList<ClaimedMessage> messages, CancellationToken cancellationToken) =>
        ChangeAsync(
            """
            with back as (
                update outbox
                set attempts = attempts - 1, may_have_left = given.may_have_left, leased_by = null, leased_until = null
                from unnest(@ids, @mayHaveLeft) as given (outbox_id, may_have_left)
                where outbox.outbox_id = given.outbox_id and leased_by = @workerId and status = 'pending'
                returning outbox.outbox_id
            )
            delete from outbox_attempts
            where attempt_id in (select (select max(attempt_id) from outbox_attempts where outbox_attempts.outbox_id = back.outbox_id) from back)
            """,
            new
            {
                ids = messages.Select(message => message.OutboxId).ToArray(),
                mayHaveLeft = messages.Select(message => message.MayHaveLeft).ToArray(),
                workerId = messages[0].LeasedBy,
            },
            cancellationToken);

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

    /// <summary>Records that the mail server took messages, and what the participants' calendars now show.</summary>
    /// <param name="sent">Claimed by one worker.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many were still the worker's.</returns>
    public async Task<int> MarkSentAsync(IReadOnlyList<SentMessage> sent, CancellationToken cancellationToken)
    {
        var recorded = await MarkSentAsync(sent, waits: sent.Count == 1, cancellationToken);
        var count = recorded.Count;
        foreach (var mail in sent.Where(mail => sent.Count > 1 && !recorded.Contains(mail.Message.OutboxId)))
        {
            count += (await MarkSentAsync([mail], waits: true, cancellationToken)).Count;
        }

        return count;
    }

    // A decision may have events of several bookings locked and want more of them. Whoever waits for it here must not hold any
    // other event, or both would wait for each other: many at once are taken only as far as they are free.
    private async Task<HashSet<long>> MarkSentAsync(IReadOnlyList<SentMessage> sent, bool waits, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(
            $"""
            with given as (
                select outbox_id, words from unnest(@ids, @words) as given (outbox_id, words)
            ), event as (
                select invitations.booking_id, invitations.session_id
                from given
                join outbox using (outbox_id)
                join invitations using (booking_id, session_id)
                for no key update of invitations {(waits ? "" : "skip locked")}
            ), ended as (
                update outbox
                set status = 'sent', sent_at = @now, leased_by = null, leased_until = null, last_error = null
                from given
                where outbox.outbox_id = given.outbox_id and leased_by = @workerId and status = 'pending'
                    and (sequence is null or (booking_id, session_id) in (select booking_id, session_id from event))
                returning outbox.outbox_id, booking_id, session_id, sequence, given.words
            ), attempt as (
                update outbox_attempts
                set ended_at = @now, outcome = @outcome, words = ended.words
                from ended
                where attempt_id = (
                    select max(attempt_id) from outbox_attempts as latest where latest.outbox_id = ended.outbox_id)
            ), told as (
                update invitations
                set sent_sequence = greatest(invitations.sent_sequence, ended.sequence)
                from ended
                where invitations.booking_id = ended.booking_id
                    and invitations.session_id = ended.session_id
                    and ended.sequence is not null
            )
            select outbox_id from ended
            """,
            new
            {
                ids = sent.Select(mail => mail.Message.OutboxId).ToArray(),
                words = sent.Select(mail => Shorten(mail.Words)).ToArray(),
                workerId = sent[0].Message.LeasedBy,
                now = clock.GetUtcNow(),
                outcome = AttemptOutcomes.Accepted,
            },
            cancellationToken: cancellationToken))];
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

    /// <summary>Takes a message out of the queue because there is nothing to tell any more. This attempt sent nothing, so what may have left is what it was before.</summary>
    public Task<bool> DiscardAsync(ClaimedMessage message, string reason, CancellationToken cancellationToken) =>
        EndAsync(
            $"""
            with ended as (
                update outbox
                set status = 'discarded', last_error = @words, may_have_left = @mayHaveLeft, leased_by = null, leased_until = null
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
                message.MayHaveLeft,
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
