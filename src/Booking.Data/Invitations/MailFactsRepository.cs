using Booking.Data.Outbox;
using Dapper;
using Npgsql;

namespace Booking.Data.Invitations;

/// <summary>Reads what mails tell, afresh at the moment they are rendered.</summary>
public sealed class MailFactsRepository(NpgsqlDataSource dataSource)
{
    /// <summary>The run with its sessions, the cancelled ones apart.</summary>
    /// <exception cref="InvalidOperationException">There is no such run.</exception>
    public async Task<RunFacts> GetRunAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var run = await connection.QuerySingleAsync<RunFacts>(new CommandDefinition(
            """
            select run_id, runs.code, courses.title as course_title, status, time_zone, venue_name, venue_address, postal_code, town,
                online_link, starts_at, ends_at, cancellation_deadline_at
            from runs
            join courses using (course_id)
            where run_id = @runId
            """,
            new { runId },
            cancellationToken: cancellationToken));
        var sessions = await connection.QueryAsync<SessionFacts>(new CommandDefinition(
            "select session_id, number, starts_at, ends_at from sessions where run_id = @runId order by number, starts_at",
            new { runId },
            cancellationToken: cancellationToken));
        var isCancelled = sessions.ToLookup(session => session.Number is null);
        return run with { Sessions = [.. isCancelled[false]], CancelledSessions = [.. isCancelled[true]] };
    }

    /// <summary>Bookings, in the order of the ids given; unknown ids are left out.</summary>
    public async Task<IReadOnlyList<BookingFacts>> ListBookingsAsync(
        IReadOnlyList<long> bookingIds, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<BookingFacts>(new CommandDefinition(
            """
            select booking_id, run_id, status, coalesce(people.name, '') as person_name, departments.name as department_name,
                is_late_cancellation,
                case
                    when exists (select from bookings next where next.replaces_booking_id = bookings.booking_id and next.run_id = bookings.run_id)
                        then 'given_over'
                    when exists (select from bookings next where next.replaces_booking_id = bookings.booking_id)
                        then 'moved_away'
                    when exists (
                        select from bookings old where old.booking_id = bookings.replaces_booking_id and old.run_id = bookings.run_id)
                        then 'substitute'
                end as change
            from bookings
            left join people using (person_id)
            left join departments on departments.department_id = bookings.department_id
            where booking_id = any(@ids)
            order by array_position(@ids, booking_id)
            """,
            new { ids = bookingIds.ToArray() },
            cancellationToken: cancellationToken))];
    }

    /// <summary>The calendar events that messages tell of; none for a message that tells of none.</summary>
    public async Task<IReadOnlyList<EventFacts>> ListEventsAsync(IReadOnlyList<ClaimedMessage> messages, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<EventFacts>(new CommandDefinition(
            """
            select booking_id, session_id, uid, sequence, status, sent_sequence,
                exists (
                    select from outbox
                    where outbox.booking_id = invitations.booking_id
                        and outbox.session_id = invitations.session_id
                        and outbox.kind = 'booking.invitation'
                        and may_have_left) as may_have_left
            from unnest(@bookingIds, @sessionIds) as told (booking_id, session_id)
            join invitations using (booking_id, session_id)
            """,
            new
            {
                bookingIds = messages.Select(message => message.BookingId).ToArray(),
                sessionIds = messages.Select(message => message.SessionId).ToArray(),
            },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Whether a booking ended because its leader did not answer in time.</summary>
    public async Task<bool> IsApprovalExpiredAsync(long bookingId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select 1 from approvals where booking_id = @bookingId and status = 'expired')",
            new { bookingId },
            cancellationToken: cancellationToken));
    }

    /// <summary>An external person's sign-up.</summary>
    /// <exception cref="InvalidOperationException">There is no such sign-up.</exception>
    public async Task<SignUpFacts> GetSignUpAsync(long signUpId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<SignUpFacts>(new CommandDefinition(
            "select sign_up_id, run_id, name, status, is_for_waiting_list, expires_at from sign_ups where sign_up_id = @signUpId",
            new { signUpId },
            cancellationToken: cancellationToken));
    }

    /// <summary>A leader's yes that was asked for.</summary>
    /// <exception cref="InvalidOperationException">There is no such approval.</exception>
    public async Task<ApprovalFacts> GetApprovalAsync(long approvalId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<ApprovalFacts>(new CommandDefinition(
            "select approval_id, booking_id, status, expires_at from approvals where approval_id = @approvalId",
            new { approvalId },
            cancellationToken: cancellationToken));
    }

    /// <summary>Whether the mail that asked a leader has left, or may have.</summary>
    public async Task<bool> WasAskedAsync(long approvalId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from outbox where key = 'approval.asked/' || @approvalId and (status = 'sent' or may_have_left))",
            new { approvalId },
            cancellationToken: cancellationToken));
    }

    /// <summary>Whether an address belongs to an employee, whose seats the department books.</summary>
    public async Task<bool> IsEmployeeAsync(string email, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from people where lower(email) = lower(@email) and kind = 'employee')",
            new { email },
            cancellationToken: cancellationToken));
    }
}
