using Booking.Data.Allotments;
using Dapper;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>One run as HR's pages show it and HR's decisions read it.</summary>
public sealed class HrRunRepository(NpgsqlDataSource dataSource, SeatRemovalRepository seats)
{
    private const string Select =
        """
        select runs.run_id, runs.code as run_code, runs.course_id, courses.code as course_code, courses.title as course_title,
            courses.form, runs.status, runs.time_zone, runs.starts_at, runs.ends_at, runs.venue_name, runs.venue_address,
            runs.postal_code, runs.town, runs.online_link, runs.capacity, runs.external_seats, runs.minimum_participants,
            runs.sign_up_opens_at, runs.sign_up_closes_at, runs.release_at, runs.released_at, runs.cancellation_deadline_at,
            runs.cancelled_at, runs.cancel_reason, runs.minimum_decision, runs.minimum_decided_at, runs.minimum_decided_by, runs.requires_approval,
            runs.attendance_settled_at, runs.attendance_assumed as is_attendance_assumed,
            (select count(*)::int from bookings
             where bookings.run_id = runs.run_id and bookings.status in ('booked', 'attended', 'absent')) as participants,
            (select count(*)::int from bookings where bookings.run_id = runs.run_id and bookings.status = 'held') as held,
            (select count(*)::int from waiting_list_entries as waiting
             where waiting.run_id = runs.run_id and waiting.status in ('waiting', 'offered')) as waiting
        from runs
        join courses on courses.course_id = runs.course_id
        """;

    /// <summary>The run with its sessions and who has its seats; null when there is none.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<HrRun?> FindAsync(string code, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var run = await connection.QuerySingleOrDefaultAsync<HrRun>(new CommandDefinition(
            $"{Select} where runs.code = @code", new { code }, cancellationToken: cancellationToken));
        return run is null ? null : await WithPartsAsync(connection, transaction: null, run, cancellationToken);
    }

    /// <summary>The run as a transaction that has it locked sees it.</summary>
    internal async Task<HrRun> GetAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var run = await connection.QuerySingleAsync<HrRun>(new CommandDefinition(
            $"{Select} where runs.run_id = @runId", new { runId }, transaction, cancellationToken: cancellationToken));
        return await WithPartsAsync(connection, transaction, run, cancellationToken);
    }

    private async Task<HrRun> WithPartsAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, HrRun run, CancellationToken cancellationToken)
    {
        var sessions = await connection.QueryAsync<HrSession>(new CommandDefinition(
            """
            select session_id, number, starts_at, ends_at from sessions
            where run_id = @RunId and cancelled_at is null
            order by number
            """,
            new { run.RunId },
            transaction,
            cancellationToken: cancellationToken));
        return run with
        {
            Sessions = [.. sessions],
            Holders = await seats.ListHoldersAsync(connection, transaction, run.RunId, cancellationToken),
        };
    }

    internal async Task<int> GetCapacityAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition(
            "select capacity from runs where run_id = @runId", new { runId }, transaction, cancellationToken: cancellationToken));

    /// <summary>Who teaches the run; null when the plan does not say.</summary>
    internal async Task<string?> FindInstructorAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select nullif(btrim(instructor_email), '') from runs where run_id = @runId", new { runId }, transaction, cancellationToken: cancellationToken));

    internal async Task<long[]> ListSessionIdsAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<long>(new CommandDefinition(
            "select session_id from sessions where run_id = @runId and cancelled_at is null order by number",
            new { runId },
            transaction,
            cancellationToken: cancellationToken))];
}
