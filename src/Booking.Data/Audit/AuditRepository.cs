using System.Text.Json;
using Dapper;
using Npgsql;

namespace Booking.Data.Audit;

/// <summary>One row of the audit trail: who did what, when, to what.</summary>
public sealed record AuditEntry
{
    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who did it.</summary>
    public required Actor Actor { get; init; }

    /// <summary>Dotted name of the change, such as <c>booking.reserved</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The run concerned, if any.</summary>
    public long? RunId { get; init; }

    /// <summary>The booking concerned, if any.</summary>
    public long? BookingId { get; init; }

    /// <summary>The person concerned, if any.</summary>
    public long? PersonId { get; init; }

    /// <summary>The department concerned, if any.</summary>
    public long? DepartmentId { get; init; }

    /// <summary>Further facts, stored as JSON; never names or addresses.</summary>
    public IReadOnlyDictionary<string, object?> Details { get; init; } = new Dictionary<string, object?>();
}

/// <summary>Writes the append-only audit trail.</summary>
public sealed class AuditRepository
{
    /// <summary>Inserts the rows of <see cref="Parameters"/>, named apart from those of the outbox: both may share a command.</summary>
    internal const string InsertEntries =
        """
        insert into audit_entries (at, actor, actor_role, action, run_id, booking_id, person_id, department_id, details)
        select at, actor, actor_role, action, run_id, booking_id, person_id, department_id, details::jsonb
        from unnest(@AuditAts, @AuditActors, @AuditRoles, @AuditActions, @AuditRunIds, @AuditBookingIds, @AuditPersonIds,
            @AuditDepartmentIds, @AuditDetails)
            as entry (at, actor, actor_role, action, run_id, booking_id, person_id, department_id, details)
        """;

    internal Task InsertAsync(NpgsqlTransaction transaction, AuditEntry entry, CancellationToken cancellationToken) =>
        InsertAsync(transaction, [entry], cancellationToken);

    internal async Task InsertAsync(
        NpgsqlTransaction transaction, IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            InsertEntries, Parameters(entries), transaction, cancellationToken: cancellationToken));
    }

    internal static DynamicParameters Parameters(IReadOnlyList<AuditEntry> entries) => new(new
    {
        AuditAts = entries.Select(entry => entry.At.ToUniversalTime()).ToArray(),
        AuditActors = entries.Select(entry => entry.Actor.Name).ToArray(),
        AuditRoles = entries.Select(entry => entry.Actor.Role).ToArray(),
        AuditActions = entries.Select(entry => entry.Action).ToArray(),
        AuditRunIds = entries.Select(entry => entry.RunId).ToArray(),
        AuditBookingIds = entries.Select(entry => entry.BookingId).ToArray(),
        AuditPersonIds = entries.Select(entry => entry.PersonId).ToArray(),
        AuditDepartmentIds = entries.Select(entry => entry.DepartmentId).ToArray(),
        AuditDetails = entries.Select(entry => JsonSerializer.Serialize(entry.Details)).ToArray(),
    });
}
