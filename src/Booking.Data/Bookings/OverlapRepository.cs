using Dapper;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>Finds out who would have to be in two places at once.</summary>
public sealed class OverlapRepository
{
    // Begins with the few seats that these people have, whatever PostgreSQL believes of their number: the other way round it would
    // compare the run with every session of the year. The list stands in a subquery because a bare parameter makes it plan the
    // statement anew each time.
    internal const string Select =
        """
        with seats as materialized (
            select person_id, reference, run_id
            from bookings
            where person_id = any((select @personIds)::bigint[]) and status <> 'cancelled' and run_id <> @runId
        )
        select distinct on (seats.person_id, other.run_id)
            seats.person_id, seats.reference as booking, other.code as run_code, courses.title as course_title,
            theirs.starts_at, theirs.ends_at, other.time_zone
        from seats
        join sessions theirs on theirs.run_id = seats.run_id and theirs.cancelled_at is null
        join sessions mine on mine.run_id = @runId and mine.cancelled_at is null
            and theirs.starts_at < mine.ends_at and mine.starts_at < theirs.ends_at
        join runs other on other.run_id = theirs.run_id
        join courses on courses.course_id = other.course_id
        order by seats.person_id, other.run_id, theirs.starts_at
        """;

    /// <summary>Sessions of other runs that these people have a seat on at the same time as this run's.</summary>
    internal async Task<IReadOnlyList<Overlap>> ListAsync(
        NpgsqlTransaction transaction, long runId, IReadOnlyCollection<long> personIds, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<Overlap>(new CommandDefinition(
            Select,
            new { runId, personIds = personIds.ToArray() },
            transaction,
            cancellationToken: cancellationToken))];
}

/// <summary>A session of another run at the same time.</summary>
public sealed record Overlap
{
    /// <summary>Who would have to be in two places.</summary>
    public required long PersonId { get; init; }

    /// <summary>The booking on the other run.</summary>
    public required Guid Booking { get; init; }

    /// <summary>The other run.</summary>
    public required string RunCode { get; init; }

    /// <summary>Its course.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>When the first session that is in the way starts.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The other run's zone.</summary>
    public required string TimeZone { get; init; }
}
