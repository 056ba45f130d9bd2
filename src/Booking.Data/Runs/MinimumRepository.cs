using Dapper;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>Runs that have too few participants at their sign-up stop.</summary>
public sealed class MinimumRepository
{
    /// <summary>
    /// Whom HR must still be warned of: one row for each such run and HR person that has no mail yet about this sign-up stop. A
    /// run that was postponed has another stop, and is warned of anew.
    /// </summary>
    internal async Task<IReadOnlyList<MinimumWarning>> ListDueAsync(
        NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<MinimumWarning>(new CommandDefinition(
            """
            select warning.run_id, warning.email, warning.key, warning.participants, warning.minimum_participants
            from (
                select runs.run_id, runs.minimum_participants, role_assignments.email,
                    concat_ws('/', 'run.minimum', runs.run_id,
                        to_char(runs.sign_up_closes_at at time zone 'UTC', 'YYYYMMDDHH24MI'), role_assignments.email) as key,
                    (select count(*)::int from bookings
                     where bookings.run_id = runs.run_id and bookings.status in ('booked', 'attended', 'absent')) as participants
                from runs
                cross join role_assignments
                where role_assignments.role = 'hr' and runs.status = 'published' and runs.minimum_decision is null
                  and runs.sign_up_closes_at <= @now and runs.starts_at > @now and runs.minimum_participants > 0) as warning
            where warning.participants < warning.minimum_participants
              and not exists (select from outbox where outbox.key = warning.key)
            order by warning.run_id, warning.email
            """,
            new { now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>The run goes ahead with the participants it has.</summary>
    /// <returns>Whether nobody had decided so before.</returns>
    internal async Task<bool> DecideAsync(
        NpgsqlTransaction transaction, long runId, string decidedBy, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update runs set minimum_decision = 'goes_ahead', minimum_decided_at = @now, minimum_decided_by = @decidedBy
            where run_id = @runId and status = 'published' and starts_at > @now and minimum_decision is null
            """,
            new { runId, decidedBy, now },
            transaction,
            cancellationToken: cancellationToken)) == 1;
}

/// <summary>One mail that is due to one HR person.</summary>
internal sealed record MinimumWarning
{
    public required long RunId { get; init; }

    public required string Email { get; init; }

    public required string Key { get; init; }

    public required int Participants { get; init; }

    public required int MinimumParticipants { get; init; }
}
