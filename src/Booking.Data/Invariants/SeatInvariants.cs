namespace Booking.Data.Invariants;

/// <summary>A seat is a row, a live booking points at one seat, and what a department was promised is there until the release.</summary>
internal static class SeatInvariants
{
    public static IReadOnlyList<Invariant> List { get; } =
    [
        new(
            "seat.sold_twice",
            "A seat has more than one live booking.",
            """
            select run_id, max(booking_id) as booking_id, 'seat ' || seat_number as what
            from bookings
            where status <> 'cancelled'
            group by run_id, seat_number
            having count(*) > 1
            """),
        new(
            "seat.taken_without_booking",
            "A seat is taken, but no live booking has it.",
            """
            select seats.run_id, null::bigint as booking_id, 'seat ' || seats.number as what
            from seats
            left join bookings on bookings.run_id = seats.run_id and bookings.seat_number = seats.number
                and bookings.status <> 'cancelled'
            where seats.status = 'taken' and bookings.booking_id is null
            """),
        new(
            "seat.free_with_booking",
            "A live booking has a seat that is free or closed.",
            """
            select seats.run_id, bookings.booking_id, 'seat ' || seats.number as what
            from bookings
            join seats on seats.run_id = bookings.run_id and seats.number = bookings.seat_number
            where bookings.status <> 'cancelled' and seats.status <> 'taken'
            """),
        new(
            "seat.other_pool",
            "A live booking says that its seat is from another pool than the seat is.",
            """
            select seats.run_id, bookings.booking_id, 'seat ' || seats.number as what
            from bookings
            join seats on seats.run_id = bookings.run_id and seats.number = bookings.seat_number
            where bookings.status <> 'cancelled'
              and (bookings.pool <> seats.pool or (seats.pool = 'department' and bookings.department_id is distinct from seats.department_id))
            """),
        new(
            "run.capacity",
            "A published run has another number of seats than its capacity.",
            """
            select runs.run_id, null::bigint as booking_id, format('%s seats, capacity %s', count(seats.number), runs.capacity) as what
            from runs
            left join seats on seats.run_id = runs.run_id and seats.status <> 'closed'
            where runs.status in ('published', 'completed')
            group by runs.run_id
            having count(seats.number) <> runs.capacity
            """),
        new(
            "run.seats_too_early",
            "A draft has seats.",
            """
            select distinct runs.run_id, null::bigint as booking_id, null::text as what
            from runs
            join seats on seats.run_id = runs.run_id
            where runs.status = 'draft'
            """),
        new(
            "run.seats_still_open",
            "A cancelled run has a seat that is not closed.",
            """
            select runs.run_id, null::bigint as booking_id, 'seat ' || min(seats.number) as what
            from runs
            join seats on seats.run_id = runs.run_id and seats.status <> 'closed'
            where runs.status = 'cancelled'
            group by runs.run_id
            """),
        new(
            "run.guarantee",
            "Before the release a department has fewer or more guaranteed seats than it was allotted, handed back and swapped.",
            """
            with waiting_for_release as (
                select run_id from runs where status = 'published' and released_at is null),
            due as (
                select run_id, department_id, sum(seats) as seats
                from (
                    select run_id, department_id, seats from allotments where pool = 'department'
                    union all
                    select run_id, from_department_id, -seats from seat_transfers
                    union all
                    select run_id, to_department_id, seats from seat_transfers where to_department_id is not null) as moves
                join waiting_for_release using (run_id)
                group by run_id, department_id),
            there as (
                select run_id, department_id, count(*) as seats
                from seats
                join waiting_for_release using (run_id)
                where pool = 'department' and status <> 'closed'
                group by run_id, department_id)
            select run_id, null::bigint as booking_id,
                format('department %s has %s, due %s', department_id, coalesce(there.seats, 0), coalesce(due.seats, 0)) as what
            from due
            full join there using (run_id, department_id)
            where coalesce(there.seats, 0) <> coalesce(due.seats, 0)
            """),
        new(
            "run.released_half",
            "A released run has a free seat that only one pool may take.",
            """
            select seats.run_id, null::bigint as booking_id, 'seat ' || seats.number as what
            from runs
            join seats on seats.run_id = runs.run_id
            where runs.released_at is not null and runs.status = 'published' and seats.status = 'free' and seats.pool <> 'open'
            """),
    ];
}
