using Dapper;
using Npgsql;

namespace Booking.Data.FollowUps;

/// <summary>The answers after courses as figures. Nothing of a group that is too small leaves this class.</summary>
public sealed class FollowUpFiguresRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Plan years with runs that are over, newest first.</summary>
    /// <param name="now">Now.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<int>> ListYearsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<int>(new CommandDefinition(
            "select distinct plan_year from runs where ends_at <= @now and status in ('published', 'completed') order by plan_year desc",
            new { now },
            cancellationToken: cancellationToken))];
    }

    /// <summary>The figures of a plan year, by course.</summary>
    /// <param name="planYear">The year.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<FollowUpFigures> GetAsync(int planYear, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var groups = await connection.QueryAsync<FollowUpGroup, FollowUpScales, FollowUpGroup>(
            new CommandDefinition(
                $"""
                select courses.code as course_code, courses.title as course_title, follow_up_forms.kind, follow_up_forms.days,
                    count(*)::int as asked, count(answered_at)::int as answered,
                    case when kind = 'use' then array[{BarrierCounts()}]
                        else '{EmptyArray}' end as barriers,
                    case when kind = 'use' then array[
                        count(answered_at) filter (where shared = 'yes')::int, count(answered_at) filter (where shared = 'planned')::int,
                        count(answered_at) filter (where shared = 'no')::int] else '{EmptyArray}' end as shared,
                    {Points("evaluation", "overall")}, {Points("evaluation", "relevance")}, {Points("evaluation", "goals")},
                    {Points("evaluation", "recommends")},
                    case when kind <> 'evaluation' then array[{PointCounts("frequency")}] else '{EmptyArray}' end as frequency
                from runs
                join courses on courses.course_id = runs.course_id
                join bookings on bookings.run_id = runs.run_id and bookings.status = 'attended'
                join follow_up_forms on follow_up_forms.booking_id = bookings.booking_id
                where runs.plan_year = @planYear
                group by courses.course_id, follow_up_forms.kind, follow_up_forms.days
                order by courses.title collate "da-x-icu", courses.code, follow_up_forms.days, follow_up_forms.kind desc
                """,
                new { planYear },
                cancellationToken: cancellationToken),
            static (group, scales) => group with { Scales = scales },
            splitOn: "overall");
        return FollowUpFigures.Of(groups);
    }

    /// <summary>
    /// What was written in one field about a course in a year, in the order of the alphabet so that nothing tells who or when. Empty
    /// when fewer than <see cref="FollowUpGroup.FewestShown"/> answered that form, whatever they wrote.
    /// </summary>
    /// <param name="planYear">The year.</param>
    /// <param name="courseCode">The course.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<FollowUpText>> ListTextsAsync(int planYear, string courseCode, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<FollowUpText>(new CommandDefinition(
            """
            with answers as (
                select follow_up_forms.*, count(*) over (partition by follow_up_forms.kind, follow_up_forms.days) as answered
                from runs
                join courses on courses.course_id = runs.course_id
                join bookings on bookings.run_id = runs.run_id and bookings.status = 'attended'
                join follow_up_forms on follow_up_forms.booking_id = bookings.booking_id and follow_up_forms.answered_at is not null
                where runs.plan_year = @planYear and courses.code = @courseCode
            )
            select kind, days, field, text
            from answers
            cross join lateral (values ('best', best), ('better', better), ('used', used), ('help', help)) as written (field, text)
            where answered >= @fewest and text is not null
            order by days, kind desc, field, text collate "da-x-icu"
            """,
            new { planYear, courseCode, fewest = FollowUpGroup.FewestShown },
            cancellationToken: cancellationToken))];
    }

    private const string EmptyArray = "{}";

    private static string Points(string kind, string scale) =>
        $"case when kind = '{kind}' then array[{PointCounts(scale)}] else '{EmptyArray}' end as {scale}";

    private static string PointCounts(string scale) => string.Join(
        ", ", Enumerable.Range(1, 5).Select(point => $"count(answered_at) filter (where {scale} = {point.ToString(System.Globalization.CultureInfo.InvariantCulture)})::int"));

    private static string BarrierCounts() => string.Join(
        ", ", FollowUpAnswer.KnownBarriers.Select(barrier => $"count(answered_at) filter (where '{barrier}' = any(barriers))::int"));
}

/// <summary>Something that somebody wrote; who, nobody is told.</summary>
public sealed record FollowUpText
{
    /// <summary>One of <see cref="FollowUpKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>1, 30, 60 or 90.</summary>
    public required int Days { get; init; }

    /// <summary><c>best</c>, <c>better</c>, <c>used</c> or <c>help</c>.</summary>
    public required string Field { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }
}
