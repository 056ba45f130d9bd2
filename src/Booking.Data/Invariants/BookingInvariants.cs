namespace Booking.Data.Invariants;

/// <summary>A live booking has a run that takes place, one person at most once, and something that it waits for when it is held.</summary>
internal static class BookingInvariants
{
    public static IReadOnlyList<Invariant> List { get; } =
    [
        new(
            "booking.run_over",
            "A run that is cancelled, or not yet published, has a live booking.",
            """
            select bookings.run_id, bookings.booking_id, runs.status as what
            from bookings
            join runs on runs.run_id = bookings.run_id
            where runs.status in ('draft', 'cancelled') and bookings.status <> 'cancelled'
            """),
        new(
            "booking.person_twice",
            "A person has more than one live booking on a run.",
            """
            select run_id, max(booking_id) as booking_id, 'person ' || person_id as what
            from bookings
            where status <> 'cancelled' and person_id is not null
            group by run_id, person_id
            having count(*) > 1
            """),
        new(
            "booking.without_trail",
            "A booking has no row in the audit trail.",
            """
            select bookings.run_id, bookings.booking_id, null::text as what
            from bookings
            where not exists (select from audit_entries where audit_entries.booking_id = bookings.booking_id)
            """),
        new(
            "booking.held_too_long",
            "A seat is held although its time was over more than five minutes ago.",
            """
            select run_id, booking_id, held_for as what
            from bookings
            where status = 'held' and held_until < @now - interval '5 minutes'
            """),
        new(
            "sign_up.without_hold",
            "An external sign-up waits for its confirmation, but no seat is held for it until then.",
            """
            select sign_ups.run_id, sign_ups.booking_id, 'sign-up ' || sign_ups.sign_up_id as what
            from sign_ups
            left join bookings on bookings.booking_id = sign_ups.booking_id and bookings.run_id = sign_ups.run_id
                and bookings.status = 'held' and bookings.held_for = 'sign_up' and bookings.held_until = sign_ups.expires_at
            where sign_ups.status in ('pending', 'answered') and not sign_ups.is_for_waiting_list and bookings.booking_id is null
            """),
        new(
            "sign_up.hold_without",
            "A seat is held for an external sign-up that does not wait for its confirmation.",
            """
            select bookings.run_id, bookings.booking_id, null::text as what
            from bookings
            left join sign_ups on sign_ups.booking_id = bookings.booking_id and sign_ups.status in ('pending', 'answered')
            where bookings.status = 'held' and bookings.held_for = 'sign_up' and sign_ups.sign_up_id is null
            """),
        new(
            "approval.without_hold",
            "A leader is asked, but no seat is held until the answer.",
            """
            select asked.run_id, approvals.booking_id, 'approval ' || approvals.approval_id as what
            from approvals
            join bookings asked on asked.booking_id = approvals.booking_id
            where approvals.status = 'pending'
              and (asked.status <> 'held' or asked.held_for <> 'approval' or asked.held_until is distinct from approvals.expires_at)
            """),
        new(
            "approval.hold_without",
            "A seat is held for a leader's yes, but no leader is asked.",
            """
            select bookings.run_id, bookings.booking_id, null::text as what
            from bookings
            left join approvals on approvals.booking_id = bookings.booking_id and approvals.status = 'pending'
            where bookings.status = 'held' and bookings.held_for = 'approval' and approvals.approval_id is null
            """),
    ];
}
