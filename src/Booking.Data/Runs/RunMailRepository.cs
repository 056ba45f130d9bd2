using Dapper;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>What the mails about a whole run say, read when they are rendered.</summary>
public sealed class RunMailRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Why a run was cancelled, and how far it is from its minimum.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<RunMailFacts> GetAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<RunMailFacts>(new CommandDefinition(
            """
            select coalesce(cancel_reason, '') as reason, status, starts_at, sign_up_closes_at, minimum_participants, minimum_decision,
                (select count(*)::int from bookings
                 where bookings.run_id = runs.run_id and bookings.status in ('booked', 'attended', 'absent')) as participants
            from runs
            where run_id = @runId
            """,
            new { runId },
            cancellationToken: cancellationToken));
    }

    /// <summary>Other runs of the same course on which the reader can have a seat now, the soonest first.</summary>
    /// <param name="runId">The run that is no more.</param>
    /// <param name="departmentId">The reader's department; null for somebody from outside.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<OtherRun>> ListOthersAsync(
        long runId, long? departmentId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<OtherRun>(new CommandDefinition(
            """
            select other.code as run_code, other.starts_at, other.ends_at, other.time_zone, other.venue_name, other.town
            from runs cancelled
            join runs other on other.course_id = cancelled.course_id and other.run_id <> cancelled.run_id
            join courses on courses.course_id = other.course_id
            where cancelled.run_id = @runId and other.status = 'published'
              and other.sign_up_opens_at <= @now and other.sign_up_closes_at > @now
              and (@departmentId::bigint is not null or courses.is_cross_sector)
              and exists (
                  select from seats
                  where seats.run_id = other.run_id and seats.status = 'free'
                    and (seats.pool = 'open'
                         or (seats.pool = 'department' and seats.department_id = @departmentId)
                         or (seats.pool = 'external' and @departmentId::bigint is null)))
            order by other.starts_at, other.code
            limit 5
            """,
            new { runId, departmentId, now },
            cancellationToken: cancellationToken))];
    }
}

/// <summary>A run as mails about the whole of it tell.</summary>
public sealed record RunMailFacts
{
    /// <summary>Why it was cancelled; empty when it was not.</summary>
    public required string Reason { get; init; }

    /// <summary>One of <see cref="RunStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>The sign-up stop.</summary>
    public required DateTimeOffset SignUpClosesAt { get; init; }

    /// <summary>How many participants it needs.</summary>
    public required int MinimumParticipants { get; init; }

    /// <summary>How many it has.</summary>
    public required int Participants { get; init; }

    /// <summary>What HR decided.</summary>
    public string? MinimumDecision { get; init; }
}

/// <summary>Another run of the same course.</summary>
public sealed record OtherRun
{
    /// <summary>Its code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The zone its times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Where it is held.</summary>
    public required string VenueName { get; init; }

    /// <summary>In which town.</summary>
    public string? Town { get; init; }
}
