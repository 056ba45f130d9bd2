using Dapper;
using Npgsql;

namespace Booking.Data.Audit;

/// <summary>The audit trail as screens read it. It is written through <see cref="AuditRepository"/>.</summary>
public sealed class AuditListRepository(NpgsqlDataSource dataSource)
{
    /// <summary>The run that a trail is about; null when there is no such run.</summary>
    /// <param name="runCode">The run's code.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<AuditedRun?> FindRunAsync(string runCode, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<AuditedRun>(new CommandDefinition(
            """
            select runs.run_id, runs.code as run_code, courses.title as course_title, runs.time_zone, runs.starts_at
            from runs
            join courses on courses.course_id = runs.course_id
            where runs.code = @runCode
            """,
            new { runCode },
            cancellationToken: cancellationToken));
    }

    /// <summary>One page of a run's trail, newest first, with today's names of those concerned (the trail itself holds none).</summary>
    /// <param name="runId">The run.</param>
    /// <param name="beforeId">Only entries older than this one; null from the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <remarks>By id and not by page number: the last page of a long trail costs what the first does.</remarks>
    public async Task<IReadOnlyList<AuditLine>> ListByRunAsync(
        long runId, long? beforeId, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<AuditLine>(new CommandDefinition(
            """
            select entries.audit_id, entries.at, entries.actor, entries.actor_role, entries.action, entries.details::text as details,
                actors.name as actor_name, people.name as person_name, departments.name as department_name
            from audit_entries as entries
            left join people as actors on lower(actors.email) = lower(entries.actor)
            left join people on people.person_id = entries.person_id
            left join departments on departments.department_id = entries.department_id
            where entries.run_id = @runId
              and entries.audit_id < coalesce(@beforeId, 9223372036854775807)
            order by entries.audit_id desc
            limit @limit
            """,
            new { runId, beforeId, limit },
            cancellationToken: cancellationToken))).AsList();
    }
}

/// <summary>The run that a trail is about.</summary>
public sealed record AuditedRun
{
    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>The run's code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>The zone its times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }
}

/// <summary>One entry of the audit trail with names.</summary>
public sealed record AuditLine
{
    /// <summary>The entry.</summary>
    public required long AuditId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>E-mail address of the person, or the name of a job.</summary>
    public required string Actor { get; init; }

    /// <summary>One of <see cref="ActorRoles"/>.</summary>
    public required string ActorRole { get; init; }

    /// <summary>Dotted name of the change, such as <c>booking.reserved</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Further facts: a JSON object.</summary>
    public required string Details { get; init; }

    /// <summary>Name of the person who did it, if the address is known.</summary>
    public string? ActorName { get; init; }

    /// <summary>Name of the person concerned.</summary>
    public string? PersonName { get; init; }

    /// <summary>Name of the department concerned.</summary>
    public string? DepartmentName { get; init; }

    /// <summary>The seat of the booking concerned; only where the entries are shown by seat.</summary>
    public int? SeatNumber { get; init; }
}
