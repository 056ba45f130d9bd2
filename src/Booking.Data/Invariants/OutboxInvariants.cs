namespace Booking.Data.Invariants;

/// <summary>The queue of mails: each once, in its order, in one worker's hands, and with a reason when it does not leave.</summary>
internal static class OutboxInvariants
{
    public static IReadOnlyList<Invariant> List { get; } =
    [
        new(
            "outbox.twice",
            "The same mail stands in the outbox more than once.",
            """
            select null::bigint as run_id, null::bigint as booking_id, 'mail ' || max(outbox_id) as what
            from outbox
            group by key
            having count(*) > 1
            """),
        new(
            "outbox.without_reason",
            "A mail was given up or taken out of the queue without a reason.",
            """
            select run_id, booking_id, 'mail ' || outbox_id as what
            from outbox
            where status in ('dead', 'discarded') and coalesce(last_error, '') = ''
            """),
        new(
            "outbox.lease_left",
            "A mail that is done belongs to a worker, or a lease has no owner or no end.",
            """
            select run_id, booking_id, 'mail ' || outbox_id as what
            from outbox
            where (leased_by is null) <> (leased_until is null) or (leased_by is not null and status <> 'pending')
            """),
        // One that was given up lets those behind it leave, and may be tried again after them.
        new(
            "outbox.overtaken",
            "A mail has left before one that stood in front of it in its queue.",
            """
            select waiting.run_id, waiting.booking_id, 'mail ' || waiting.outbox_id as what
            from outbox waiting
            join outbox sent on sent.queue = waiting.queue and sent.outbox_id > waiting.outbox_id and sent.status = 'sent'
            where waiting.status = 'pending'
              and not exists (
                select from audit_entries
                where action = 'outbox.retried' and (details ->> 'outbox_id')::bigint = waiting.outbox_id)
            """),
        new(
            "outbox.sent_without_time",
            "A mail is marked as sent without a time, or has a time without being sent.",
            """
            select run_id, booking_id, 'mail ' || outbox_id as what
            from outbox
            where (status = 'sent') <> (sent_at is not null)
            """),
    ];
}
