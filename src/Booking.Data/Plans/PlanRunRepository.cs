using Booking.Data.Plans.Reading;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Booking.Data.Plans;

/// <summary>Runs and their sessions as an import writes them.</summary>
public sealed class PlanRunRepository
{
    internal async Task<IReadOnlyList<RunRow>> ListAsync(NpgsqlTransaction transaction, string[] codes, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<RunRow>(new CommandDefinition(
            """
            select run_id, code, course_id, plan_year, status, venue_name, venue_address, postal_code, town, latitude, longitude,
                online_link, capacity, external_seats, minimum_participants, sign_up_opens_at, sign_up_closes_at, release_at,
                cancellation_deadline_at, instructor_email, budget
            from runs
            where code = any(@codes)
            """,
            new { codes },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Codes of runs in these plan years that the files do not list.</summary>
    internal async Task<IReadOnlyList<string>> ListMissingAsync(
        NpgsqlTransaction transaction, int[] planYears, string[] codes, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            """
            select code from runs
            where plan_year = any(@planYears) and status <> 'cancelled' and code <> all(@codes)
            order by code
            """,
            new { planYears, codes },
            transaction,
            cancellationToken: cancellationToken))];

    internal async Task<ILookup<long, SessionRow>> ListSessionsAsync(
        NpgsqlTransaction transaction, long[] runIds, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<SessionRow>(new CommandDefinition(
            """
            select session_id, run_id, number, starts_at, ends_at
            from sessions
            where run_id = any(@runIds) and cancelled_at is null
            order by run_id, number
            """,
            new { runIds },
            transaction,
            cancellationToken: cancellationToken))).ToLookup(session => session.RunId);

    /// <summary>Copies new runs as drafts, with their sessions.</summary>
    /// <returns>Their ids, in the order given.</returns>
    internal async Task<IReadOnlyList<long>> InsertAsync(
        NpgsqlTransaction transaction, IReadOnlyList<PlanRun> runs, PlanImportContext context, CancellationToken cancellationToken)
    {
        await CopyRunsAsync(transaction, runs, context, cancellationToken);
        var codes = runs.Select(run => run.Code).ToArray();
        var ids = (await transaction.Connection!.QueryAsync<long>(new CommandDefinition(
            "select run_id from unnest(@codes) with ordinality as planned (code, position) join runs using (code) order by position",
            new { codes },
            transaction,
            cancellationToken: cancellationToken))).ToList();
        await CopySessionsAsync(transaction, runs.Zip(ids), cancellationToken);
        return ids;
    }

    internal async Task UpdateAsync(
        NpgsqlTransaction transaction, long runId, RunValues values, CancellationToken cancellationToken)
    {
        var run = values.Run;
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update runs
            set course_id = @CourseId, plan_year = @PlanYear, starts_at = @startsAt, ends_at = @endsAt, venue_name = @VenueName,
                venue_address = @VenueAddress, postal_code = @PostalCode, town = @Town, latitude = @Latitude, longitude = @Longitude,
                online_link = @OnlineLink, capacity = @Capacity, external_seats = @ExternalSeats,
                minimum_participants = @MinimumParticipants, sign_up_opens_at = @SignUpOpensAt, sign_up_closes_at = @SignUpClosesAt,
                release_at = @ReleaseAt, cancellation_deadline_at = @CancellationDeadlineAt, instructor_email = @InstructorEmail,
                budget = @Budget
            where run_id = @runId
            """,
            new
            {
                runId,
                values.CourseId,
                run.PlanYear,
                startsAt = run.Sessions[0].StartsAt,
                endsAt = run.Sessions[^1].EndsAt,
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

    /// <summary>Notes that a run got another session, until everybody who booked at that moment surely has its invitation.</summary>
    internal async Task MarkSessionsAddedAsync(
        NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update runs set sessions_added_at = @now where run_id = @runId",
            new { runId, now },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Locks a run against everybody who changes more of it than one seat.</summary>
    internal async Task LockAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "select from runs where run_id = @runId for no key update",
            new { runId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>What is promised and taken. Locks the run, so that a release or a change of capacity waits for this import.</summary>
    internal async Task<RunSeatCounts> CountSeatsAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<RunSeatCounts>(new CommandDefinition(
            """
            with run as (
                select run_id, released_at from runs where run_id = @runId for no key update
            )
            select
                max(run.released_at) as released_at,
                count(*) filter (where status = 'taken')::int as taken,
                count(*) filter (where pool = 'external' and status <> 'closed')::int as external,
                count(*) filter (where pool = 'department' and status = 'free')::int as free_guaranteed,
                count(*) filter (where pool = 'open' and status = 'free')::int as free_open,
                (select count(*) from bookings where bookings.run_id = @runId and bookings.status <> 'cancelled')::int as live_bookings,
                array(
                    select session_id from sessions
                    where sessions.run_id = @runId and cancelled_at is null
                        and exists (select from invitations where invitations.session_id = sessions.session_id)) as invited_sessions
            from run
            left join seats using (run_id)
            """,
            new { runId },
            transaction,
            cancellationToken: cancellationToken));

    private static async Task CopyRunsAsync(
        NpgsqlTransaction transaction, IReadOnlyList<PlanRun> runs, PlanImportContext context, CancellationToken cancellationToken)
    {
        await using var import = await transaction.Connection!.BeginBinaryImportAsync(
            """
            copy runs (code, course_id, plan_year, status, time_zone, starts_at, ends_at, venue_name, venue_address, postal_code, town,
                latitude, longitude, online_link, capacity, external_seats, minimum_participants, sign_up_opens_at, sign_up_closes_at,
                release_at, cancellation_deadline_at, instructor_email, budget) from stdin (format binary)
            """,
            cancellationToken);
        foreach (var run in runs)
        {
            await import.WriteRowAsync(
                cancellationToken,
                run.Code, context.CourseIds[run.CourseCode], run.PlanYear, Runs.RunStatuses.Draft, context.TimeZone,
                run.Sessions[0].StartsAt, run.Sessions[^1].EndsAt, run.VenueName, run.VenueAddress, run.PostalCode, run.Town,
                run.Latitude, run.Longitude, run.OnlineLink, run.Capacity, run.ExternalSeats, run.MinimumParticipants,
                run.SignUpOpensAt, run.SignUpClosesAt, run.ReleaseAt, run.CancellationDeadlineAt, run.InstructorEmail, run.Budget);
        }

        await import.CompleteAsync(cancellationToken);
    }

    private static async Task CopySessionsAsync(
        NpgsqlTransaction transaction, IEnumerable<(PlanRun Run, long RunId)> runs, CancellationToken cancellationToken)
    {
        await using var import = await transaction.Connection!.BeginBinaryImportAsync(
            "copy sessions (run_id, number, starts_at, ends_at) from stdin (format binary)", cancellationToken);
        foreach (var (run, runId) in runs)
        {
            for (var i = 0; i < run.Sessions.Count; i++)
            {
                await import.StartRowAsync(cancellationToken);
                await import.WriteAsync(runId, NpgsqlDbType.Bigint, cancellationToken);
                await import.WriteAsync(i + 1, NpgsqlDbType.Integer, cancellationToken);
                await import.WriteAsync(run.Sessions[i].StartsAt, NpgsqlDbType.TimestampTz, cancellationToken);
                await import.WriteAsync(run.Sessions[i].EndsAt, NpgsqlDbType.TimestampTz, cancellationToken);
            }
        }

        await import.CompleteAsync(cancellationToken);
    }
}
