using Dapper;
using Npgsql;

namespace Booking.Data.Catalogue;

/// <summary>One course and one run, as the open catalogue shows them. Never who takes part; the online link only for the booked.</summary>
/// <param name="dataSource">The process's data source.</param>
/// <param name="clock">Decides which runs are over.</param>
public sealed class CourseRepository(NpgsqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>The course of a code with its runs, or null.</summary>
    /// <param name="code">The code.</param>
    /// <param name="viewer">Whose seats are counted as own.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<CourseDetails?> FindCourseAsync(string code, SeatViewer viewer, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var course = await connection.QuerySingleOrDefaultAsync<CourseDetails>(new CommandDefinition(
            """
            select course_id, code, title, summary, description, learning_goals, method, focus_area, competence_kind,
                target_groups, audience_explanation, form, is_cross_sector, sectors, has_learning_agreement, valid_months,
                external_price, catering
            from courses
            where code = @code
            """,
            new { code },
            cancellationToken: cancellationToken));
        if (course is null)
        {
            return null;
        }

        var links = (await ListVariantsAsync(connection, course.CourseId, cancellationToken)).ToLookup(v => v.IsOriginal == true);
        return course with
        {
            VariantOf = links[true].FirstOrDefault()?.ToLink(),
            OnlineVariants = [.. links[false].Select(v => v.ToLink())],
            Runs = await ListRunsAsync(connection, course.CourseId, viewer, cancellationToken),
        };
    }

    /// <summary>The published, cancelled or completed run of a code, or null.</summary>
    /// <param name="code">The code.</param>
    /// <param name="viewer">Whose seats are counted as own.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<RunDetails?> FindRunAsync(string code, SeatViewer viewer, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var run = await connection.QuerySingleOrDefaultAsync<CatalogueRun>(new CommandDefinition(
            $"""
            select {CatalogueSql.RunColumns}
            from runs r
            join courses c using (course_id)
            {CatalogueSql.FreeSeats}
            where r.code = @code and r.status <> 'draft'
            """,
            new { code, departmentIds = viewer.DepartmentIds.ToArray() },
            cancellationToken: cancellationToken));
        if (run is null)
        {
            return null;
        }

        var row = await connection.QuerySingleAsync<RunRow>(new CommandDefinition(
            """
            select c.course_id, c.code as course_code, c.title as course_title, c.form, c.external_price, c.catering,
                r.venue_address, r.postal_code, r.latitude, r.longitude, r.release_at, r.cancellation_deadline_at
            from runs r
            join courses c using (course_id)
            where r.run_id = @RunId
            """,
            new { run.RunId },
            cancellationToken: cancellationToken));
        var sessions = await connection.QueryAsync<RunSession>(new CommandDefinition(
            "select number, starts_at, ends_at from sessions where run_id = @RunId and cancelled_at is null order by number",
            new { run.RunId },
            cancellationToken: cancellationToken));
        return row.ToDetails(run, sessions.AsList());
    }

    /// <summary>One page of published runs by their start, counted with nobody's seats as own.</summary>
    /// <param name="filter">Which runs.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<RunList> ListRunsAsync(RunFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var parameters = new DynamicParameters(new
        {
            now = clock.GetUtcNow(),
            filter.From,
            filter.To,
            filter.CourseCode,
            filter.Town,
            departmentIds = Array.Empty<long>(),
            take = RunFilter.PageSize,
        });
        var total = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            $"select count(*) from runs r join courses c using (course_id) where {RunMatches}",
            parameters,
            cancellationToken: cancellationToken));
        var page = Math.Clamp(filter.Page, 1, Math.Max(1, (total + RunFilter.PageSize - 1) / RunFilter.PageSize));
        parameters.Add("skip", (page - 1) * RunFilter.PageSize);
        var runs = await connection.QueryAsync<CatalogueRun>(new CommandDefinition(
            $"""
            select {CatalogueSql.RunColumns}
            from (
                select r.*
                from runs r
                join courses c using (course_id)
                where {RunMatches}
                order by r.starts_at, r.run_id
                offset @skip limit @take) as r
            join courses c using (course_id)
            {CatalogueSql.FreeSeats}
            order by r.starts_at, r.run_id
            """,
            parameters,
            cancellationToken: cancellationToken));
        return new RunList { Runs = runs.AsList(), Total = total, Page = page };
    }

    /// <summary>The link to an online run, for those who may have it: the booked, HR, and the run's instructor.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="personId">The signed-in person, if there is a record.</param>
    /// <param name="email">The signed-in person's address.</param>
    /// <param name="isHr">Whether HR asks.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<string?> FindOnlineLinkAsync(
        long runId, long? personId, string email, bool isHr, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            """
            select r.online_link
            from runs r
            where r.run_id = @runId and r.online_link is not null
            and (@isHr
                or lower(r.instructor_email) = lower(@email)
                or exists (select from bookings b
                           where b.run_id = r.run_id and b.person_id = @personId and b.status in ('booked', 'attended', 'absent')))
            """,
            new { runId, personId, email, isHr },
            cancellationToken: cancellationToken));
    }

    /// <summary>What a course's travel is reckoned from: the viewer's or all departments, and the onsite runs' venues.</summary>
    /// <param name="courseId">The onsite course.</param>
    /// <param name="viewer">Whose way is reckoned.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<TravelFacts> GetTravelFactsAsync(long courseId, SeatViewer viewer, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var from = await connection.QueryAsync<TravelPoint>(new CommandDefinition(
            """
            select d.latitude::float8 as latitude, d.longitude::float8 as longitude, sum(k.weight)::float8 as weight
            from departments d
            join distribution_keys k using (department_id)
            where d.latitude is not null and d.longitude is not null and k.weight > 0
            and k.plan_year = (select max(plan_year) from distribution_keys)
            and (cardinality(@departmentIds) = 0 or d.department_id = any(@departmentIds))
            group by d.department_id
            """,
            new { departmentIds = viewer.DepartmentIds.ToArray() },
            cancellationToken: cancellationToken));
        var to = await connection.QueryAsync<TravelPoint>(new CommandDefinition(
            """
            select r.latitude::float8 as latitude, r.longitude::float8 as longitude, count(*)::float8 as weight
            from runs r
            where r.course_id = @courseId and r.status in ('published', 'completed')
            and r.latitude is not null and r.longitude is not null
            group by r.latitude, r.longitude
            """,
            new { courseId },
            cancellationToken: cancellationToken));
        return new TravelFacts { From = from.AsList(), To = to.AsList() };
    }

    private const string RunMatches =
        """
        r.status = 'published'
        and (case when @From::date is null then r.starts_at > @now
            else (r.starts_at at time zone r.time_zone)::date >= @From::date end)
        and (@To::date is null or (r.starts_at at time zone r.time_zone)::date <= @To::date)
        and (@CourseCode::text is null or c.code = @CourseCode)
        and (@Town::text is null or r.town = @Town)
        """;

    private static Task<IEnumerable<VariantRow>> ListVariantsAsync(
        NpgsqlConnection connection, long courseId, CancellationToken cancellationToken) =>
        connection.QueryAsync<VariantRow>(new CommandDefinition(
            """
            select v.course_id, v.code, v.title, v.course_id = c.variant_of_course_id as is_original
            from courses c
            join courses v on v.course_id = c.variant_of_course_id or v.variant_of_course_id = c.course_id
            where c.course_id = @courseId
            order by v.title collate "da-x-icu"
            """,
            new { courseId },
            cancellationToken: cancellationToken));

    private async Task<IReadOnlyList<CatalogueRun>> ListRunsAsync(
        NpgsqlConnection connection, long courseId, SeatViewer viewer, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<CatalogueRun>(new CommandDefinition(
            $"""
            select {CatalogueSql.RunColumns}
            from runs r
            join courses c using (course_id)
            {CatalogueSql.FreeSeats}
            where r.course_id = @courseId and r.status in ('published', 'cancelled') and r.ends_at > @now
            order by r.starts_at, r.run_id
            """,
            new { courseId, now = clock.GetUtcNow(), departmentIds = viewer.DepartmentIds.ToArray() },
            cancellationToken: cancellationToken))).AsList();

    private sealed record VariantRow
    {
        public required long CourseId { get; init; }

        public required string Code { get; init; }

        public required string Title { get; init; }

        public bool? IsOriginal { get; init; }

        public CourseLink ToLink() => new() { CourseId = CourseId, Code = Code, Title = Title };
    }

    private sealed record RunRow
    {
        public required long CourseId { get; init; }

        public required string CourseCode { get; init; }

        public required string CourseTitle { get; init; }

        public required string Form { get; init; }

        public decimal? ExternalPrice { get; init; }

        public string? Catering { get; init; }

        public string? VenueAddress { get; init; }

        public string? PostalCode { get; init; }

        public decimal? Latitude { get; init; }

        public decimal? Longitude { get; init; }

        public required DateTimeOffset ReleaseAt { get; init; }

        public required DateTimeOffset CancellationDeadlineAt { get; init; }

        public RunDetails ToDetails(CatalogueRun run, IReadOnlyList<RunSession> sessions) => new()
        {
            Run = run,
            Course = new CourseLink { CourseId = CourseId, Code = CourseCode, Title = CourseTitle },
            Form = Form,
            ExternalPrice = ExternalPrice,
            Catering = Catering,
            VenueAddress = VenueAddress,
            PostalCode = PostalCode,
            Latitude = Latitude,
            Longitude = Longitude,
            ReleaseAt = ReleaseAt,
            CancellationDeadlineAt = CancellationDeadlineAt,
            Sessions = sessions,
        };
    }
}
