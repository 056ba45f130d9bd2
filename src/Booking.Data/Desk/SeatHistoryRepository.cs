using Booking.Data.Audit;
using Dapper;
using Npgsql;

namespace Booking.Data.Desk;

/// <summary>The seats that one department has or had on one run, and everything that happened to them.</summary>
public sealed class SeatHistoryRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Seats that are the department's, or that its people have or had, by number.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="departmentId">The department: nobody else's bookings are looked at.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<DeskSeat>> ListSeatsAsync(long runId, long departmentId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<DeskSeat>(new CommandDefinition(
            """
            select seats.number, seats.department_id is not distinct from @departmentId as is_own,
                seats.status = 'free' and seats.department_id is not distinct from @departmentId as is_unused,
                live.reference, live.status, live.held_for, live.held_until, people.name as person_name
            from seats
            left join bookings live on live.run_id = seats.run_id and live.seat_number = seats.number
                and live.status <> 'cancelled' and live.department_id = @departmentId
            left join people on people.person_id = live.person_id
            where seats.run_id = @runId
              and (seats.department_id = @departmentId or exists (
                select from bookings
                where bookings.run_id = @runId and bookings.seat_number = seats.number and bookings.department_id = @departmentId))
            order by seats.number
            """,
            new { runId, departmentId },
            cancellationToken: cancellationToken))];
    }

    /// <summary>The department's part of the run's trail and what happened to the run as a whole, newest first.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="departmentId">The department: entries about other departments, and about external people, are left out.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<AuditLine>> ListEventsAsync(long runId, long departmentId, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<AuditLine>(new CommandDefinition(
            """
            select entries.audit_id, entries.at, entries.actor, entries.actor_role, entries.action, entries.details::text as details,
                actors.name as actor_name, people.name as person_name, null as department_name, bookings.seat_number
            from audit_entries as entries
            left join bookings on bookings.booking_id = entries.booking_id
            left join people on people.person_id = entries.person_id
            left join people actors on lower(actors.email) = lower(entries.actor)
            where entries.run_id = @runId
              and (entries.department_id = @departmentId
                   or (entries.department_id is null and entries.booking_id is null and entries.person_id is null
                       and entries.action like 'run.%'))
            order by entries.audit_id desc
            limit @limit
            """,
            new { runId, departmentId, limit },
            cancellationToken: cancellationToken))];
    }
}

/// <summary>One seat as the desk shows it.</summary>
public sealed record DeskSeat
{
    /// <summary>The seat's number on the run.</summary>
    public required int Number { get; init; }

    /// <summary>Whether it is one of the department's guaranteed seats now.</summary>
    public required bool IsOwn { get; init; }

    /// <summary>Whether it is one of those and nobody has it.</summary>
    public required bool IsUnused { get; init; }

    /// <summary>The department's live booking of it.</summary>
    public Guid? Reference { get; init; }

    /// <summary>That booking's status.</summary>
    public string? Status { get; init; }

    /// <summary>What it is held for: one of <see cref="Bookings.HeldFor"/>.</summary>
    public string? HeldFor { get; init; }

    /// <summary>Until when.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>Who has it.</summary>
    public string? PersonName { get; init; }

    /// <summary>Whether it waits for a name.</summary>
    public bool IsWithoutName => Status == "held" && HeldFor == Bookings.HeldFor.Name;
}
