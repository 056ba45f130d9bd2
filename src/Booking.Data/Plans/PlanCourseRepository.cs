using Booking.Data.Plans.Reading;
using Dapper;
using Npgsql;

namespace Booking.Data.Plans;

/// <summary>Courses as an import writes them.</summary>
public sealed class PlanCourseRepository
{
    internal async Task<IReadOnlyList<CourseRow>> ListAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<CourseRow>(new CommandDefinition(
            """
            select course_id, code, title, focus_area, competence_kind, target_groups, audience_explanation, form, variant_of_course_id,
                is_cross_sector, sectors, summary, description, learning_goals, method, has_learning_agreement, valid_months,
                external_price, catering,
                array(select distinct plan_year from runs where runs.course_id = courses.course_id) as plan_years
            from courses
            order by code
            """,
            transaction: transaction,
            cancellationToken: cancellationToken))];

    internal async Task<long> InsertAsync(
        NpgsqlTransaction transaction, PlanCourse course, long? variantOfCourseId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<long>(new CommandDefinition(
            """
            insert into courses (
                code, title, focus_area, competence_kind, target_groups, audience_explanation, form, variant_of_course_id,
                is_cross_sector, sectors, summary, description, learning_goals, method, has_learning_agreement, valid_months,
                external_price, catering)
            values (
                @Code, @Title, @FocusArea, @CompetenceKind, @TargetGroups, @AudienceExplanation, @Form, @VariantOfCourseId,
                @IsCrossSector, @Sectors, @Summary, @Description, @LearningGoals, @Method, @HasLearningAgreement, @ValidMonths,
                @ExternalPrice, @Catering)
            returning course_id
            """,
            Parameters(null, course, variantOfCourseId),
            transaction,
            cancellationToken: cancellationToken));

    internal async Task UpdateAsync(
        NpgsqlTransaction transaction, long courseId, PlanCourse course, long? variantOfCourseId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update courses
            set title = @Title, focus_area = @FocusArea, competence_kind = @CompetenceKind, target_groups = @TargetGroups,
                audience_explanation = @AudienceExplanation, form = @Form, variant_of_course_id = @VariantOfCourseId,
                is_cross_sector = @IsCrossSector, sectors = @Sectors, summary = @Summary, description = @Description,
                learning_goals = @LearningGoals, method = @Method, has_learning_agreement = @HasLearningAgreement,
                valid_months = @ValidMonths, external_price = @ExternalPrice, catering = @Catering
            where course_id = @CourseId
            """,
            Parameters(courseId, course, variantOfCourseId),
            transaction,
            cancellationToken: cancellationToken));

    private static object Parameters(long? courseId, PlanCourse course, long? variantOfCourseId) => new
    {
        CourseId = courseId,
        course.Code,
        course.Title,
        course.FocusArea,
        course.CompetenceKind,
        TargetGroups = course.TargetGroups.ToArray(),
        course.AudienceExplanation,
        course.Form,
        VariantOfCourseId = variantOfCourseId,
        course.IsCrossSector,
        Sectors = course.Sectors.ToArray(),
        course.Summary,
        course.Description,
        LearningGoals = course.LearningGoals.ToArray(),
        course.Method,
        course.HasLearningAgreement,
        course.ValidMonths,
        course.ExternalPrice,
        course.Catering,
    };
}

/// <summary>A course as it is stored.</summary>
internal sealed record CourseRow
{
    public required long CourseId { get; init; }

    public required string Code { get; init; }

    public required string Title { get; init; }

    public required string FocusArea { get; init; }

    public required string CompetenceKind { get; init; }

    public required string[] TargetGroups { get; init; }

    public string? AudienceExplanation { get; init; }

    public required string Form { get; init; }

    public long? VariantOfCourseId { get; init; }

    public required bool IsCrossSector { get; init; }

    public required string[] Sectors { get; init; }

    public required string Summary { get; init; }

    public required string Description { get; init; }

    public required string[] LearningGoals { get; init; }

    public required string Method { get; init; }

    public required bool HasLearningAgreement { get; init; }

    public int? ValidMonths { get; init; }

    public decimal? ExternalPrice { get; init; }

    public string? Catering { get; init; }

    /// <summary>The plan years in which the course has runs.</summary>
    public required int[] PlanYears { get; init; }
}
