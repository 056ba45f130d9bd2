using Dapper;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>Bookings as HR reads them: with names, by department, and counted over a year.</summary>
public sealed class HrBookingRepository(NpgsqlDataSource dataSource)
{
    /// <summary>All bookings of a run but lapsed holds without a name, by department and name; the cancelled ones last.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<HrBooking>> ListAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<HrBooking>(new CommandDefinition(
            """
            select bookings.reference, departments.name as department_name, people.name as person_name, people.workplace,
                bookings.status, bookings.held_for, bookings.held_until, bookings.pool, bookings.is_late_cancellation,
                bookings.booked_at, bookings.cancelled_at,
                exists (select from failed_addresses where failed_addresses.email = lower(people.email)) as is_mail_failing,
                exists (select from invitations where invitations.booking_id = bookings.booking_id and invitations.status = 'active'
                        and invitations.reply = 'declined') as is_declined,
                bookings.status = 'attended' and runs.attendance_assumed and not exists (
                    select from attendance_marks where attendance_marks.booking_id = bookings.booking_id) as is_assumed
            from bookings
            join runs on runs.run_id = bookings.run_id
            left join people on people.person_id = bookings.person_id
            left join departments on departments.department_id = bookings.department_id
            where bookings.run_id = @runId and (bookings.status <> 'cancelled' or bookings.person_id is not null)
            order by departments.name collate "da-x-icu" nulls last, bookings.status = 'cancelled',
                people.name collate "da-x-icu" nulls last, bookings.booking_id
            """,
            new { runId },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Late cancellations and absences of one plan year by department; people from outside are one row without a name.</summary>
    /// <param name="planYear">The year.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <remarks>What ended because the run was cancelled counts nowhere: it was not the departments' doing.</remarks>
    public async Task<IReadOnlyList<AttendanceRow>> CountAsync(int planYear, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<AttendanceRow>(new CommandDefinition(
            """
            select departments.code as department_code, departments.name as department_name,
                count(*) filter (where bookings.status in ('booked', 'attended', 'absent'))::int as participants,
                count(*) filter (where bookings.status = 'attended')::int as attended,
                count(*) filter (where bookings.status = 'attended' and runs.attendance_assumed and not exists (
                    select from attendance_marks where attendance_marks.booking_id = bookings.booking_id))::int as assumed,
                count(*) filter (where bookings.status = 'absent')::int as absent,
                count(*) filter (where bookings.status = 'cancelled' and bookings.person_id is not null
                    and runs.status <> 'cancelled')::int as cancelled,
                count(*) filter (where bookings.is_late_cancellation and bookings.person_id is not null
                    and runs.status <> 'cancelled')::int as cancelled_late
            from bookings
            join runs on runs.run_id = bookings.run_id
            left join departments on departments.department_id = bookings.department_id
            where runs.plan_year = @planYear
            group by departments.department_id
            order by departments.name collate "da-x-icu" nulls last
            """,
            new { planYear },
            cancellationToken: cancellationToken))];
    }
}

/// <summary>One booking of a run.</summary>
public sealed record HrBooking
{
    /// <summary>What URLs show.</summary>
    public required Guid Reference { get; init; }

    /// <summary>The department; null for people from outside.</summary>
    public string? DepartmentName { get; init; }

    /// <summary>Whose it is; null while it has no name.</summary>
    public string? PersonName { get; init; }

    /// <summary>Where somebody from outside works.</summary>
    public string? Workplace { get; init; }

    /// <summary><c>held</c>, <c>booked</c>, <c>attended</c>, <c>absent</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What a held booking waits for; see <see cref="Bookings.HeldFor"/>.</summary>
    public string? HeldFor { get; init; }

    /// <summary>Until when it waits.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary><c>department</c>, <c>external</c> or <c>open</c>.</summary>
    public required string Pool { get; init; }

    /// <summary>Whether it was cancelled after the deadline.</summary>
    public required bool IsLateCancellation { get; init; }

    /// <summary>Whether it counts as attended only because nobody has said otherwise.</summary>
    public required bool IsAssumed { get; init; }

    /// <summary>When the seat was taken.</summary>
    public required DateTimeOffset BookedAt { get; init; }

    /// <summary>When it was given up.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>Whether mails to the person came back.</summary>
    public required bool IsMailFailing { get; init; }

    /// <summary>Whether the person's calendar declined one of the sessions.</summary>
    public required bool IsDeclined { get; init; }
}

/// <summary>One department's year.</summary>
public sealed record AttendanceRow
{
    /// <summary>The department's code; null for people from outside.</summary>
    public string? DepartmentCode { get; init; }

    /// <summary>Its name.</summary>
    public string? DepartmentName { get; init; }

    /// <summary>Bookings with a participant that were not cancelled.</summary>
    public required int Participants { get; init; }

    /// <summary>Participants who came.</summary>
    public required int Attended { get; init; }

    /// <summary>How many of <see cref="Attended"/> nobody has marked: it was assumed.</summary>
    public required int Assumed { get; init; }

    /// <summary>Participants who did not come.</summary>
    public required int Absent { get; init; }

    /// <summary>Bookings that people or departments cancelled.</summary>
    public required int Cancelled { get; init; }

    /// <summary>How many of <see cref="Cancelled"/> came after the deadline.</summary>
    public required int CancelledLate { get; init; }
}
