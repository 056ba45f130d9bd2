using Booking.Data.Plans.Reading;
using Npgsql;

namespace Booking.Data.Plans;

/// <summary>The courses' part of an import.</summary>
public sealed class CourseImport(PlanCourseRepository courses)
{
    internal async Task RunAsync(NpgsqlTransaction transaction, PlanImportContext context, CancellationToken cancellationToken)
    {
        context.Tell(PlanImportStep.WritingCourses);
        var stored = (await courses.ListAsync(transaction, cancellationToken))
            .ToDictionary(row => row.Code, StringComparer.OrdinalIgnoreCase);
        var changes = new List<PlanChange>();
        var added = 0;

        // A variant refers to its original: originals first.
        foreach (var planned in context.Files.Courses.OrderBy(course => course.VariantOf is not null))
        {
            long? variantOf = planned.VariantOf is null ? null : context.CourseIds[planned.VariantOf];
            if (!stored.Remove(planned.Code, out var row))
            {
                context.CourseIds[planned.Code] = await courses.InsertAsync(transaction, planned, variantOf, cancellationToken);
                added++;
                continue;
            }

            context.CourseIds[planned.Code] = row.CourseId;
            var fields = Differences(row, planned, variantOf);
            if (fields.Count > 0)
            {
                await courses.UpdateAsync(transaction, row.CourseId, planned, variantOf, cancellationToken);
                changes.Add(new PlanChange { Kind = PlanChangeKind.Changed, Code = row.Code, Fields = fields });
                context.Report.Audit(context.Entry(
                    "course.changed", new Dictionary<string, object?> { ["course"] = row.Code, ["fields"] = fields }));
            }
        }

        var years = context.Files.Runs.Select(run => run.PlanYear).ToHashSet();
        var missing = stored.Values.Where(row => row.PlanYears.Length == 0 || row.PlanYears.Any(years.Contains)).ToList();
        context.Report.Add(new PlanEntityResult
        {
            Entity = PlanEntity.Courses,
            Added = added,
            Changed = changes.Count,
            Unchanged = context.Files.Courses.Count - added - changes.Count,
            Missing = missing.Count,
            Changes = [.. changes, .. missing.Select(row => new PlanChange { Kind = PlanChangeKind.Missing, Code = row.Code })],
        });
    }

    private static IReadOnlyList<string> Differences(CourseRow row, PlanCourse planned, long? variantOf) =>
        new FieldComparison()
            .Add("titel", row.Title, planned.Title)
            .Add("indsatsområde", row.FocusArea, planned.FocusArea)
            .Add("kompetencetype", row.CompetenceKind, planned.CompetenceKind)
            .AddList("målgruppe", row.TargetGroups, planned.TargetGroups)
            .Add("begrundelse for begrænset målgruppe", row.AudienceExplanation, planned.AudienceExplanation)
            .Add("form", row.Form, planned.Form)
            .Add("onlineudgave af", row.VariantOfCourseId, variantOf)
            .Add("tværsektoriel", row.IsCrossSector, planned.IsCrossSector)
            .AddList("sektorer", row.Sectors, planned.Sectors)
            .Add("resumé", row.Summary, planned.Summary)
            .Add("beskrivelse", row.Description, planned.Description)
            .AddList("læringsmål", row.LearningGoals, planned.LearningGoals)
            .Add("metode", row.Method, planned.Method)
            .Add("læringsaftale", row.HasLearningAgreement, planned.HasLearningAgreement)
            .Add("gyldig i måneder", row.ValidMonths, planned.ValidMonths)
            .Add("pris ekstern", row.ExternalPrice, planned.ExternalPrice)
            .Add("forplejning", row.Catering, planned.Catering)
            .Fields;
}
