using Dapper;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>A leader's yes to one booking, where the run asks for it.</summary>
public sealed class ApprovalRepository(NpgsqlDataSource dataSource)
{
    /// <summary>What the page behind a leader's link shows; null when there is no such link.</summary>
    /// <param name="tokenHash">SHA-256 of the token; see <see cref="LinkToken"/>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<ApprovalView?> FindViewAsync(byte[] tokenHash, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ApprovalView>(new CommandDefinition(
            """
            select approvals.status, approvals.expires_at, people.name as person_name, departments.name as department_name,
                courses.title as course_title, runs.code as run_code, runs.starts_at, runs.ends_at, runs.time_zone
            from links
            join approvals on approvals.approval_id = links.approval_id
            join bookings on bookings.booking_id = approvals.booking_id
            join people on people.person_id = bookings.person_id
            join runs on runs.run_id = bookings.run_id
            join courses on courses.course_id = runs.course_id
            left join departments on departments.department_id = bookings.department_id
            where links.token_hash = @tokenHash and links.purpose = 'approval.decide'
            """,
            new { tokenHash },
            cancellationToken: cancellationToken));
    }

    /// <summary>Runs with questions whose time is over.</summary>
    internal async Task<IReadOnlyList<long>> ListRunsDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(
            """
            select distinct bookings.run_id
            from approvals
            join bookings on bookings.booking_id = approvals.booking_id
            where approvals.status = 'pending' and approvals.expires_at <= @now
            order by bookings.run_id
            """,
            new { now },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Asks a leader; the mail with the link is the caller's.</summary>
    internal async Task<long> InsertAsync(
        NpgsqlTransaction transaction, long bookingId, string leaderEmail, DateTimeOffset now, DateTimeOffset expiresAt,
        CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<long>(new CommandDefinition(
            """
            insert into approvals (booking_id, leader_email, asked_at, expires_at)
            values (@bookingId, @leaderEmail, @now, @expiresAt)
            returning approval_id
            """,
            new { bookingId, leaderEmail, now, expiresAt },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The question behind a link, to lock its run before itself.</summary>
    internal async Task<FoundApproval?> FindByTokenAsync(
        NpgsqlTransaction transaction, byte[] tokenHash, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<FoundApproval>(new CommandDefinition(
            """
            select approvals.approval_id, bookings.run_id
            from links
            join approvals on approvals.approval_id = links.approval_id
            join bookings on bookings.booking_id = approvals.booking_id
            where links.token_hash = @tokenHash and links.purpose = 'approval.decide'
            """,
            new { tokenHash },
            transaction,
            cancellationToken: cancellationToken));

    internal async Task<ApprovalRow> GetForUpdateAsync(
        NpgsqlTransaction transaction, long approvalId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<ApprovalRow>(new CommandDefinition(
            "select approval_id, booking_id, leader_email, status, expires_at from approvals where approval_id = @approvalId for update",
            new { approvalId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Questions of one run whose time is over; the caller has the run locked.</summary>
    internal async Task<IReadOnlyList<ApprovalRow>> ListExpiredAsync(
        NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<ApprovalRow>(new CommandDefinition(
            """
            select approval_id, approvals.booking_id, leader_email, approvals.status, expires_at
            from approvals
            join bookings on bookings.booking_id = approvals.booking_id
            where bookings.run_id = @runId and approvals.status = 'pending' and approvals.expires_at <= @now
            order by approval_id
            for update of approvals
            """,
            new { runId, now },
            transaction,
            cancellationToken: cancellationToken))];

    internal async Task DecideAsync(
        NpgsqlTransaction transaction, long approvalId, string status, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            with used as (
                update links set used_at = @now where approval_id = @approvalId and used_at is null
            )
            update approvals set status = @status, decided_at = @now where approval_id = @approvalId and status = 'pending'
            """,
            new { approvalId, status, now },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>A booking that ends needs no answer any more.</summary>
    internal async Task VoidAsync(NpgsqlTransaction transaction, long bookingId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update approvals set status = 'void', decided_at = @now where booking_id = @bookingId and status = 'pending'",
            new { bookingId, now },
            transaction,
            cancellationToken: cancellationToken));
}

/// <summary>What a leader is asked.</summary>
public sealed record ApprovalView
{
    /// <summary><c>pending</c>, <c>approved</c>, <c>refused</c>, <c>expired</c> or <c>void</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Until when an answer counts.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whose seat it is.</summary>
    public required string PersonName { get; init; }

    /// <summary>The department that holds it; null for somebody from outside.</summary>
    public string? DepartmentName { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>The run's code.</summary>
    public required string RunCode { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The run's zone.</summary>
    public required string TimeZone { get; init; }
}

internal sealed record FoundApproval(long ApprovalId, long RunId);

internal sealed record ApprovalRow
{
    public required long ApprovalId { get; init; }

    public required long BookingId { get; init; }

    public required string LeaderEmail { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
