using Dapper;
using Npgsql;

namespace Booking.Data.Catalogue;

/// <summary>The open catalogue's list: what matches, in which order, and how many courses each filter would leave.</summary>
/// <param name="dataSource">The process's data source.</param>
/// <param name="clock">Decides which runs are still to come.</param>
public sealed class CatalogueRepository(NpgsqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>One page of the courses that have an upcoming published run and match the filter.</summary>
    /// <param name="filter">What is looked for.</param>
    /// <param name="viewer">Whose seats are counted.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<CatalogueList> ListAsync(CatalogueFilter filter, SeatViewer viewer, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var parameters = Parameters(filter, viewer);
        // Which runs have a seat is the dear question: it is asked once, and every statement that follows takes the answer.
        parameters.Add("seatRunIds", filter.OnlyWithSeats ? await ListRunsWithSeatsAsync(connection, parameters, cancellationToken) : null);
        var facets = await ListFacetsAsync(connection, parameters, cancellationToken);
        var total = facets.FirstOrDefault(f => f.Facet == Facets.Total)?.Courses ?? 0;
        var page = Math.Clamp(filter.Page, 1, Math.Max(1, (total + CatalogueFilter.PageSize - 1) / CatalogueFilter.PageSize));
        parameters.Add("skip", (page - 1) * CatalogueFilter.PageSize);
        var courses = await ListCoursesAsync(connection, filter.Sort, parameters, cancellationToken);
        parameters.Add("courseIds", courses.Select(c => c.CourseId).ToArray());
        var runs = (await ListRunsAsync(connection, parameters, cancellationToken)).ToLookup(r => r.CourseId);
        return new CatalogueList
        {
            Courses = [.. courses.Select(c => c with { Runs = [.. runs[c.CourseId]] })],
            Total = total,
            Page = page,
            Facets = [.. facets.Where(f => f.Facet != Facets.Total)],
        };
    }

    private static async Task<long[]> ListRunsWithSeatsAsync(
        NpgsqlConnection connection, DynamicParameters parameters, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<long>(new CommandDefinition(
            $"""
            select r.run_id
            from runs r
            join courses c using (course_id)
            where {CatalogueSql.IsUpcoming} and {Matches} and {CatalogueSql.HasSeat}
            """,
            parameters,
            cancellationToken: cancellationToken))];

    // Each run carries whether it passes each filter, so that every facet can be counted with the others applied.
    private static async Task<IReadOnlyList<FacetCount>> ListFacetsAsync(
        NpgsqlConnection connection, DynamicParameters parameters, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<FacetCount>(new CommandDefinition(
            $"""
            with candidates as materialized (
                select r.course_id, c.focus_area, c.form, c.sectors, r.town, r.starts_month,
                    (@focusAreas::text[] is null or c.focus_area = any(@focusAreas)) as in_focus_area,
                    (@forms::text[] is null or c.form = any(@forms)) as in_form,
                    (@sectors::text[] is null or c.sectors && @sectors) as in_sector,
                    (@months::date[] is null or r.starts_month = any(@months)) as in_month,
                    (@towns::text[] is null or coalesce(r.town = any(@towns), false)) as in_town,
                    (@seatRunIds::bigint[] is null or r.run_id = any(@seatRunIds)) as in_seats
                from runs r
                join courses c using (course_id)
                where {CatalogueSql.IsUpcoming} and {Matches}),
            found as (
                select course_id, focus_area, form, sectors, in_focus_area, in_form, in_sector
                from candidates
                where in_month and in_town and in_seats
                group by course_id, focus_area, form, sectors, in_focus_area, in_form, in_sector),
            monthly as (
                select distinct starts_month, course_id
                from candidates
                where in_focus_area and in_form and in_sector and in_town and in_seats),
            local as (
                select distinct town, course_id
                from candidates
                where in_focus_area and in_form and in_sector and in_month and in_seats and town is not null),
            counts as (
                select 'focus_area' as facet, focus_area as value, count(*) as courses
                from found where in_form and in_sector group by focus_area
                union all
                select 'form', form, count(*) from found where in_focus_area and in_sector group by form
                union all
                select 'sector', sector, count(*)
                from found, unnest(sectors) as sector where in_focus_area and in_form group by sector
                union all
                select 'month', to_char(starts_month, 'YYYY-MM'), count(*) from monthly group by starts_month
                union all
                select 'town', town, count(*) from local group by town
                union all
                select 'total', '', count(*) from found where in_focus_area and in_form and in_sector
                union all
                select 'seats', '', count(*)
                from found
                where in_focus_area and in_form and in_sector
                and (@seatRunIds::bigint[] is not null or (
                    select true
                    from runs r
                    join courses c using (course_id)
                    where r.course_id = found.course_id and {CatalogueSql.IsUpcoming} and {RunMatches}
                    and {CatalogueSql.HasSeat}
                    limit 1)))
            select facet, value, courses::int
            from counts
            order by facet, case when facet = 'month' then value end, value collate "da-x-icu"
            """,
            parameters,
            cancellationToken: cancellationToken))).AsList();

    private static async Task<IReadOnlyList<CatalogueCourse>> ListCoursesAsync(
        NpgsqlConnection connection, CatalogueSort sort, DynamicParameters parameters, CancellationToken cancellationToken)
    {
        var order = sort switch
        {
            CatalogueSort.Relevance => "found.rank desc, found.next_starts_at, c.course_id",
            CatalogueSort.NextRun => "found.next_starts_at, c.course_id",
            CatalogueSort.Title => "c.title collate \"da-x-icu\", c.course_id",
            CatalogueSort.SeatsLeft => "found.seats_left desc, found.next_starts_at, c.course_id",
        };
        // Counting seats of every run is only worth its price when the order asks for it.
        var seatsLeft = sort == CatalogueSort.SeatsLeft ? $"sum({CatalogueSql.SeatsLeft})" : "0";
        return (await connection.QueryAsync<CatalogueCourse>(new CommandDefinition(
            $"""
            with found as (
                select r.course_id, min(r.starts_at) as next_starts_at, {seatsLeft} as seats_left,
                    (select ts_rank(cs.document, {Words})
                     from course_search cs
                     where cs.course_id = r.course_id and @text is not null) as rank
                from runs r
                join courses c using (course_id)
                where {CatalogueSql.IsUpcoming} and {Matches} and {CourseMatches} and {RunMatches}
                and (@seatRunIds::bigint[] is null or r.run_id = any(@seatRunIds))
                group by r.course_id)
            select c.course_id, c.code, c.title, c.summary, c.focus_area, c.form, c.is_cross_sector, c.target_groups
            from found
            join courses c using (course_id)
            order by {order}
            offset @skip limit @take
            """,
            parameters,
            cancellationToken: cancellationToken))).AsList();
    }

    private static Task<IEnumerable<CatalogueRun>> ListRunsAsync(
        NpgsqlConnection connection, DynamicParameters parameters, CancellationToken cancellationToken) =>
        connection.QueryAsync<CatalogueRun>(new CommandDefinition(
            $"""
            select {CatalogueSql.RunColumns}
            from runs r
            join courses c using (course_id)
            {CatalogueSql.FreeSeats}
            where r.course_id = any(@courseIds) and {CatalogueSql.IsUpcoming} and {RunMatches}
            and (@seatRunIds::bigint[] is null or r.run_id = any(@seatRunIds))
            order by r.starts_at, r.run_id
            """,
            parameters,
            cancellationToken: cancellationToken));

    // The words are read once per statement: called where it stands, the function would be called again for every run.
    private const string Words = "(select search_query(@text))";

    private const string Matches =
        $"""
        ({Words} is null or c.course_id in (select course_id from course_search where document @@ {Words}))
        """;

    private const string CourseMatches =
        """
        (@focusAreas::text[] is null or c.focus_area = any(@focusAreas))
        and (@forms::text[] is null or c.form = any(@forms))
        and (@sectors::text[] is null or c.sectors && @sectors)
        """;

    private const string RunMatches =
        """
        (@months::date[] is null or r.starts_month = any(@months))
        and (@towns::text[] is null or r.town = any(@towns))
        """;

    private DynamicParameters Parameters(CatalogueFilter filter, SeatViewer viewer) => new(new
    {
        now = clock.GetUtcNow(),
        text = filter.Text.Length == 0 ? null : filter.Text,
        focusAreas = OrNull(filter.FocusAreas),
        forms = OrNull(filter.Forms),
        sectors = OrNull(filter.Sectors),
        months = OrNull(filter.Months),
        towns = OrNull(filter.Towns),
        departmentIds = viewer.DepartmentIds.ToArray(),
        sharedPools = viewer.SharedPools,
        isStranger = viewer.IsStranger,
        take = CatalogueFilter.PageSize,
    });

    private static T[]? OrNull<T>(IReadOnlyList<T> values) => values.Count == 0 ? null : [.. values];
}
