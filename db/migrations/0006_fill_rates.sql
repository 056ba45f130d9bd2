-- The fill rate page counts what is not an ordinary booking: held seats and cancellations.

-- Reads nothing but itself for those two, and costs a named reservation nothing: 'booked' rows are not in it.
create index bookings_held_or_cancelled on bookings (run_id, status)
    include (is_late_cancellation, source, person_id) where status in ('held', 'cancelled');
-- Which runs belong to a plan year; every list of HR begins with it.
create index runs_plan_year on runs (plan_year, starts_at);
