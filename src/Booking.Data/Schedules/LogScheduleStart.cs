using Booking.Data.Audit;
using Npgsql;

namespace Booking.Data.Schedules;

/// <summary>Writes into the audit trail that somebody started a schedule by hand.</summary>
public sealed class LogScheduleStart(NpgsqlDataSource dataSource, AuditRepository audit, TimeProvider clock)
{
    /// <summary>Writes it.</summary>
    public async Task RunAsync(string name, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await audit.InsertAsync(
            transaction,
            new AuditEntry
            {
                At = clock.GetUtcNow(),
                Actor = actor,
                Action = "schedule.started",
                Details = new Dictionary<string, object?>(StringComparer.Ordinal) { ["schedule"] = name },
            },
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
