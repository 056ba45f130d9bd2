using Booking.Data.Plans.Reading;
using Dapper;
using Npgsql;

namespace Booking.Data.Plans;

/// <summary>What the last import wrote into each run.</summary>
public sealed class ImportedRunRepository
{
    internal async Task<IReadOnlyDictionary<long, ImportedRow>> ListAsync(
        NpgsqlTransaction transaction, long[] runIds, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<ImportedRow>(new CommandDefinition(
            """
            select run_id, course_id, session_starts, session_ends, venue_name, venue_address, postal_code, town, latitude, longitude,
                online_link, capacity, external_seats, minimum_participants, sign_up_opens_at, sign_up_closes_at, release_at,
                cancellation_deadline_at, instructor_email, budget
            from imported_runs
            where run_id = any(@runIds)
            """,
            new { runIds },
            transaction,
            cancellationToken: cancellationToken))).ToDictionary(row => row.RunId);

    /// <summary>Remembers new runs as they were just written.</summary>
    internal async Task InsertAsync(NpgsqlTransaction transaction, long[] runIds, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into imported_runs (run_id, course_id, session_starts, session_ends, venue_name, venue_address, postal_code, town,
                latitude, longitude, online_link, capacity, external_seats, minimum_participants, sign_up_opens_at, sign_up_closes_at,
                release_at, cancellation_deadline_at, instructor_email, budget)
            select run_id, course_id, days.starts, days.ends, venue_name, venue_address, postal_code, town,
                latitude, longitude, online_link, capacity, external_seats, minimum_participants, sign_up_opens_at, sign_up_closes_at,
                release_at, cancellation_deadline_at, instructor_email, budget
            from runs
            join (
                select run_id, array_agg(starts_at order by number) as starts, array_agg(ends_at order by number) as ends
                from sessions
                where run_id = any(@runIds) and cancelled_at is null
                group by run_id) as days using (run_id)
            """,
            new { runIds },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Remembers what this import wrote into a known run.</summary>
    internal async Task SaveAsync(NpgsqlTransaction transaction, long runId, RunValues values, CancellationToken cancellationToken)
    {
        var run = values.Run;
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into imported_runs (run_id, course_id, session_starts, session_ends, venue_name, venue_address, postal_code, town,
                latitude, longitude, online_link, capacity, external_seats, minimum_participants, sign_up_opens_at, sign_up_closes_at,
                release_at, cancellation_deadline_at, instructor_email, budget)
            values (@runId, @CourseId, @starts, @ends, @VenueName, @VenueAddress, @PostalCode, @Town,
                @Latitude, @Longitude, @OnlineLink, @Capacity, @ExternalSeats, @MinimumParticipants, @SignUpOpensAt, @SignUpClosesAt,
                @ReleaseAt, @CancellationDeadlineAt, @InstructorEmail, @Budget)
            on conflict (run_id) do update
            set course_id = excluded.course_id, session_starts = excluded.session_starts, session_ends = excluded.session_ends,
                venue_name = excluded.venue_name, venue_address = excluded.venue_address, postal_code = excluded.postal_code,
                town = excluded.town, latitude = excluded.latitude, longitude = excluded.longitude, online_link = excluded.online_link,
                capacity = excluded.capacity, external_seats = excluded.external_seats,
                minimum_participants = excluded.minimum_participants, sign_up_opens_at = excluded.sign_up_opens_at,
                sign_up_closes_at = excluded.sign_up_closes_at, release_at = excluded.release_at,
                cancellation_deadline_at = excluded.cancellation_deadline_at, instructor_email = excluded.instructor_email,
                budget = excluded.budget
            """,
            new
            {
                runId,
                values.CourseId,
                starts = run.Sessions.Select(session => session.StartsAt.UtcDateTime).ToArray(),
                ends = run.Sessions.Select(session => session.EndsAt.UtcDateTime).ToArray(),
                run.VenueName,
                run.VenueAddress,
                run.PostalCode,
                run.Town,
                run.Latitude,
                run.Longitude,
                run.OnlineLink,
                run.Capacity,
                run.ExternalSeats,
                run.MinimumParticipants,
                run.SignUpOpensAt,
                run.SignUpClosesAt,
                run.ReleaseAt,
                run.CancellationDeadlineAt,
                run.InstructorEmail,
                run.Budget,
            },
            transaction,
            cancellationToken: cancellationToken));
    }
}

/// <summary>A run as the last import wrote it.</summary>
internal sealed record ImportedRow : RunColumns
{
    public required DateTime[] SessionStarts { get; init; }

    public required DateTime[] SessionEnds { get; init; }

    public IEnumerable<PlanSession> Sessions => SessionStarts.Zip(
        SessionEnds, (starts, ends) => new PlanSession { StartsAt = new DateTimeOffset(starts), EndsAt = new DateTimeOffset(ends) });
}
