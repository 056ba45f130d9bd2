using Booking.Data.Invitations;
using Booking.Data.Runs;
using Dapper;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>Bookings as the use cases write them. What screens read is in <see cref="BookingListRepository"/>.</summary>
public sealed class BookingRepository
{
    private const string SelectRun =
        """
        select run_id, code as run_code, status, starts_at, sign_up_opens_at, sign_up_closes_at, cancellation_deadline_at,
            released_at is not null as is_released, waiting_list_mode, offer_working_hours, requires_approval
        from runs
        where run_id = @runId
        """;

    // The list stands in a subquery because a bare parameter makes PostgreSQL plan the statement anew each time.
    private const string SelectCandidates =
        """
        select people.person_id, people.name, people.email, people.leader_email, people.language, people.department_id,
            leader.name as leader_name, bookings.reference as live_booking
        from people
        left join people leader on lower(leader.email) = lower(people.leader_email)
        left join bookings on bookings.run_id = @runId and bookings.person_id = people.person_id
            and bookings.status <> 'cancelled'
        where people.person_id = any((select @personIds)::bigint[]) and people.is_active
          and (@departmentId is null or people.department_id = @departmentId)
        """;

    /// <summary>What decides whether seats of a run can be taken now; null when there is no such run.</summary>
    internal async Task<RunTimes?> FindRunAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<RunTimes>(new CommandDefinition(
            SelectRun,
            new { runId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The same, with the run locked: see docs/adr/0007-locks.md for who takes this lock and who does not.</summary>
    /// <remarks>Of several runs the one with the smaller id is locked first.</remarks>
    internal async Task<RunTimes?> LockRunAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<RunTimes>(new CommandDefinition(
            $"{SelectRun} for no key update",
            new { runId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The run of a booking, to be locked before the booking is; null when this scope may see no such booking.</summary>
    internal async Task<long?> FindRunIdAsync(
        NpgsqlTransaction transaction, Guid reference, BookingScope scope, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            $"select bookings.run_id from bookings where bookings.reference = @reference and {BookingScope.Condition}",
            scope.With(reference),
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Makes reservations of the same person on the same run take turns.</summary>
    /// <remarks>See <see cref="LockForReservationAsync"/>, which does it among other things.</remarks>
    internal async Task LockPeopleAsync(
        NpgsqlTransaction transaction, long runId, IReadOnlyCollection<long> personIds, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            select pg_advisory_xact_lock(hashtextextended('booking/' || @runId || '/' || person_id, 0))
            from (select person_id from unnest(@personIds) as person_id order by person_id) as people
            """,
            new { runId, personIds = personIds.ToArray() },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>
    /// Makes others wait who want to book this person on this run, when nobody does now; false when somebody does, without
    /// waiting: for those who hold the run's lock already.
    /// </summary>
    internal async Task<bool> TryLockPersonAsync(
        NpgsqlTransaction transaction, long runId, long personId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select pg_try_advisory_xact_lock(hashtextextended('booking/' || @runId || '/' || @personId, 0))",
            new { runId, personId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Somebody who may be booked on a run, whichever department it is; null when not active.</summary>
    internal async Task<Candidate?> FindCandidateAsync(
        NpgsqlTransaction transaction, long runId, long personId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<Candidate>(new CommandDefinition(
            SelectCandidates,
            new { runId, departmentId = (long?)null, personIds = new[] { personId } },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Somebody who has a booking, active or not.</summary>
    internal async Task<Candidate> FindPersonAsync(NpgsqlTransaction transaction, long personId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<Candidate>(new CommandDefinition(
            """
            select people.person_id, people.name, people.email, people.leader_email, people.language, people.department_id,
                leader.name as leader_name
            from people
            left join people leader on lower(leader.email) = lower(people.leader_email)
            where people.person_id = @personId
            """,
            new { personId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>What a reservation is decided on: the run, and which of the people are the department's and free to be booked.</summary>
    /// <remarks>
    /// Four questions in one round trip. The second makes reservations of the same person on the same run take turns, and
    /// the third must be a statement of its own, so that it sees what the one before it in the queue has committed. Without
    /// the lock the unique index would still refuse the second booking, but both would have taken a seat by then, and whoever
    /// came between would be told that none is left. Locked in order, so that two groups cannot wait in a circle.
    /// For the rest of the transaction PostgreSQL keeps the plans that it has: left to itself it plans the statement that takes the
    /// seats anew at every reservation, which costs more than carrying it out (docs/bench.md).
    /// </remarks>
    internal async Task<ReservationFacts> LockForReservationAsync(
        NpgsqlTransaction transaction, long runId, long departmentId, IReadOnlyCollection<long> personIds, CancellationToken cancellationToken)
    {
        await using var answers = await transaction.Connection!.QueryMultipleAsync(new CommandDefinition(
            $"""
            set local plan_cache_mode = force_generic_plan;

            {SelectRun};

            select count(pg_advisory_xact_lock(hashtextextended('booking/' || @runId || '/' || person_id, 0)))
            from (select person_id from unnest(@personIds) as person_id order by person_id) as people;

            {SelectCandidates};

            {OverlapRepository.Select}
            """,
            new { runId, departmentId, personIds = personIds.ToArray() },
            transaction,
            cancellationToken: cancellationToken));
        var run = await answers.ReadSingleOrDefaultAsync<RunTimes>();
        await answers.ReadSingleAsync<long>();
        return new ReservationFacts(run, (await answers.ReadAsync<Candidate>()).AsList(), (await answers.ReadAsync<Overlap>()).AsList());
    }

    /// <summary>Employees of one department among <paramref name="personIds"/>, each with the live booking it has on the run.</summary>
    internal async Task<IReadOnlyList<Candidate>> ListCandidatesAsync(
        NpgsqlTransaction transaction, long runId, long departmentId, IReadOnlyCollection<long> personIds, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<Candidate>(new CommandDefinition(
            SelectCandidates,
            new { runId, departmentId, personIds = personIds.ToArray() },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>
    /// Takes a seat for each person while there are some, the department's own before the open ones, and inserts the booking
    /// and its calendar events: one row per seat taken and session. A seat without a booking in its row was taken for a person
    /// who got a live booking on the run in the meantime, and must be freed.
    /// </summary>
    /// <remarks>
    /// One statement instead of four, because each is a round trip. How seats are picked: <see cref="SeatRepository"/>; why the
    /// sessions are locked: <see cref="Invitations.InvitationRepository.InsertAsync"/>.
    /// Rows are inserted by person, so that two reservations of the same people cannot wait for each other in a circle.
    /// </remarks>
    internal async Task<IReadOnlyList<TakenSeat>> TakeSeatsAsync(
        NpgsqlTransaction transaction, NewBookings bookings, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<TakenSeat>(new CommandDefinition(
            $"""
            with {SeatRepository.OwnSeats("case when @HasOwnSeats then @Wanted else 0 end")},
            {SeatRepository.SharedSeats("@Wanted - (select count(*) from own)")},
            taken as (
                update seats set status = 'taken'
                from (select number from own
                      union all select number from after_start
                      union all select number from before_start) as picked
                where seats.run_id = @RunId and seats.number = picked.number
                returning seats.number, seats.pool),
            placed as (
                select person_id, number, pool
                from (select number, pool, row_number() over (order by pool = 'open', number) as place from taken) as seat
                join unnest(@PersonIds) with ordinality as person (person_id, place) using (place)),
            booked as (
                insert into bookings (run_id, seat_number, person_id, department_id, pool, status, held_for, held_until, source, booked_by, booked_at)
                select @RunId, number, person_id, @DepartmentId, pool,
                    case when awaits then 'held' else 'booked' end, case when awaits then 'approval' end,
                    case when awaits then @ApprovalUntil::timestamptz end, 'secretary', @BookedBy, @BookedAt
                from placed
                cross join lateral (select person_id = any(@AwaitingApproval) as awaits) as approval
                order by person_id
                on conflict (run_id, person_id) where status <> 'cancelled' and person_id is not null do nothing
                returning booking_id, reference, person_id, seat_number, status),
            live as (
                select session_id, number from sessions
                where run_id = @RunId and cancelled_at is null
                order by session_id
                for share),
            invited as (
                insert into invitations (booking_id, session_id)
                select booked.booking_id, live.session_id
                from booked
                cross join live
                where booked.status = 'booked'
                order by booked.booking_id, live.number
                returning booking_id, session_id, sequence),
            waits_no_more as (
                update waiting_list_entries
                set status = 'accepted', ended_at = @BookedAt, booking_id = booked.booking_id
                from booked
                where waiting_list_entries.run_id = @RunId and waiting_list_entries.person_id = booked.person_id
                  and waiting_list_entries.status = 'waiting')
            select taken.number as seat_number, taken.pool, booked.booking_id, booked.reference, booked.person_id,
                invited.session_id, invited.sequence
            from taken
            left join booked on booked.seat_number = taken.number
            left join invited on invited.booking_id = booked.booking_id
            order by booked.booking_id, invited.session_id
            """,
            new
            {
                bookings.RunId,
                bookings.DepartmentId,
                bookings.BookedBy,
                bookings.BookedAt,
                bookings.HasOwnSeats,
                AwaitingApproval = bookings.AwaitingApproval.ToArray(),
                bookings.ApprovalUntil,
                Kind = SeatPool.Open.Kind,
                Wanted = bookings.PersonIds.Count,
                PersonIds = bookings.PersonIds.ToArray(),
                Start = Random.Shared.NextDouble(),
            },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>
    /// Books one person on a seat that the transaction has; held instead of booked when something is still waited for.
    /// </summary>
    /// <returns>The booking; null when the person has a live one on the run.</returns>
    internal async Task<PlacedBooking?> InsertAsync(
        NpgsqlTransaction transaction, NewBooking booking, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<PlacedBooking>(new CommandDefinition(
            """
            insert into bookings (run_id, seat_number, person_id, department_id, pool, status, held_for, held_until, source,
                booked_by, booked_at, external_price, ean, replaces_booking_id)
            select @RunId, @SeatNumber, @PersonId, @DepartmentId, seats.pool, case when @HeldFor::text is null then 'booked' else 'held' end,
                @HeldFor, @HeldUntil, @Source, @BookedBy, @BookedAt, @ExternalPrice, @Ean, @Replaces
            from seats
            where seats.run_id = @RunId and seats.number = @SeatNumber and seats.status = 'taken'
            on conflict (run_id, person_id) where status <> 'cancelled' and person_id is not null do nothing
            returning booking_id, reference, seat_number, pool
            """,
            booking,
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>What a held booking waited for has come: it is this person's and booked, or waits for the next thing.</summary>
    /// <returns>Whether it was held for <paramref name="heldFor"/> until now.</returns>
    internal async Task<bool> SettleHoldAsync(
        NpgsqlTransaction transaction, long bookingId, string heldFor, long personId, NextHold? next, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update bookings
            set status = case when @nextFor::text is null then 'booked' else 'held' end, held_for = coalesce(@nextFor, held_for),
                held_until = @nextUntil, person_id = @personId
            where booking_id = @bookingId and status = 'held' and held_for = @heldFor
            """,
            new { bookingId, heldFor, personId, nextFor = next?.For, nextUntil = next?.Until },
            transaction,
            cancellationToken: cancellationToken)) == 1;

    /// <summary>Holds a seat for an external person who has not confirmed yet.</summary>
    internal async Task<long> InsertHoldAsync(NpgsqlTransaction transaction, NewHold hold, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<long>(new CommandDefinition(
            """
            insert into bookings (run_id, seat_number, pool, status, held_for, held_until, source, booked_by, booked_at, external_price, ean)
            select @RunId, @SeatNumber, seats.pool, 'held', 'sign_up', @HeldUntil, 'sign_up', 'external', @BookedAt, @ExternalPrice, @Ean
            from seats
            where seats.run_id = @RunId and seats.number = @SeatNumber
            returning booking_id
            """,
            hold,
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Turns a hold into a booking, unless it lapsed or the person has another live booking on the run.</summary>
    /// <returns>Whether it was done.</returns>
    internal async Task<bool> ConfirmHoldAsync(
        NpgsqlTransaction transaction, long bookingId, long personId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update bookings set status = 'booked', person_id = @personId, held_until = null
            where booking_id = @bookingId and status = 'held'
              and not exists (
                select 1 from bookings other
                where other.run_id = bookings.run_id and other.person_id = @personId and other.status <> 'cancelled')
            """,
            new { bookingId, personId },
            transaction,
            cancellationToken: cancellationToken)) == 1;

    /// <summary>Cancels a booking that is held or booked.</summary>
    /// <returns>The number of the seat that it had; null when it was not live any more.</returns>
    internal async Task<int?> CancelAsync(NpgsqlTransaction transaction, Cancellation cancellation, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<int?>(new CommandDefinition(
            """
            update bookings
            set status = 'cancelled', cancelled_by = @CancelledBy, cancelled_at = @CancelledAt, is_late_cancellation = @IsLate,
                held_until = null
            where booking_id = @BookingId and status in ('held', 'booked')
            returning seat_number
            """,
            cancellation,
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The sector of the external person who has a booking; null when an employee has it, or nobody.</summary>
    internal async Task<string?> FindExternalSectorAsync(
        NpgsqlTransaction transaction, Guid reference, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            """
            select people.sector
            from bookings
            join people on people.person_id = bookings.person_id and people.kind = 'external'
            where bookings.reference = @reference and bookings.department_id is null
            """,
            new { reference },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Locks a booking by its id; null when there is none.</summary>
    internal async Task<BookingForChange?> FindForUpdateAsync(
        NpgsqlTransaction transaction, long bookingId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<BookingForChange>(new CommandDefinition(
            $"""
            select {BookingForChange.Columns}
            from bookings
            left join people on people.person_id = bookings.person_id
            where bookings.booking_id = @bookingId
            for update of bookings
            """,
            new { bookingId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Locks a booking for a change; null when there is none that this scope may see.</summary>
    /// <remarks>The row lock keeps two cancellations, or a cancellation and a substitution, of one booking apart.</remarks>
    internal async Task<BookingForChange?> FindForUpdateAsync(
        NpgsqlTransaction transaction, Guid reference, BookingScope scope, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<BookingForChange>(new CommandDefinition(
            $"""
            select {BookingForChange.Columns}
            from bookings
            left join people on people.person_id = bookings.person_id
            where bookings.reference = @reference and {BookingScope.Condition}
            for update of bookings
            """,
            scope.With(reference),
            transaction,
            cancellationToken: cancellationToken));
}
