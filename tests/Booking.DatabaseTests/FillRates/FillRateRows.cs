using Booking.TestSupport;

namespace Booking.DatabaseTests.FillRates;

/// <summary>Makes bookings seat by seat, so that every figure can be worked out by hand.</summary>
internal static class FillRateRows
{
    /// <summary>Takes the run's first free seats of a pool with named bookings.</summary>
    public static Task BookAsync(this TestData data, long runId, int seats, long? departmentId = null, string pool = "department", string status = "booked") =>
        data.ExecuteAsync(
            """
            with picked as (
                select number from seats
                where run_id = @runId and pool = @pool and department_id is not distinct from @departmentId and status = 'free'
                order by number limit @seats
            ), taken as (
                update seats set status = 'taken' from picked where seats.run_id = @runId and seats.number = picked.number
                returning seats.number
            ), persons as (
                insert into people (kind, name, email, sector)
                select 'external', 'Navn ' || number, gen_random_uuid() || '@example.org', 'other' from taken
                returning person_id
            ), numbered as (
                select number, row_number() over (order by number) as position from taken
            ), named as (
                select person_id, row_number() over (order by person_id) as position from persons
            )
            insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at, held_for, held_until)
            select @runId, number, case when @status <> 'held' then person_id end, @departmentId, @pool, @status,
                case when @pool = 'external' then 'sign_up' else 'secretary' end, 'x@example.org', now(),
                case when @status = 'held' then case when @pool = 'external' then 'sign_up' else 'name' end end,
                case when @status = 'held' then now() end
            from numbered join named using (position)
            """,
            new { runId, seats, departmentId, pool, status });

    /// <summary>A cancelled booking on a seat that is free again.</summary>
    public static Task AddCancelledAsync(this TestData data, long runId, bool isLate = false, string source = "secretary", bool isNamed = true) =>
        data.ExecuteAsync(
            """
            with person as (
                insert into people (kind, name, email, sector) select 'external', 'Navn', gen_random_uuid() || '@example.org', 'other' where @isNamed
                returning person_id
            )
            insert into bookings (run_id, seat_number, person_id, pool, status, source, booked_by, booked_at, cancelled_by, cancelled_at, is_late_cancellation)
            values (@runId, 1, (select person_id from person), 'open', 'cancelled', @source, 'x@example.org', now(), 'x@example.org', now(), @isLate)
            """,
            new { runId, isLate, source, isNamed });

    /// <summary>What the release does: free guaranteed seats go to the open pool.</summary>
    public static Task ReleaseAsync(this TestData data, long runId) => data.ExecuteAsync(
        """
        update seats set pool = 'open', department_id = null where run_id = @runId and status = 'free';
        update runs set released_at = release_at where run_id = @runId
        """,
        new { runId });

    /// <summary>What cancelling a run does to its seats and bookings.</summary>
    public static Task CancelRunAsync(this TestData data, long runId) => data.ExecuteAsync(
        """
        update bookings set status = 'cancelled', cancelled_at = now() where run_id = @runId and status <> 'cancelled';
        update seats set status = 'closed' where run_id = @runId;
        update runs set status = 'cancelled', cancelled_at = now() where run_id = @runId
        """,
        new { runId });

    /// <summary>Moves a run and its release to local wall-clock times in Copenhagen.</summary>
    public static Task MoveAsync(this TestData data, long runId, string starts, string release) => data.ExecuteAsync(
        """
        update runs set starts_at = @starts::timestamp at time zone time_zone, ends_at = @starts::timestamp at time zone time_zone + interval '7 hours',
            release_at = @release::timestamp at time zone time_zone, sign_up_opens_at = @starts::timestamp at time zone time_zone - interval '90 days',
            sign_up_closes_at = @release::timestamp at time zone time_zone,
            cancellation_deadline_at = @release::timestamp at time zone time_zone, plan_year = extract(year from @starts::timestamp)
        where run_id = @runId
        """,
        new { runId, starts, release });
}
