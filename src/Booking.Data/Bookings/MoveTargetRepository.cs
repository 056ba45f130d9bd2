using Dapper;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>Runs that a person can be moved to: the others of the same course.</summary>
public sealed class MoveTargetRepository(NpgsqlDataSource dataSource)
{
    /// <summary>The other runs of a booking's course that are open for sign-up, the next first, with the seats that the booking's person could have.</summary>
    /// <param name="reference">The booking.</param>
    /// <param name="scope">Whose bookings the caller may see.</param>
    /// <param name="now">Runs whose sign-up is open at this time.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<MoveTargetView>> ListAsync(
        Guid reference, BookingScope scope, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<MoveTargetView>(new CommandDefinition(
            $"""
            select runs.code as run_code, runs.starts_at, runs.ends_at, runs.time_zone, runs.venue_name, runs.town,
                count(seats.number) filter (where seats.pool <> 'open') as own_seats,
                count(seats.number) filter (where seats.pool = 'open') as open_seats
            from bookings
            join runs old_run on old_run.run_id = bookings.run_id
            join runs on runs.course_id = old_run.course_id and runs.run_id <> old_run.run_id
            left join seats on seats.run_id = runs.run_id and seats.status = 'free'
                and (seats.pool = 'open'
                    or (seats.pool = 'department' and seats.department_id = bookings.department_id)
                    or (seats.pool = 'external' and bookings.department_id is null))
            where bookings.reference = @reference and {BookingScope.Condition}
              and runs.status = 'published' and runs.sign_up_opens_at <= @now and runs.sign_up_closes_at > @now
            group by runs.run_id
            order by runs.starts_at, runs.code
            """,
            Parameters(scope.With(reference), new { now }),
            cancellationToken: cancellationToken))];
    }

    /// <summary>A booking and the run of the same course that it is to be moved to; null when the scope may see no such pair.</summary>
    internal async Task<MoveTarget?> FindAsync(
        NpgsqlTransaction transaction, Guid reference, string targetRun, BookingScope scope, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<MoveTarget>(new CommandDefinition(
            $"""
            select bookings.run_id, bookings.person_id, target.run_id as target_run_id
            from bookings
            join runs on runs.run_id = bookings.run_id
            join runs target on target.course_id = runs.course_id and target.run_id <> runs.run_id and target.status <> 'draft'
            where bookings.reference = @reference and target.code = @targetRun and {BookingScope.Condition}
            """,
            Parameters(scope.With(reference), new { targetRun }),
            transaction,
            cancellationToken: cancellationToken));

    private static DynamicParameters Parameters(object scope, object more)
    {
        var parameters = new DynamicParameters(scope);
        parameters.AddDynamicParams(more);
        return parameters;
    }
}

/// <summary>A run to move to.</summary>
public sealed record MoveTargetView
{
    /// <summary>The run's code.</summary>
    public required string RunCode { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The zone the run's times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Where it takes place.</summary>
    public required string VenueName { get; init; }

    /// <summary>The venue's town.</summary>
    public string? Town { get; init; }

    /// <summary>Free guaranteed seats of the department that the booking is for, or of the external sectors.</summary>
    public required long OwnSeats { get; init; }

    /// <summary>Free seats for everybody.</summary>
    public required long OpenSeats { get; init; }

    /// <summary>All seats that the person could have.</summary>
    public long Seats => OwnSeats + OpenSeats;
}

internal sealed record MoveTarget
{
    public required long RunId { get; init; }

    public long? PersonId { get; init; }

    public required long TargetRunId { get; init; }
}
