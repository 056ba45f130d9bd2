using Dapper;
using Npgsql;

namespace Booking.Data.Plans;

/// <summary>The steps of an import in their order, in one transaction.</summary>
public sealed class PlanSteps(DepartmentImport departments, CourseImport courses, EmployeeImport employees, RunImport runs)
{
    // Any number that no other advisory lock of this database has.
    private const long ImportLock = 0x504C_414E;

    /// <remarks>
    /// Runs come last: their changes lock rows that reservations and cancellations wait for, and the import's end is then near.
    /// </remarks>
    internal async Task RunAsync(NpgsqlTransaction transaction, PlanImportContext context, CancellationToken cancellationToken)
    {
        context.Tell(PlanImportStep.WaitingForTurn);
        await LockAsync(transaction, cancellationToken);
        await departments.RunAsync(transaction, context, cancellationToken);
        await courses.RunAsync(transaction, context, cancellationToken);
        await employees.RunAsync(transaction, context, cancellationToken);
        if (context.Files.Faults.Count == 0)
        {
            await runs.RunAsync(transaction, context, cancellationToken);
        }
    }

    /// <summary>Two imports at once would each find the other's rows missing: the second waits for the first to end.</summary>
    private static async Task LockAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(@ImportLock)",
            new { ImportLock },
            transaction,
            commandTimeout: 600,
            cancellationToken: cancellationToken));
}
