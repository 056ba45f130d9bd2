using System.Globalization;
using Booking.Data.Plans;

namespace Booking.Web.Verbs;

/// <summary>What an import did, as plain Danish lines.</summary>
internal static class ImportReport
{
    private const int ShownChanges = 50;
    private static readonly CultureInfo Danish = CultureInfo.GetCultureInfo("da-DK");

    /// <summary>The faults, or a table of what became of each kind of row with what changed and what was refused.</summary>
    public static IEnumerable<string> Lines(ImportPlanResult result, bool isCheck) =>
        result.Outcome == ImportPlanOutcome.Faulty
            ? FaultLines(result)
            : [.. ChangeLines(result), .. result.Refusals.Select(refusal => $"Afvist: {refusal}"), .. Table(result), Verdict(result, isCheck)];

    private static IEnumerable<string> FaultLines(ImportPlanResult result)
    {
        var hidden = result.FaultCount - result.Faults.Count;
        return
        [
            .. result.Faults.Select(fault => fault.ToString()),
            .. hidden > 0 ? [$"… og {Number(hidden)} fejl mere."] : (string[])[],
            "",
            $"{Count(result.FaultCount, "fejl", "fejl")} i filerne. Intet er ændret.",
        ];
    }

    private static IEnumerable<string> ChangeLines(ImportPlanResult result) => result.Entities.SelectMany(entity =>
    {
        var total = entity.Changed + entity.Deactivated + entity.Missing;
        var lines = entity.Changes.Take(ShownChanges).Select(change => $"{Name(entity.Entity)} {change.Code}: {What(change)}");
        return total > ShownChanges ? lines.Append($"{Name(entity.Entity)}: … og {Number(total - ShownChanges)} mere") : lines;
    });

    private static string What(PlanChange change) => change.Kind switch
    {
        PlanChangeKind.Changed => $"ændret: {string.Join(", ", change.Fields)}",
        PlanChangeKind.Deactivated => "ikke længere på listen, nu inaktiv; tilmeldinger er bevaret",
        PlanChangeKind.Missing => "står ikke længere i filerne; ladt uændret",
    };

    private static IEnumerable<string> Table(ImportPlanResult result) =>
    [
        Row("", "nye", "ændret", "uændret", "inaktive", "ikke i filerne"),
        .. result.Entities.Select(entity => Row(
            Names(entity.Entity), Number(entity.Added), Number(entity.Changed), Number(entity.Unchanged),
            entity.Entity == PlanEntity.Employees ? Number(entity.Deactivated) : "", Number(entity.Missing))),
    ];

    private static string Row(string name, params string[] cells) =>
        $"{name,-18}{cells[0],9}{cells[1],9}{cells[2],9}{cells[3],10}{cells[4],16}".TrimEnd();

    private static string Verdict(ImportPlanResult result, bool isCheck)
    {
        var refusals = result.Refusals.Count == 0 ? "" : $" {Count(result.Refusals.Count, "ønske", "ønsker")} blev afvist.";
        return (isCheck, result.IsWithoutChange) switch
        {
            (true, true) => $"Kontrolleret: planen er allerede indlæst, som den står.{refusals}",
            (true, false) => $"Kontrolleret: filerne er uden fejl. Intet er ændret.{refusals}",
            (false, true) => $"Planen var allerede indlæst, som den står.{refusals}",
            (false, false) => $"Planen er indlæst.{refusals}",
        };
    }

    private static string Name(PlanEntity entity) => entity switch
    {
        PlanEntity.Departments => "Afdeling",
        PlanEntity.DistributionKeys => "Fordelingsnøgle",
        PlanEntity.Courses => "Kursus",
        PlanEntity.Employees => "Medarbejder",
        PlanEntity.Runs => "Hold",
    };

    private static string Names(PlanEntity entity) => entity switch
    {
        PlanEntity.Departments => "Afdelinger",
        PlanEntity.DistributionKeys => "Fordelingsnøgler",
        PlanEntity.Courses => "Kurser",
        PlanEntity.Employees => "Medarbejdere",
        PlanEntity.Runs => "Hold",
    };

    private static string Count(int count, string one, string many) => $"{Number(count)} {(count == 1 ? one : many)}";

    private static string Number(int number) => number.ToString("N0", Danish);
}

/// <summary>Tells on the error output how far an import has come, when it takes longer than a moment.</summary>
internal sealed class ImportProgressLine(TimeProvider clock, TextWriter output) : IProgress<PlanImportProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private long _last = clock.GetTimestamp();

    /// <inheritdoc />
    public void Report(PlanImportProgress value)
    {
        if (clock.GetElapsedTime(_last) < Interval)
        {
            return;
        }

        _last = clock.GetTimestamp();
        var done = value.Done > 0 ? string.Create(CultureInfo.GetCultureInfo("da-DK"), $": {value.Done:N0}") : "";
        var share = value.Share is { } part ? string.Create(CultureInfo.InvariantCulture, $" ({part * 100:0} %)") : "";
        output.WriteLine($"{Step(value.Step)}{done}{share}");
    }

    private static string Step(PlanImportStep step) => step switch
    {
        PlanImportStep.ReadingFiles => "Læser filerne",
        PlanImportStep.CheckingEmployees => "Kontrollerer medarbejdere",
        PlanImportStep.WaitingForTurn => "Venter på en anden import",
        PlanImportStep.WritingCourses => "Sammenligner kurser",
        PlanImportStep.WritingRuns => "Sammenligner hold",
        PlanImportStep.PublishingRuns => "Fordeler pladser på nye hold",
        PlanImportStep.CopyingEmployees => "Overfører medarbejdere",
        PlanImportStep.MergingEmployees => "Sammenligner medarbejdere",
    };
}
