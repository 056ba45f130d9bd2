using Dapper;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>Seats as the use cases take them and give them back.</summary>
public sealed class SeatRepository
{
    /// <summary>Takes up to <paramref name="wanted"/> free seats of one pool, or fewer when there are fewer.</summary>
    /// <remarks>
    /// The seat row is the only lock of a reservation. <c>skip locked</c> lets two reservations of the same run pass
    /// each other; the random start keeps them from queueing for the same first free seat. Updating the row (not only
    /// locking it) is what makes a competitor that waited see that it is gone.
    /// </remarks>
    internal async Task<IReadOnlyList<int>> ClaimAsync(
        NpgsqlTransaction transaction, long runId, SeatPool pool, int wanted, CancellationToken cancellationToken)
    {
        if (wanted == 0)
        {
            return [];
        }

        var numbers = await transaction.Connection!.QueryAsync<int>(new CommandDefinition(
            pool.DepartmentId is null
                ? $"""
                  with {SharedSeats("@wanted")}
                  update seats set status = 'taken'
                  from (select number from after_start union all select number from before_start) as picked
                  where seats.run_id = @runId and seats.number = picked.number
                  returning seats.number
                  """
                : $"""
                  with {OwnSeats("@wanted")}
                  update seats set status = 'taken'
                  from own
                  where seats.run_id = @runId and seats.number = own.number
                  returning seats.number
                  """,
            new { runId, pool.Kind, pool.DepartmentId, wanted, start = Random.Shared.NextDouble() },
            transaction,
            cancellationToken: cancellationToken));
        return [.. numbers];
    }

    /// <summary>
    /// Picks and locks up to so many seats of department @DepartmentId, as "own". They are few and asked for by few: the
    /// first free ones will do.
    /// </summary>
    /// <remarks>The limit stands in a subquery because a bare parameter makes PostgreSQL plan the statement anew each time.</remarks>
    internal static string OwnSeats(string limit) =>
        $"""
        own as materialized (
            select number from seats
            where run_id = @runId and pool = 'department' and department_id = @DepartmentId and status = 'free'
            order by number
            limit (select {limit})
            for update skip locked)
        """;

    /// <summary>
    /// Picks and locks up to so many seats of pool @Kind, as "after_start" and, when the run's end is reached, "before_start".
    /// </summary>
    /// <remarks>
    /// The start is an integer: compared with a fraction, the index would be read from its first seat. The order names the
    /// department, which is null for all of them, because only the index of free seats has that order: by number alone,
    /// PostgreSQL may take the primary key and pass over every taken seat.
    /// </remarks>
    internal static string SharedSeats(string limit) =>
        $"""
        start as materialized (
            select (@start * capacity)::integer as number from runs where run_id = @runId),
        after_start as materialized (
            select number from seats
            where run_id = @runId and pool = @Kind and department_id is null and status = 'free'
              and number >= (select number from start)
            order by department_id, number
            limit (select {limit})
            for update skip locked),
        before_start as materialized (
            select number from seats
            where run_id = @runId and pool = @Kind and department_id is null and status = 'free'
              and number < (select number from start)
            order by department_id, number
            limit (select {limit} - (select count(*) from after_start))
            for update skip locked)
        """;

    /// <summary>Takes one free seat: of the own pool, else of the open one.</summary>
    /// <returns>Its number; null when there is none.</returns>
    internal async Task<int?> ClaimOneAsync(NpgsqlTransaction transaction, long runId, SeatPool own, CancellationToken cancellationToken)
    {
        var claimed = await ClaimAsync(transaction, runId, own, 1, cancellationToken);
        claimed = claimed.Count > 0 ? claimed : await ClaimAsync(transaction, runId, SeatPool.Open, 1, cancellationToken);
        return claimed.Count > 0 ? claimed[0] : null;
    }

    /// <summary>Gives taken seats back. After the release they belong to the open pool.</summary>
    /// <remarks>
    /// The lock on the run, which callers have already, makes this wait for a release that is under way (and the release wait
    /// for this), so that no seat is left behind in a department's pool once the guaranteed seats are released.
    /// </remarks>
    internal async Task FreeAsync(
        NpgsqlTransaction transaction, long runId, IReadOnlyCollection<int> numbers, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            with run as (
                select released_at is not null as is_released from runs where run_id = @runId for no key update
            )
            update seats
            set status = 'free',
                pool = case when run.is_released then 'open' else seats.pool end,
                department_id = case when run.is_released then null else seats.department_id end
            from run
            where seats.run_id = @runId and seats.number = any(@numbers) and seats.status = 'taken'
            """,
            new { runId, numbers = numbers.ToArray() },
            transaction,
            cancellationToken: cancellationToken));
    }
}

/// <summary>Who may take a seat: one department, the external sectors, or everybody.</summary>
public sealed record SeatPool
{
    private SeatPool(string kind, long? departmentId)
    {
        Kind = kind;
        DepartmentId = departmentId;
    }

    /// <summary><c>department</c>, <c>external</c> or <c>open</c>.</summary>
    public string Kind { get; }

    /// <summary>The department of a department's pool.</summary>
    public long? DepartmentId { get; }

    /// <summary>Seats of the external sectors.</summary>
    public static SeatPool External { get; } = new("external", null);

    /// <summary>Seats for everybody.</summary>
    public static SeatPool Open { get; } = new("open", null);

    /// <summary>A department's guaranteed seats.</summary>
    public static SeatPool Of(long departmentId) => new("department", departmentId);

    /// <summary>Whose guaranteed seats somebody may have: the department's, or for people from outside the external sectors'.</summary>
    internal static SeatPool OwnOf(long? departmentId) => departmentId is { } department ? Of(department) : External;

    /// <summary>The pool that a booking's seat came from.</summary>
    /// <param name="kind"><c>department</c>, <c>external</c> or <c>open</c>.</param>
    /// <param name="departmentId">The department of a department's pool.</param>
    internal static SeatPool Of(string kind, long? departmentId) =>
        kind == "department" ? Of(departmentId!.Value) : new SeatPool(kind, null);
}
