using Booking.Data.Allotments;
using Booking.Data.Plans.Reading;
using Booking.Data.Runs;
using Npgsql;

namespace Booking.Data.Plans;

/// <summary>The runs' part of an import: new runs are published at once, known ones get what the plan changed and they may get.</summary>
public sealed class RunImport(
    PlanRunRepository runs, ImportedRunRepository imported, PublishRuns publish, PublishedRunImport published, DraftRunImport drafts)
{
    internal async Task RunAsync(NpgsqlTransaction transaction, PlanImportContext context, CancellationToken cancellationToken)
    {
        context.Tell(PlanImportStep.WritingRuns);
        var planned = context.Files.Runs;
        var codes = planned.Select(run => run.Code).ToArray();
        var known = await ListAsync(transaction, codes, cancellationToken);

        var added = planned.Where(run => !known.ContainsKey(run.Code)).ToList();
        var unpublished = (await runs.InsertAsync(transaction, added, context, cancellationToken)).ToList();
        await imported.InsertAsync(transaction, [.. unpublished], cancellationToken);
        var changes = new List<PlanChange>();
        var done = 0;
        // Of several runs the one with the smaller id is locked first, as everywhere.
        foreach (var run in planned.Where(run => known.ContainsKey(run.Code)).OrderBy(run => known[run.Code].Stored.Row.RunId))
        {
            var (row, fields) = await ChangeAsync(transaction, context, known[run.Code], run, cancellationToken);
            if (fields.Count > 0)
            {
                changes.Add(new PlanChange { Kind = PlanChangeKind.Changed, Code = row.Code, Fields = fields });
            }

            if (row.Status == RunStatuses.Draft)
            {
                unpublished.Add(row.RunId);
            }

            context.Tell(PlanImportStep.WritingRuns, ++done, (double)done / known.Count);
        }

        await PublishAsync(transaction, context, unpublished, cancellationToken);
        await ReportAsync(transaction, context, codes, added.Count, changes, cancellationToken);
    }

    private async Task<Dictionary<string, KnownRun>> ListAsync(
        NpgsqlTransaction transaction, string[] codes, CancellationToken cancellationToken)
    {
        var rows = await runs.ListAsync(transaction, codes, cancellationToken);
        long[] ids = [.. rows.Select(row => row.RunId)];
        var sessions = await runs.ListSessionsAsync(transaction, ids, cancellationToken);
        var written = await imported.ListAsync(transaction, ids, cancellationToken);
        return rows.ToDictionary(
            row => row.Code,
            row => new KnownRun(new StoredRun(row, [.. sessions[row.RunId]]), written.GetValueOrDefault(row.RunId)),
            StringComparer.OrdinalIgnoreCase);
    }

    private async Task<(RunRow Row, IReadOnlyList<string> Fields)> ChangeAsync(
        NpgsqlTransaction transaction, PlanImportContext context, KnownRun read, PlanRun run, CancellationToken cancellationToken)
    {
        var planned = new RunValues(run, context.CourseIds[run.CourseCode]);
        if (!read.Merge(planned, context.Zone).HasWork)
        {
            return (read.Stored.Row, []);
        }

        // Until now it was read without a lock: HR may have cancelled the run meanwhile, moved it, or changed its seats.
        await runs.LockAsync(transaction, read.Stored.Row.RunId, cancellationToken);
        var known = (await ListAsync(transaction, [read.Stored.Row.Code], cancellationToken)).Values.Single();
        var (stored, merge) = (known.Stored, known.Merge(planned, context.Zone));
        context.Report.Refuse(stored.Row.Code, merge.Refusals);
        var accepted = stored.Row.Status switch
        {
            RunStatuses.Draft => await drafts.ChangeAsync(transaction, context, stored, merge.Wanted, cancellationToken),
            RunStatuses.Published => await published.ChangeAsync(transaction, context, stored, merge.Wanted, cancellationToken),
            _ => RefuseClosed(context, stored, merge.Wanted),
        };
        await imported.SaveAsync(transaction, stored.Row.RunId, merge.Written(accepted), cancellationToken);
        return (stored.Row, RunFields.Different(stored.Values(run), accepted));
    }

    private static RunValues RefuseClosed(PlanImportContext context, StoredRun stored, RunValues wanted)
    {
        var unchanged = stored.Values(wanted.Run);
        var reason = stored.Row.Status == RunStatuses.Cancelled ? "holdet er aflyst" : "holdet er afholdt";
        context.Report.Refuse(
            stored.Row.Code, RunFields.Different(unchanged, wanted).Select(column => new RunRefusal(column, "ændring", reason)));
        return unchanged;
    }

    private async Task PublishAsync(
        NpgsqlTransaction transaction, PlanImportContext context, IReadOnlyCollection<long> runIds, CancellationToken cancellationToken)
    {
        if (runIds.Count == 0)
        {
            return;
        }

        context.Tell(PlanImportStep.PublishingRuns);
        foreach (var result in await publish.RunAsync(transaction, runIds, context.Actor, cancellationToken))
        {
            if (result is { Outcome: PublishOutcome.MinimumsDoNotFit, Code: { } code, Arithmetic: { } arithmetic })
            {
                context.Report.Refuse(
                    code,
                    RunFields.Capacity,
                    "udgivelse",
                    $"afdelingernes mindstetal er {arithmetic.MinimumSeats} pladser, og der er {arithmetic.Seats} at dele; holdet er en kladde");
            }
        }
    }

    private async Task ReportAsync(
        NpgsqlTransaction transaction, PlanImportContext context, string[] codes, int added, List<PlanChange> changes,
        CancellationToken cancellationToken)
    {
        var years = context.Files.Runs.Select(run => run.PlanYear).Distinct().ToArray();
        var missing = await runs.ListMissingAsync(transaction, years, codes, cancellationToken);
        context.Report.Add(new PlanEntityResult
        {
            Entity = PlanEntity.Runs,
            Added = added,
            Changed = changes.Count,
            Unchanged = codes.Length - added - changes.Count,
            Missing = missing.Count,
            Changes = [.. changes, .. missing.Select(code => new PlanChange { Kind = PlanChangeKind.Missing, Code = code })],
        });
    }
}

/// <summary>Changes of a run that nobody has seats on yet: everything is taken as it stands in the files.</summary>
public sealed class DraftRunImport(PlanRunRepository runs, PlanSessionRepository sessions)
{
    /// <returns>The run as it is now.</returns>
    internal async Task<RunValues> ChangeAsync(
        NpgsqlTransaction transaction, PlanImportContext context, StoredRun stored, RunValues wanted, CancellationToken cancellationToken)
    {
        var runId = stored.Row.RunId;
        var fields = RunFields.Different(stored.Values(wanted.Run), wanted);
        if (fields.Count == 0)
        {
            return wanted;
        }

        await runs.UpdateAsync(transaction, runId, wanted, cancellationToken);
        if (fields.Contains(RunFields.Sessions))
        {
            await sessions.DeleteAsync(transaction, [.. stored.Sessions.Select(session => session.SessionId)], cancellationToken);
            await sessions.InsertAsync(
                transaction, runId, [.. wanted.Run.Sessions.Select((session, i) => new NumberedSession(session, i + 1))], cancellationToken);
        }

        context.Report.Audit(context.RunChanged(runId, fields));
        return wanted;
    }
}
