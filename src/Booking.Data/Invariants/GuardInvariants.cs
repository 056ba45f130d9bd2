namespace Booking.Data.Invariants;

/// <summary>The database's own refusals are in force: without them the other rules hold by luck.</summary>
internal static class GuardInvariants
{
    public static IReadOnlyList<Invariant> List { get; } =
    [
        new(
            "database.guard_missing",
            "A constraint that keeps seats from being sold twice, or the audit trail from being rewritten, is missing or switched off.",
            """
            select null::bigint as run_id, null::bigint as booking_id, guard.name as what
            from (values ('bookings_live_seat'), ('bookings_live_person'), ('waiting_list_live_person'), ('outbox_key'),
                ('sign_ups_waiting')) as guard (name)
            where not exists (
                select from pg_index
                where indexrelid = to_regclass(guard.name) and indisunique and indisvalid and indisready)
            union all
            select null, null, 'audit_entries_append_only'
            where not exists (
                select from pg_trigger
                where tgrelid = to_regclass('audit_entries') and tgname = 'audit_entries_append_only' and tgenabled <> 'D')
            union all
            select null, null, conname::text
            from pg_constraint
            where connamespace = current_schema()::regnamespace and not convalidated
            """),
    ];
}
