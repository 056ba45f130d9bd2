using Booking.Data.Runs;
using Dapper;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>Seats that a department holds without names: <c>bookings</c> that are held for a name.</summary>
public sealed class HeldSeatRepository(NpgsqlDataSource dataSource)
{
    // A week before by the run's own clocks: the same time of day, also when the clocks change in between.
    private const string HeldUntil = "((runs.starts_at at time zone runs.time_zone - interval '7 days') at time zone runs.time_zone)";

    /// <summary>Until when seats of a run may be held without names: seven days before it starts.</summary>
    public async Task<DateTimeOffset> GetHeldUntilAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<DateTimeOffset>(new CommandDefinition(
            $"select {HeldUntil} from runs where run_id = @runId", new { runId }, cancellationToken: cancellationToken));
    }

    internal async Task<DateTimeOffset> GetHeldUntilAsync(
        NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<DateTimeOffset>(new CommandDefinition(
            $"select {HeldUntil} from runs where run_id = @runId", new { runId }, transaction, cancellationToken: cancellationToken));

    /// <summary>Holds seats that the transaction has taken, the department's own first.</summary>
    internal async Task<IReadOnlyList<PlacedBooking>> InsertAsync(
        NpgsqlTransaction transaction, NewHeldSeats seats, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<PlacedBooking>(new CommandDefinition(
            """
            insert into bookings (run_id, seat_number, department_id, pool, status, held_for, held_until, source, booked_by, booked_at)
            select @RunId, seats.number, @DepartmentId, seats.pool, 'held', 'name', @HeldUntil, 'secretary', @BookedBy, @BookedAt
            from seats
            where seats.run_id = @RunId and seats.number = any(@Numbers) and seats.status = 'taken'
            order by seats.pool = 'open', seats.number
            returning booking_id, reference, seat_number, pool
            """,
            new { seats.RunId, seats.DepartmentId, seats.HeldUntil, seats.BookedBy, seats.BookedAt, Numbers = seats.Numbers.ToArray() },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Locks a department's seats without names on one run, or only one of them; the own pool's first.</summary>
    /// <remarks>Seats whose time is over are left to the sweep, also when it has not come by yet.</remarks>
    internal async Task<IReadOnlyList<BookingForChange>> ListForUpdateAsync(
        NpgsqlTransaction transaction, long runId, long departmentId, Guid? reference, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<BookingForChange>(new CommandDefinition(
            $"""
            select {BookingForChange.Columns}
            from bookings
            left join people on people.person_id = bookings.person_id
            where bookings.run_id = @runId and bookings.department_id = @departmentId
              and bookings.status = 'held' and bookings.held_for = 'name' and bookings.held_until > @now
              and (@reference::uuid is null or bookings.reference = @reference)
            order by bookings.pool = 'open', bookings.booking_id
            for update of bookings
            """,
            new { runId, departmentId, reference, now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Runs with seats that nobody named in time.</summary>
    internal async Task<IReadOnlyList<long>> ListRunsDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(
            """
            select distinct run_id from bookings
            where status = 'held' and held_for = 'name' and held_until <= @now
            order by run_id
            """,
            new { now },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Locks the seats of one run that nobody named in time.</summary>
    internal async Task<IReadOnlyList<BookingForChange>> ListDueForUpdateAsync(
        NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<BookingForChange>(new CommandDefinition(
            $"""
            select {BookingForChange.Columns}
            from bookings
            left join people on people.person_id = bookings.person_id
            where bookings.run_id = @runId and bookings.status = 'held' and bookings.held_for = 'name' and bookings.held_until <= @now
            order by bookings.booking_id
            for update of bookings
            """,
            new { runId, now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Seats without names that are released within the next days and that a secretary has not been warned of.</summary>
    internal async Task<IReadOnlyList<SecretaryWarning>> ListWarningsAsync(
        NpgsqlTransaction transaction, DateTimeOffset now, TimeSpan before, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<SecretaryWarning>(new CommandDefinition(
            """
            select warning.key, warning.run_id, warning.department_id, warning.email
            from (
                select distinct bookings.run_id, bookings.department_id, department_secretaries.email,
                    concat_ws('/', 'held.warning', bookings.run_id, bookings.department_id,
                        to_char(bookings.held_until at time zone runs.time_zone, 'YYYY-MM-DD'), department_secretaries.email) as key
                from bookings
                join runs on runs.run_id = bookings.run_id
                join department_secretaries on department_secretaries.department_id = bookings.department_id
                where bookings.status = 'held' and bookings.held_for = 'name'
                  and bookings.held_until > @now and bookings.held_until <= @until) as warning
            where not exists (select from outbox where outbox.key = warning.key)
            order by warning.key
            """,
            new { now, until = now + before },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>The secretaries of some departments.</summary>
    internal async Task<IReadOnlyList<DepartmentSecretary>> ListSecretariesAsync(
        NpgsqlTransaction transaction, IReadOnlyCollection<long> departmentIds, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<DepartmentSecretary>(new CommandDefinition(
            "select department_id, email from department_secretaries where department_id = any(@departmentIds) order by department_id, email",
            new { departmentIds = departmentIds.ToArray() },
            transaction,
            cancellationToken: cancellationToken))];
}

/// <summary>Seats to be held without names; the transaction has taken them.</summary>
internal sealed record NewHeldSeats(
    long RunId, long DepartmentId, IReadOnlyCollection<int> Numbers, DateTimeOffset HeldUntil, string BookedBy, DateTimeOffset BookedAt);

/// <summary>A mail that warns one secretary of what will happen to seats of one department on one run.</summary>
internal sealed record SecretaryWarning
{
    public required string Key { get; init; }

    public required long RunId { get; init; }

    public required long DepartmentId { get; init; }

    public required string Email { get; init; }
}

internal sealed record DepartmentSecretary
{
    public required long DepartmentId { get; init; }

    public required string Email { get; init; }
}
