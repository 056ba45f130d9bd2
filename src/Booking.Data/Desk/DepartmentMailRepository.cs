using Dapper;
using Npgsql;

namespace Booking.Data.Desk;

/// <summary>Reads what the mails to a department's secretaries tell, afresh at the moment they are rendered.</summary>
public sealed class DepartmentMailRepository(NpgsqlDataSource dataSource)
{
    /// <summary>One department's seats on one run.</summary>
    /// <exception cref="InvalidOperationException">There is no such run or department.</exception>
    public async Task<DepartmentSeats> GetAsync(long runId, long departmentId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<DepartmentSeats>(new CommandDefinition(
            """
            select departments.name as department_name, runs.status as run_status, runs.release_at,
                runs.released_at is not null as is_released,
                (select count(*)::integer from seats
                 where seats.run_id = runs.run_id and seats.pool = 'department' and seats.department_id = departments.department_id
                   and seats.status = 'free') as unused_seats,
                held.seats as held_seats, held.until as held_until
            from runs
            join departments on departments.department_id = @departmentId
            cross join lateral (
                select count(*)::integer as seats, min(held_until) as until from bookings
                where bookings.run_id = runs.run_id and bookings.department_id = departments.department_id
                  and bookings.status = 'held' and bookings.held_for = 'name') as held
            where runs.run_id = @runId
            """,
            new { runId, departmentId },
            cancellationToken: cancellationToken));
    }
}

/// <summary>One department's seats on one run, as mails tell of them.</summary>
public sealed record DepartmentSeats
{
    /// <summary>The department's name.</summary>
    public required string DepartmentName { get; init; }

    /// <summary>The run's status.</summary>
    public required string RunStatus { get; init; }

    /// <summary>When unused seats are released.</summary>
    public required DateTimeOffset ReleaseAt { get; init; }

    /// <summary>Whether they were.</summary>
    public required bool IsReleased { get; init; }

    /// <summary>Guaranteed seats that nobody has.</summary>
    public required int UnusedSeats { get; init; }

    /// <summary>Seats that are held without a name.</summary>
    public required int HeldSeats { get; init; }

    /// <summary>When the first of those is released.</summary>
    public DateTimeOffset? HeldUntil { get; init; }
}
