using Npgsql;

namespace Booking.Data.Plans;

/// <summary>
/// The employees' part of an import: streamed into a temporary table, then merged by a few statements whatever their number.
/// Who is known by number is changed; who is known by e-mail only (an external participant, or an employee under a number
/// that is no longer listed) becomes this employee and keeps the bookings; who is no longer listed becomes inactive.
/// </summary>
public sealed class EmployeeImport(PlanPeopleRepository people)
{
    internal async Task RunAsync(NpgsqlTransaction transaction, PlanImportContext context, CancellationToken cancellationToken)
    {
        context.Tell(PlanImportStep.CopyingEmployees);
        var listed = await people.CopyAsync(transaction, context, cancellationToken);
        if (context.Files.Faults.Count > 0)
        {
            return;
        }

        context.Tell(PlanImportStep.MergingEmployees);
        await people.MatchAsync(transaction, cancellationToken);
        var refused = await RefuseTakenAddressesAsync(transaction, context, cancellationToken);

        // What differs is noted before anything is written: the addresses are moved in two steps.
        var changed = await people.NoteChangesAsync(transaction, PlanEntityResult.KeptChanges, cancellationToken);
        await people.ClearMovingAddressesAsync(transaction, cancellationToken);
        await people.UpdateChangedAsync(transaction, cancellationToken);
        var added = await people.InsertNewAsync(transaction, context.Now, cancellationToken);
        var deactivated = await people.DeactivateUnlistedAsync(transaction, cancellationToken);
        await people.AuditAsync(transaction, context, cancellationToken);

        context.Report.Add(new PlanEntityResult
        {
            Entity = PlanEntity.Employees,
            Added = added,
            Changed = changed.Count,
            Unchanged = listed - added - changed.Count - refused,
            Deactivated = deactivated.Count,
            Changes =
            [
                .. changed.Rows.Select(row => new PlanChange { Kind = PlanChangeKind.Changed, Code = row.EmployeeNumber, Fields = row.Fields }),
                .. deactivated.Select(number => new PlanChange { Kind = PlanChangeKind.Deactivated, Code = number }),
            ],
        });
    }

    /// <summary>
    /// Nobody may take an address from somebody who keeps it. A refused employee keeps the old address, which may in turn
    /// be what another one was to get: asked until nobody is refused any more.
    /// </summary>
    /// <returns>How many new employees were refused.</returns>
    private async Task<int> RefuseTakenAddressesAsync(NpgsqlTransaction transaction, PlanImportContext context, CancellationToken cancellationToken)
    {
        var refusedNew = 0;
        IReadOnlyList<RefusedAddress> refused;
        do
        {
            refused = await people.RefuseTakenAddressesAsync(transaction, cancellationToken);
            refusedNew += refused.Count(employee => employee.IsNew);
            foreach (var employee in refused)
            {
                context.Report.Refuse(
                    employee.EmployeeNumber,
                    "e-mail",
                    $"e-mailen i linje {employee.Line}",
                    employee.HolderNumber is null
                        ? "en ekstern deltager har den e-mail"
                        : $"medarbejder {employee.HolderNumber} har den e-mail");
            }
        }
        while (refused.Count > 0);

        return refusedNew;
    }
}
