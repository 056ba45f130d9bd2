using Npgsql;

namespace Booking.TestSupport;

/// <summary>Thousands of people with a seat on one run and an invitation in the outbox: in bulk, where making them by the use cases would take minutes.</summary>
public sealed class ManyInvitations(NpgsqlDataSource dataSource)
{
    private readonly TestData _data = new(dataSource, TimeProvider.System);

    /// <summary>Adds people, bookings on a run of their own, events and their invitations, and wakes the workers.</summary>
    public async Task AddAsync(int count)
    {
        var department = await _data.AddDepartmentAsync();
        var run = await _data.AddRunAsync(await _data.AddCourseAsync(title: "Ro & nærvær"));
        await _data.AddSeatsAsync(run, count);
        await _data.ExecuteAsync(
            """
            with invited as (
                insert into people (kind, employee_number, name, email, department_id, position)
                select 'employee', 'many' || @run || '/' || n, 'Åse ' || n, 'p' || @run || '.' || n || '@example.org', @department, 'Læge'
                from generate_series(1, @count) as n
                returning person_id, email, name
            ), booked as (
                insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
                select @run, row_number() over (), person_id, @department, 'open', 'booked', 'secretary', 's@example.org', now()
                from invited
                returning booking_id, person_id
            ), told as (
                insert into invitations (booking_id, session_id)
                select booking_id, session_id from booked cross join sessions where run_id = @run
                returning booking_id, session_id
            )
            insert into outbox (key, kind, queue, run_id, booking_id, session_id, recipient_email, recipient_name, created_at, due_at)
            select 'booking.invitation/' || booking_id || '/' || session_id || '/0', 'booking.invitation', 'b' || booking_id || '/s' || session_id,
                @run, booking_id, session_id, email, name, now(), now()
            from told join booked using (booking_id) join invited using (person_id);
            notify outbox
            """,
            new { run, department, count });
    }

    /// <summary>Cancels events whose invitation may have left, first those of which nobody knows yet, and a few that a worker is about to render.</summary>
    /// <returns>How many.</returns>
    public Task<int> CancelAsync(int count) => _data.ScalarAsync<int>(
        """
        with chosen as (
            select booking_id, session_id, run_id, recipient_email
            from invitations join outbox using (booking_id, session_id)
            where invitations.status = 'active' and kind = 'booking.invitation'
                and (may_have_left or (leased_until is not null and random() < 0.01))
            order by outbox.status = 'sent', random()
            limit @count
        ), cancelled as (
            update invitations set status = 'cancelled', sequence = sequence + 1
            from chosen
            where invitations.booking_id = chosen.booking_id and invitations.session_id = chosen.session_id
            returning invitations.booking_id, invitations.session_id, run_id, recipient_email
        ), told as (
            insert into outbox (key, kind, queue, run_id, booking_id, session_id, recipient_email, created_at, due_at)
            select 'booking.cancellation/' || booking_id || '/' || session_id || '/1', 'booking.cancellation',
                'b' || booking_id || '/s' || session_id, run_id, booking_id, session_id, recipient_email, now(), now()
            from cancelled
            returning outbox_id
        )
        select count(*)::int from told
        """,
        new { count });
}
