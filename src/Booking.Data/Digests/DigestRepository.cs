using Dapper;
using Npgsql;

namespace Booking.Data.Digests;

/// <summary>Whom HR's weekly letter goes to, and what happened in a week.</summary>
public sealed class DigestRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Addresses of HR that have no letter of this week yet.</summary>
    internal async Task<IReadOnlyList<string>> ListDueAsync(NpgsqlTransaction transaction, string week, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            """
            select role_assignments.email
            from role_assignments
            where role_assignments.role = 'hr'
              and not exists (select from outbox where outbox.key = concat_ws('/', 'hr.digest', @week, role_assignments.email))
            order by role_assignments.email
            """,
            new { week },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>What happened to bookings in a week, and what stands now.</summary>
    /// <param name="from">The week's beginning.</param>
    /// <param name="to">Its end.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<WeekFigures> GetWeekAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<WeekFigures>(new CommandDefinition(
            """
            select
                (select count(*)::int from bookings
                 where booked_at >= @from and booked_at < @to and person_id is not null and status <> 'held') as booked,
                (select count(*)::int from bookings
                 where status = 'cancelled' and cancelled_at >= @from and cancelled_at < @to and person_id is not null) as cancelled,
                (select count(*)::int from bookings
                 where status = 'cancelled' and cancelled_at >= @from and cancelled_at < @to and is_late_cancellation) as cancelled_late,
                (select count(*)::int from waiting_list_entries where status in ('waiting', 'offered')) as waiting,
                (select count(*)::int from outbox where status = 'dead') as dead_mails
            """,
            new { from, to },
            cancellationToken: cancellationToken));
    }
}

/// <summary>A week in figures.</summary>
public sealed record WeekFigures
{
    /// <summary>People who got a seat.</summary>
    public required int Booked { get; init; }

    /// <summary>People who gave theirs up, or lost it with their run.</summary>
    public required int Cancelled { get; init; }

    /// <summary>How many of them after the deadline.</summary>
    public required int CancelledLate { get; init; }

    /// <summary>People who wait for a seat now.</summary>
    public required int Waiting { get; init; }

    /// <summary>Mails that could not be delivered and that nobody has dealt with.</summary>
    public required int DeadMails { get; init; }
}
