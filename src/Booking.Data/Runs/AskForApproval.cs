using Booking.Data.Audit;
using Booking.Data.Bookings;
using Dapper;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>
/// HR decides whether a leader must say yes to each employee's booking of a run. Bookings that exist stay as they are; only
/// new ones, and promotions from the waiting list, follow the rule.
/// </summary>
public sealed class AskForApproval(NpgsqlDataSource dataSource, BookingRepository bookings, DecisionLog log)
{
    /// <summary>Sets the rule.</summary>
    /// <returns>Whether it was another one before.</returns>
    public async Task<bool> RunAsync(long runId, bool isAsked, Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var run = await bookings.LockRunAsync(transaction, runId, cancellationToken);
        if (run is null || run.RequiresApproval == isAsked)
        {
            return false;
        }

        await connection.ExecuteAsync(new CommandDefinition(
            "update runs set requires_approval = @isAsked where run_id = @runId",
            new { runId, isAsked },
            transaction,
            cancellationToken: cancellationToken));
        await log.RecordAsync(
            transaction,
            [new AuditEntry
            {
                At = log.Now,
                Actor = actor,
                Action = "run.approval_rule_changed",
                RunId = runId,
                Details = new Dictionary<string, object?> { ["approval"] = isAsked },
            }],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
