using Booking.Data.Plans.Reading;
using Npgsql;

namespace Booking.Data.Plans;

/// <summary>The departments' part of an import: rows, secretaries and the distribution key of every plan year of the runs.</summary>
public sealed class DepartmentImport(PlanDepartmentRepository departments)
{
    internal async Task RunAsync(NpgsqlTransaction transaction, PlanImportContext context, CancellationToken cancellationToken)
    {
        var stored = (await departments.ListAsync(transaction, cancellationToken))
            .ToDictionary(row => row.Code, StringComparer.OrdinalIgnoreCase);
        var changes = new List<PlanChange>();
        var added = 0;
        foreach (var planned in context.Files.Departments)
        {
            if (!stored.Remove(planned.Code, out var row))
            {
                context.DepartmentIds[planned.Code] = await departments.InsertAsync(transaction, planned, cancellationToken);
                added++;
                continue;
            }

            context.DepartmentIds[planned.Code] = row.DepartmentId;
            await ChangeAsync(transaction, context, (row, planned), changes, cancellationToken);
        }

        context.Report.Add(new PlanEntityResult
        {
            Entity = PlanEntity.Departments,
            Added = added,
            Changed = changes.Count,
            Unchanged = context.Files.Departments.Count - added - changes.Count,
            Missing = stored.Count,
            Changes = [.. changes, .. stored.Keys.Select(code => new PlanChange { Kind = PlanChangeKind.Missing, Code = code })],
        });
        await KeyAsync(transaction, context, cancellationToken);
    }

    private static IReadOnlyList<string> Differences(DepartmentRow row, PlanDepartment planned) =>
        new FieldComparison()
            .Add("afdeling", row.Name, planned.Name)
            .Add("postnr", row.PostalCode, planned.PostalCode)
            .Add("by", row.Town, planned.Town)
            .Add("breddegrad", row.Latitude, planned.Latitude)
            .Add("længdegrad", row.Longitude, planned.Longitude)
            .AddList("sekretær e-mail", row.SecretaryEmails.Order(StringComparer.Ordinal), planned.SecretaryEmails.Order(StringComparer.Ordinal))
            .Fields;

    private async Task ChangeAsync(
        NpgsqlTransaction transaction, PlanImportContext context, (DepartmentRow Row, PlanDepartment Planned) pair,
        List<PlanChange> changes, CancellationToken cancellationToken)
    {
        var fields = Differences(pair.Row, pair.Planned);
        if (fields.Count == 0)
        {
            return;
        }

        await departments.UpdateAsync(transaction, pair.Row.DepartmentId, pair.Planned, cancellationToken);
        changes.Add(new PlanChange { Kind = PlanChangeKind.Changed, Code = pair.Row.Code, Fields = fields });
        context.Report.Audit(context.Entry("department.changed", new Dictionary<string, object?> { ["fields"] = fields }) with
        {
            DepartmentId = pair.Row.DepartmentId,
        });
    }

    private async Task KeyAsync(NpgsqlTransaction transaction, PlanImportContext context, CancellationToken cancellationToken)
    {
        var years = context.Files.Runs.Select(run => run.PlanYear).Distinct().Order().ToArray();
        var weights = context.Files.Departments
            .Select(planned => new DepartmentWeight(context.DepartmentIds[planned.Code], planned.Weight, planned.MinimumSeats))
            .ToList();
        var written = await departments.WriteKeysAsync(transaction, years, weights, cancellationToken);
        var changes = written.Where(key => !key.IsNew).ToList();
        context.Report.Add(new PlanEntityResult
        {
            Entity = PlanEntity.DistributionKeys,
            Added = written.Count - changes.Count,
            Changed = changes.Count,
            Unchanged = (years.Length * weights.Count) - written.Count,
            Changes = [.. changes.Select(key => new PlanChange
            {
                Kind = PlanChangeKind.Changed,
                Code = $"{key.Code} {key.PlanYear}",
                Fields = ["vægt"],
            })],
        });
        foreach (var key in changes)
        {
            var details = new Dictionary<string, object?> { ["plan_year"] = key.PlanYear, ["weight"] = key.Weight, ["minimum_seats"] = key.MinimumSeats };
            context.Report.Audit(context.Entry("distribution_key.changed", details) with { DepartmentId = key.DepartmentId });
        }
    }
}
