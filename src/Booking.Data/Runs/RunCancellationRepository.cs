using Booking.Data.Bookings;
using Booking.Data.Swaps;
using Dapper;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>What ends with a run, each in one statement however many it concerns.</summary>
public sealed class RunCancellationRepository
{
    /// <summary>Sign-ups that are not confirmed yet, locked before the run as those who confirm them do.</summary>
    internal async Task LockSignUpsAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "select from sign_ups where run_id = @runId and status in ('pending', 'answered') order by sign_up_id for update",
            new { runId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Closes every seat: a reservation finds none from now on.</summary>
    /// <remarks>
    /// Without <c>skip locked</c>: the statement waits for each reservation under way, and what that has booked is seen, and
    /// ended, by the statements after this one.
    /// </remarks>
    internal async Task CloseSeatsAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            with every as materialized (
                select number from seats where run_id = @runId order by number for update
            )
            update seats set status = 'closed'
            from every
            where seats.run_id = @runId and seats.number = every.number
            """,
            new { runId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>A run that does not take place has no attendance.</summary>
    internal async Task RemoveAttendanceAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            delete from attendance_marks
            using bookings
            where bookings.booking_id = attendance_marks.booking_id and bookings.run_id = @runId;

            update runs set attendance_settled_at = null, attendance_assumed = false
            where run_id = @runId and attendance_settled_at is not null
            """,
            new { runId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>
    /// Ends every live booking of the run: the held ones too, and those who were marked in the hour before it was to begin. None of
    /// them is late: it was not the people's doing.
    /// </summary>
    internal async Task<IReadOnlyList<RunEndedBooking>> EndBookingsAsync(
        NpgsqlTransaction transaction, long runId, string cancelledBy, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<RunEndedBooking>(new CommandDefinition(
            """
            with live as materialized (
                select booking_id, status from bookings
                where run_id = @runId and status <> 'cancelled'
                order by booking_id
                for update
            ), ended as (
                update bookings
                set status = 'cancelled', cancelled_by = @cancelledBy, cancelled_at = @now, is_late_cancellation = false, held_until = null
                from live
                where bookings.booking_id = live.booking_id
                returning bookings.booking_id, bookings.person_id, bookings.department_id, bookings.seat_number, bookings.held_for,
                    live.status = 'held' as was_held
            )
            select ended.*, people.name, people.email, people.language
            from ended
            left join people on people.person_id = ended.person_id
            order by ended.booking_id
            """,
            new { runId, cancelledBy, now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Leaders' answers are not needed any more.</summary>
    internal async Task<IReadOnlyList<VoidApproval>> VoidApprovalsAsync(
        NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<VoidApproval>(new CommandDefinition(
            """
            update approvals set status = 'void', decided_at = @now
            from bookings
            where bookings.run_id = @runId and approvals.booking_id = bookings.booking_id and approvals.status = 'pending'
            returning approvals.approval_id, approvals.booking_id, approvals.leader_email
            """,
            new { runId, now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Ends the waiting list: those who wait and those who have an offer.</summary>
    internal async Task<IReadOnlyList<RunEndedEntry>> EndWaitingListAsync(
        NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<RunEndedEntry>(new CommandDefinition(
            """
            with ended as (
                update waiting_list_entries set status = 'expired', ended_at = @now
                where run_id = @runId and status in ('waiting', 'offered')
                returning entry_id, person_id, department_id
            )
            select ended.entry_id, ended.person_id, ended.department_id, people.name, people.email, people.language
            from ended
            join people on people.person_id = ended.person_id
            order by ended.entry_id
            """,
            new { runId, now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Ends sign-ups that are not confirmed.</summary>
    /// <returns>Those that waited for a confirmation: somebody may be about to give it.</returns>
    internal async Task<IReadOnlyList<SignUpRow>> EndSignUpsAsync(
        NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<SignUpRow>(new CommandDefinition(
            $"""
            with waiting as materialized (
                select sign_up_id, status as was from sign_ups
                where run_id = @runId and status in ('pending', 'answered')
                order by sign_up_id
                for update
            ), ended as (
                update sign_ups set status = 'expired'
                from waiting
                where sign_ups.sign_up_id = waiting.sign_up_id
                returning sign_ups.*, waiting.was
            )
            select {SignUpRow.Columns} from ended where was = 'pending' order by sign_up_id
            """,
            new { runId },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Nobody can swap seats of this run any more.</summary>
    /// <returns>The proposals.</returns>
    internal async Task<IReadOnlyList<SeatSwap>> WithdrawSwapsAsync(
        NpgsqlTransaction transaction, long runId, string decidedBy, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<SeatSwap>(new CommandDefinition(
            $"""
            update seat_swaps set status = 'withdrawn', decided_by = @decidedBy, decided_at = @now
            where status = 'proposed' and (offered_run_id = @runId or wanted_run_id = @runId)
            returning {SeatSwap.Columns}
            """,
            new { runId, decidedBy, now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>The secretaries of departments that held seats without names, and how many seats that were.</summary>
    internal async Task<IReadOnlyList<HoldingSecretary>> ListHoldingSecretariesAsync(
        NpgsqlTransaction transaction, IReadOnlyCollection<long> bookingIds, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<HoldingSecretary>(new CommandDefinition(
            """
            select department_secretaries.email, count(*)::int as seats
            from bookings
            join department_secretaries on department_secretaries.department_id = bookings.department_id
            where bookings.booking_id = any(@bookingIds)
            group by department_secretaries.email
            order by department_secretaries.email
            """,
            new { bookingIds = bookingIds.ToArray() },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>The run will not take place.</summary>
    internal async Task MarkCancelledAsync(
        NpgsqlTransaction transaction, long runId, string reason, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update runs set status = 'cancelled', cancelled_at = @now, cancel_reason = @reason where run_id = @runId and status = 'published'",
            new { runId, reason, now },
            transaction,
            cancellationToken: cancellationToken));
}

/// <summary>A booking that ended with its run.</summary>
internal sealed record RunEndedBooking
{
    public required long BookingId { get; init; }

    public long? PersonId { get; init; }

    public long? DepartmentId { get; init; }

    public required int SeatNumber { get; init; }

    public string? HeldFor { get; init; }

    public required bool WasHeld { get; init; }

    public string? Name { get; init; }

    public string? Email { get; init; }

    public string? Language { get; init; }
}

/// <summary>A leader's answer that is not needed any more.</summary>
internal sealed record VoidApproval
{
    public required long ApprovalId { get; init; }

    public required long BookingId { get; init; }

    public required string LeaderEmail { get; init; }
}

/// <summary>A place on a waiting list that ended with the run.</summary>
internal sealed record RunEndedEntry
{
    public required long EntryId { get; init; }

    public required long PersonId { get; init; }

    public long? DepartmentId { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public required string Language { get; init; }
}

/// <summary>Somebody who held seats without names.</summary>
internal sealed record HoldingSecretary
{
    public required string Email { get; init; }

    public required int Seats { get; init; }
}
