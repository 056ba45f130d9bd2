using Dapper;
using Npgsql;

namespace Booking.Data.Attendance;

/// <summary>A mail to an instructor that is due.</summary>
internal sealed record DueQuestion
{
    /// <summary>Names the run, the day it is about, and what makes the mail different from the others about it.</summary>
    public required string Key { get; init; }

    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>The instructor's address.</summary>
    public required string Instructor { get; init; }

    /// <summary>1 or 2 for a question; null for the link before the run.</summary>
    public int? Ask { get; init; }
}

/// <summary>Whom to ask about attendance, and which runs have been asked about long enough.</summary>
public sealed class AttendanceQuestionRepository
{
    private const string IsLacking =
        """
        exists (
            select from bookings
            join sessions on sessions.run_id = bookings.run_id and sessions.cancelled_at is null
            where bookings.run_id = due.run_id and bookings.status in ('booked', 'attended', 'absent')
              and not exists (
                  select from attendance_marks as marks
                  where marks.booking_id = bookings.booking_id and marks.session_id = sessions.session_id))
        """;

    /// <summary>Links that are due: from eight in the morning before the first session, until the last one ends.</summary>
    /// <remarks>
    /// The key has the day and the address: a run that is moved to another day or gets another instructor is told of anew. The index
    /// runs_attendance_open keeps this to runs that are not settled.
    /// </remarks>
    internal async Task<IReadOnlyList<DueQuestion>> ListLinksAsync(
        NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<DueQuestion>(new CommandDefinition(
            """
            select link.key, link.run_id, link.instructor
            from (
                select run_id, btrim(instructor_email) as instructor,
                    concat_ws('/', 'attendance.link', run_id, (starts_at at time zone time_zone)::date, lower(btrim(instructor_email))) as key
                from runs
                where status = 'published' and attendance_settled_at is null and ends_at > @now
                  and starts_at <= @now::timestamptz + interval '3 days'
                  and ((starts_at at time zone time_zone)::date - 1 + time '08:00') at time zone time_zone <= @now
                  and btrim(instructor_email) <> '') as link
            where not exists (select from outbox where outbox.key = link.key)
              and exists (
                  select from bookings
                  where bookings.run_id = link.run_id and bookings.status in ('booked', 'attended', 'absent'))
            order by link.run_id
            """,
            new { now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Questions that are due, one a run, while the instructor may still answer.</summary>
    internal async Task<IReadOnlyList<DueQuestion>> ListAsksAsync(
        NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<DueQuestion>(new CommandDefinition(
            $"""
            select due.ask_key as key, due.run_id, due.instructor, due.next_ask as ask
            from attendance_deadlines as due
            where due.ends_at <= @now and due.ends_at > @now::timestamptz - @InstructorTime and due.instructor is not null
              and due.next_ask is not null and due.ask_due_at <= @now
              and {IsLacking}
            order by due.run_id
            """,
            new { now, AttendanceRules.InstructorTime },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Runs that are to be settled whatever marks are lacking, or that have nobody to mark.</summary>
    internal async Task<IReadOnlyList<long>> ListSettledAsync(
        NpgsqlConnection connection, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<long>(new CommandDefinition(
            """
            select run_id from attendance_deadlines
            where ends_at <= @now and settle_due_at <= @now
            order by run_id
            limit @limit
            """,
            new { now, limit },
            cancellationToken: cancellationToken))];

    /// <summary>Whether a run, which the transaction has locked, is still to be settled.</summary>
    internal async Task<bool> IsDueAsync(
        NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from attendance_deadlines where run_id = @runId and ends_at <= @now and settle_due_at <= @now)",
            new { runId, now },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Everybody whom nobody has marked counts as attended.</summary>
    /// <returns>Whose status changed.</returns>
    internal async Task<IReadOnlyList<AssumedBooking>> AssumeAsync(
        NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<AssumedBooking>(new CommandDefinition(
            """
            update bookings set status = 'attended'
            where run_id = @runId and status = 'booked'
            returning booking_id, person_id, department_id
            """,
            new { runId },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Nobody is asked about the run any more.</summary>
    internal async Task SettleAsync(
        NpgsqlTransaction transaction, long runId, bool isAssumed, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update runs set attendance_settled_at = @now, attendance_assumed = @isAssumed
            where run_id = @runId and status = 'published' and attendance_settled_at is null
            """,
            new { runId, isAssumed, now },
            transaction,
            cancellationToken: cancellationToken));
}

/// <summary>A booking that counts as attended because nobody has said otherwise.</summary>
internal sealed record AssumedBooking
{
    public required long BookingId { get; init; }

    public required long PersonId { get; init; }

    public long? DepartmentId { get; init; }
}
