using Booking.Data.Bookings;
using Dapper;
using Npgsql;

namespace Booking.Data.Allotments;

/// <summary>Warnings before the release, and the links in them.</summary>
public sealed class ReleaseWarningRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Warnings that are due and were not written yet.</summary>
    /// <remarks>
    /// The key has the release's time: a run that is postponed is warned of anew. Days are counted on the run's own clocks. The partial
    /// index runs_release keeps this to the runs ahead.
    /// </remarks>
    internal async Task<IReadOnlyList<SecretaryWarning>> ListDueAsync(
        NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<SecretaryWarning>(new CommandDefinition(
            """
            with ahead as materialized (
                select run_id, to_char(release_at at time zone 'UTC', 'YYYYMMDD"T"HH24MI') as release,
                    case when (release_at at time zone time_zone - interval '3 days') at time zone time_zone <= @now then 3 else 14 end as days
                from runs
                where status = 'published' and released_at is null and release_at > @now
                  and release_at <= @now::timestamptz + interval '15 days'
                  and (release_at at time zone time_zone - interval '14 days') at time zone time_zone <= @now
            ), unused as (
                select distinct ahead.run_id, ahead.release, ahead.days, seats.department_id
                from ahead
                join seats on seats.run_id = ahead.run_id and seats.pool = 'department' and seats.status = 'free'
            )
            select warning.key, warning.run_id, warning.department_id, warning.email
            from (
                select unused.run_id, unused.department_id, department_secretaries.email,
                    concat_ws(
                        '/', 'release.warning', unused.run_id, unused.department_id, unused.release, unused.days,
                        department_secretaries.email) as key
                from unused
                join department_secretaries on department_secretaries.department_id = unused.department_id) as warning
            where not exists (select from outbox where outbox.key = warning.key)
            order by warning.key
            """,
            new { now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>What a mailed link decides about; null when it is unknown, over, or its owner is not a secretary any more.</summary>
    /// <param name="tokenHash">SHA-256 of the link's secret.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<ReleaseDecision?> FindByTokenAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ReleaseDecision>(new CommandDefinition(
            """
            select links.run_id, runs.code as run_code, links.department_id, departments.name as department_name,
                links.owner_email as secretary, runs.release_at, runs.released_at is not null as is_released,
                (select count(*) from seats
                 where seats.run_id = links.run_id and seats.pool = 'department' and seats.department_id = links.department_id
                   and seats.status = 'free') as unused_seats
            from links
            join runs on runs.run_id = links.run_id
            join departments on departments.department_id = links.department_id
            join department_secretaries on department_secretaries.department_id = links.department_id
                and lower(department_secretaries.email) = lower(links.owner_email)
            where links.token_hash = @tokenHash and links.purpose = 'release.decide' and links.expires_at > @now
              and links.revoked_at is null
            """,
            new { tokenHash, now },
            cancellationToken: cancellationToken));
    }
}

/// <summary>What the link of a warning decides about.</summary>
public sealed record ReleaseDecision
{
    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>The run's code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>The department.</summary>
    public required long DepartmentId { get; init; }

    /// <summary>Its name.</summary>
    public required string DepartmentName { get; init; }

    /// <summary>Whom the link was sent to.</summary>
    public required string Secretary { get; init; }

    /// <summary>When unused seats are released.</summary>
    public required DateTimeOffset ReleaseAt { get; init; }

    /// <summary>Whether they were.</summary>
    public required bool IsReleased { get; init; }

    /// <summary>The department's unused seats on the run.</summary>
    public required long UnusedSeats { get; init; }
}
