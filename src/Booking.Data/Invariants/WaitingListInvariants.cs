using Booking.Data.WaitingLists;

namespace Booking.Data.Invariants;

/// <summary>Nobody waits beside a free seat, and an offer is a seat that is held.</summary>
internal static class WaitingListInvariants
{
    public static IReadOnlyList<Invariant> List { get; } =
    [
        // A person whom somebody was booking in the moment a seat became free is left to the sweep, so a run where something
        // happened within the last minute is not looked at.
        new(
            "waiting_list.seat_beside",
            "A free seat stands beside a person who has waited for it for more than a minute.",
            $"""
            select waiting_list_entries.run_id, null::bigint as booking_id, 'entry ' || min(waiting_list_entries.entry_id) as what
            from waiting_list_entries
            join runs on runs.run_id = waiting_list_entries.run_id
            join people on people.person_id = waiting_list_entries.person_id
            where waiting_list_entries.status = 'waiting' and waiting_list_entries.joined_at <= @now - @patience
              and runs.status = 'published' and runs.sign_up_opens_at <= @now and runs.sign_up_closes_at > @now
              and people.is_active and {WaitingListRepository.EligibleSeat}
              and not exists (
                select from audit_entries
                where audit_entries.run_id = runs.run_id and audit_entries.at > @now - @patience)
            group by waiting_list_entries.run_id
            """),
        new(
            "waiting_list.booked",
            "A person waits for a run, but has a live booking on it.",
            """
            select bookings.run_id, bookings.booking_id, 'entry ' || waiting_list_entries.entry_id as what
            from waiting_list_entries
            join bookings on bookings.run_id = waiting_list_entries.run_id
                and bookings.person_id = waiting_list_entries.person_id and bookings.status <> 'cancelled'
            where waiting_list_entries.status = 'waiting'
            """),
        new(
            "waiting_list.run_over",
            "Somebody waits for a run that is cancelled.",
            """
            select waiting_list_entries.run_id, waiting_list_entries.booking_id, 'entry ' || waiting_list_entries.entry_id as what
            from waiting_list_entries
            join runs on runs.run_id = waiting_list_entries.run_id
            where waiting_list_entries.status in ('waiting', 'offered') and runs.status in ('draft', 'cancelled')
            """),
        new(
            "offer.without_hold",
            "A person was offered a seat, but none is held for that person until the offer ends.",
            """
            select offer.run_id, offer.booking_id, 'entry ' || offer.entry_id as what
            from waiting_list_entries offer
            left join bookings on bookings.booking_id = offer.booking_id and bookings.run_id = offer.run_id
                and bookings.person_id = offer.person_id and bookings.status = 'held' and bookings.held_for = 'offer'
                and bookings.held_until = offer.offer_expires_at
            where offer.status = 'offered' and bookings.booking_id is null
            """),
        new(
            "offer.hold_without",
            "A seat is held for an offer that nobody has.",
            """
            select bookings.run_id, bookings.booking_id, null::text as what
            from bookings
            left join waiting_list_entries offer on offer.booking_id = bookings.booking_id and offer.status = 'offered'
            where bookings.status = 'held' and bookings.held_for = 'offer' and offer.entry_id is null
            """),
    ];
}
