using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Invitations;
using Booking.Data.Plans.Reading;
using Booking.Data.Site;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Booking.Data.Plans;

/// <summary>A wish to bring the year's plan into the database.</summary>
public sealed record ImportPlanRequest
{
    /// <summary>The four files.</summary>
    public required PlanSource Source { get; init; }

    /// <summary>Who asks for it.</summary>
    public required Actor Actor { get; init; }

    /// <summary>Do everything and then undo it: the result says what an import would do.</summary>
    public bool IsCheck { get; init; }

    /// <summary>Days to add to every date; clock times stay.</summary>
    public int ShiftDays { get; init; }

    /// <summary>Told how far the import has come.</summary>
    public IProgress<PlanImportProgress>? Progress { get; init; }
}

/// <summary>
/// Imports the year's plan, all or nothing: departments with weights, courses, employees, and runs with their sessions.
/// Files with any fault change nothing. What would take away a promised or taken seat is refused by name, and the rest is
/// done. The same files a second time change nothing.
/// </summary>
public sealed class ImportPlan(
    NpgsqlDataSource dataSource, PlanSteps steps, SendLackingInvitations lacking, DecisionLog log, IOptions<PlanOptions> options, IOptions<SiteOptions> site)
{
    /// <summary>Imports, or checks, the plan.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task<ImportPlanResult> RunAsync(ImportPlanRequest request, CancellationToken cancellationToken)
    {
        request.Progress?.Report(new PlanImportProgress { Step = PlanImportStep.ReadingFiles });
        var context = new PlanImportContext
        {
            Files = PlanFiles.Read(request.Source, Settings(request), request.Progress),
            Report = new PlanReport(),
            Actor = request.Actor,
            Now = log.Now,
            TimeZone = site.Value.TimeZone,
            Progress = request.Progress,
        };
        if (context.Files.Faults.Count > 0)
        {
            return Faulty(context.Files.Faults);
        }

        return await ImportAsync(request, context, cancellationToken);
    }

    private static ImportPlanResult Faulty(PlanFaultList faults) =>
        new() { Outcome = ImportPlanOutcome.Faulty, Faults = faults.Sorted(), FaultCount = faults.Count };

    private PlanReadSettings Settings(ImportPlanRequest request) => new()
    {
        TimeZone = site.Value.TimeZone,
        SignUpClosesDaysBefore = options.Value.SignUpClosesDaysBefore,
        ShiftDays = request.ShiftDays,
    };

    private async Task<ImportPlanResult> ImportAsync(ImportPlanRequest request, PlanImportContext context, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await steps.RunAsync(transaction, context, cancellationToken);
            if (context.Files.Faults.Count > 0)
            {
                return Faulty(context.Files.Faults);
            }

            if (!request.IsCheck)
            {
                await log.RecordAsync(transaction, [.. context.Report.AuditEntries, Imported(context)], cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        }

        if (!request.IsCheck)
        {
            log.Committed();
            // Whoever booked while a session was added has not seen it. A crash here leaves this to the schedule.
            await lacking.RunAsync(cancellationToken);
        }

        return new ImportPlanResult
        {
            Outcome = context.Report.Refusals.Count == 0 ? ImportPlanOutcome.Imported : ImportPlanOutcome.ImportedWithRefusals,
            Entities = context.Report.Entities,
            Refusals = context.Report.Refusals,
        };
    }

    private static AuditEntry Imported(PlanImportContext context)
    {
        var entities = context.Report.Entities;
        return context.Entry("plan.imported", new Dictionary<string, object?>
        {
            ["changes"] = entities.Sum(entity => entity.Added + entity.Changed + entity.Deactivated),
            ["added"] = entities.ToDictionary(entity => entity.Entity.ToString(), entity => entity.Added),
            ["changed"] = entities.ToDictionary(entity => entity.Entity.ToString(), entity => entity.Changed),
            ["deactivated_employees"] = entities.Sum(entity => entity.Deactivated),
            ["refusals"] = context.Report.Refusals.Count,
            ["files"] = context.Files.Sha256ByFile,
        });
    }
}
