using Dapper;
using Npgsql;

namespace Booking.Data.Attendance;

/// <summary>
/// The marks, and what follows from them: a booking's status, and whether the run is settled. Every method wants the run locked
/// (docs/adr/0007-locks.md), so that two instructors, or an instructor and the schedule, take turns.
/// </summary>
public sealed class AttendanceMarkRepository
{
    /// <summary>Whether somebody on the run @runId has no mark of one of its sessions; also when the run has nobody.</summary>
    internal const string IsLacking =
        """
        exists (
            select from bookings
            join sessions on sessions.run_id = bookings.run_id and sessions.cancelled_at is null
            where bookings.run_id = @runId and bookings.status in ('booked', 'attended', 'absent')
              and not exists (
                  select from attendance_marks as marks
                  where marks.booking_id = bookings.booking_id and marks.session_id = sessions.session_id))
        """;

    /// <summary>What decides whether a session of a run can be marked; null when the run has no such session.</summary>
    internal async Task<MarkFacts?> FindAsync(
        NpgsqlTransaction transaction, long runId, int sessionNumber, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<MarkFacts>(new CommandDefinition(
            """
            select sessions.session_id, sessions.starts_at as session_starts_at, runs.status as run_status, runs.ends_at as run_ends_at,
                nullif(btrim(runs.instructor_email), '') as instructor
            from runs
            join sessions on sessions.run_id = runs.run_id and sessions.cancelled_at is null and sessions.number = @sessionNumber
            where runs.run_id = @runId
            """,
            new { runId, sessionNumber },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Marks some, or says it differently; a mark that says so already is left as it is.</summary>
    internal async Task<IReadOnlyList<MarkedBooking>> SetAsync(
        NpgsqlTransaction transaction, NewMarks marks, IReadOnlyCollection<Guid> bookings, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<MarkedBooking>(new CommandDefinition(
            """
            with marked as (
                insert into attendance_marks (booking_id, session_id, is_present, marked_at, marked_by)
                select booking_id, @SessionId, @IsPresent, @Now, @MarkedBy
                from bookings
                where run_id = @RunId and reference = any(@references) and status in ('booked', 'attended', 'absent')
                order by booking_id
                on conflict (booking_id, session_id) do update
                set is_present = excluded.is_present, marked_at = excluded.marked_at, marked_by = excluded.marked_by
                where attendance_marks.is_present <> excluded.is_present
                returning booking_id
            )
            select booking_id, reference, person_id, department_id
            from marked
            join bookings using (booking_id)
            order by booking_id
            """,
            new { marks.RunId, marks.SessionId, marks.IsPresent, marks.Now, marks.MarkedBy, references = bookings.ToArray() },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Marks everybody whom nobody has marked yet as there; what somebody has said stays.</summary>
    internal async Task<IReadOnlyList<MarkedBooking>> SetRestAsync(
        NpgsqlTransaction transaction, NewMarks marks, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<MarkedBooking>(new CommandDefinition(
            """
            with marked as (
                insert into attendance_marks (booking_id, session_id, is_present, marked_at, marked_by)
                select booking_id, @SessionId, @IsPresent, @Now, @MarkedBy
                from bookings
                where run_id = @RunId and status in ('booked', 'attended', 'absent')
                order by booking_id
                on conflict (booking_id, session_id) do nothing
                returning booking_id
            )
            select booking_id, reference, person_id, department_id
            from marked
            join bookings using (booking_id)
            order by booking_id
            """,
            marks,
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Takes marks back that still say what they said when the reader chose to; others stay.</summary>
    internal async Task<IReadOnlyList<MarkedBooking>> RemoveAsync(
        NpgsqlTransaction transaction, NewMarks marks, IReadOnlyCollection<Guid> bookings, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<MarkedBooking>(new CommandDefinition(
            """
            delete from attendance_marks
            using bookings
            where bookings.booking_id = attendance_marks.booking_id and bookings.run_id = @RunId
              and bookings.reference = any(@references) and bookings.status in ('booked', 'attended', 'absent')
              and attendance_marks.session_id = @SessionId and attendance_marks.is_present = @IsPresent
            returning bookings.booking_id, bookings.reference, bookings.person_id, bookings.department_id
            """,
            new { marks.RunId, marks.SessionId, marks.IsPresent, references = bookings.ToArray() },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>
    /// Makes the status of bookings what their marks say: there once is attended, never there is absent. Without a mark it is
    /// booked, or attended where that is assumed.
    /// </summary>
    internal async Task UpdateStatusesAsync(
        NpgsqlTransaction transaction, long runId, IReadOnlyCollection<long> bookingIds, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update bookings
            set status = said.status
            from (
                select bookings.booking_id, case bool_or(marks.is_present) when true then 'attended' when false then 'absent'
                    else case when runs.attendance_assumed and runs.ends_at <= @now then 'attended' else 'booked' end end as status
                from bookings
                join runs on runs.run_id = bookings.run_id
                left join attendance_marks as marks on marks.booking_id = bookings.booking_id
                where bookings.run_id = @runId and bookings.booking_id = any(@bookingIds)
                group by bookings.booking_id, runs.run_id) as said
            where bookings.booking_id = said.booking_id and bookings.status in ('booked', 'attended', 'absent')
              and bookings.status <> said.status
            """,
            new { runId, bookingIds = bookingIds.ToArray(), now },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>
    /// Settles the run when every mark is there, and reopens it when somebody counts as booked again or it has not ended any more;
    /// says what changed.
    /// </summary>
    internal async Task<SettledChange> UpdateRunAsync(
        NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<SettledChange>(new CommandDefinition(
            $"""
            with before as (
                select attendance_settled_at is not null as was_settled from runs where run_id = @runId
            ), people as (
                select count(*) > 0 as is_somebody, coalesce(bool_or(status = 'booked'), false) as is_open,
                    coalesce(bool_or(status = 'attended' and not exists (
                        select from attendance_marks as marks where marks.booking_id = bookings.booking_id)), false) as is_assumed
                from bookings
                where run_id = @runId and status in ('booked', 'attended', 'absent')
            ), after as (
                select is_assumed, is_somebody and not {IsLacking} as is_complete, is_open from people
            )
            update runs
            set attendance_settled_at = case when after.is_complete then coalesce(attendance_settled_at, @now)
                    when not after.is_open and ends_at <= @now then attendance_settled_at end,
                attendance_assumed = after.is_assumed and not after.is_open and ends_at <= @now and attendance_settled_at is not null
            from before, after
            where runs.run_id = @runId
            returning before.was_settled, runs.attendance_settled_at is not null as is_settled
            """,
            new { runId, now },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Takes back marks of sessions that are dropped or lie ahead again, and says whose they were.</summary>
    internal async Task<IReadOnlyList<long>> RemoveVoidAsync(
        NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<long>(new CommandDefinition(
            """
            delete from attendance_marks
            using sessions
            where sessions.session_id = attendance_marks.session_id and sessions.run_id = @runId
              and (sessions.cancelled_at is not null or sessions.starts_at > @now + @OpensBefore)
            returning attendance_marks.booking_id
            """,
            new { runId, now, AttendanceRules.OpensBefore },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>The bookings of a settled run that has not ended any more; none when it is not settled, or over all the same.</summary>
    internal async Task<IReadOnlyList<long>> ListReopenedAsync(
        NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<long>(new CommandDefinition(
            """
            select bookings.booking_id
            from bookings
            join runs on runs.run_id = bookings.run_id
            where bookings.run_id = @runId and bookings.status in ('booked', 'attended', 'absent')
              and runs.attendance_settled_at is not null and runs.ends_at > @now
            """,
            new { runId, now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>The mailed links work until fourteen days after the last session, also when that is another day now.</summary>
    internal async Task MoveLinksAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update links set expires_at = runs.ends_at + @InstructorTime
            from runs
            where runs.run_id = @runId and links.run_id = runs.run_id and links.purpose = 'attendance.mark'
            """,
            new { runId, AttendanceRules.InstructorTime },
            transaction,
            cancellationToken: cancellationToken));
}

/// <summary>What decides whether a session can be marked.</summary>
internal sealed record MarkFacts
{
    public required long SessionId { get; init; }

    public required DateTimeOffset SessionStartsAt { get; init; }

    public required string RunStatus { get; init; }

    public required DateTimeOffset RunEndsAt { get; init; }

    public string? Instructor { get; init; }
}

internal sealed record NewMarks(long RunId, long SessionId, bool IsPresent, DateTimeOffset Now, string MarkedBy);

/// <summary>A booking whose mark changed.</summary>
internal sealed record MarkedBooking
{
    public required long BookingId { get; init; }

    public required Guid Reference { get; init; }

    public required long PersonId { get; init; }

    public long? DepartmentId { get; init; }
}

internal sealed record SettledChange
{
    public required bool WasSettled { get; init; }

    public required bool IsSettled { get; init; }
}
