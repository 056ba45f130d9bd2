using Dapper;
using Npgsql;

namespace Booking.TestSupport;

/// <summary>Readable builders for rows. Each returns the id; what a test does not care about has a sensible default.</summary>
public sealed class TestData(NpgsqlDataSource dataSource, TimeProvider clock)
{
    private int _number;

    public async Task<long> AddDepartmentAsync(string? code = null, string? name = null, int weight = 10, int planYear = 2027, string? secretary = null)
    {
        code ??= $"D{Next()}";
        var id = await InsertAsync(
            """
            insert into departments (code, name, postal_code, town, latitude, longitude)
            values (@code, @name, '9000', 'Aalborg', 57.0488, 9.9217) returning department_id
            """,
            new { code, name = name ?? $"Afdeling {code}" });
        await ExecuteAsync(
            "insert into distribution_keys (plan_year, department_id, weight) values (@planYear, @id, @weight)",
            new { planYear, id, weight });
        if (secretary is not null)
        {
            await ExecuteAsync(
                "insert into department_secretaries (department_id, email) values (@id, @secretary)", new { id, secretary });
        }

        return id;
    }

    public async Task<long> AddEmployeeAsync(long departmentId, string? name = null, string? email = null, string? leaderEmail = null)
    {
        var number = Next();
        return await InsertAsync(
            """
            insert into people (kind, employee_number, name, email, department_id, position, leader_email)
            values ('employee', @number, @name, @email, @departmentId, 'Sygeplejerske', @leaderEmail) returning person_id
            """,
            new
            {
                number = $"{number}",
                name = name ?? $"Medarbejder {number}",
                email = email ?? $"m{number}@example.org",
                departmentId,
                leaderEmail,
            });
    }

    public Task<long> AddCourseAsync(string? code = null, string? title = null, bool crossSector = false, decimal? externalPrice = null, string form = "onsite")
    {
        code ??= $"K27-{Next():000}";
        return InsertAsync(
            """
            insert into courses (code, title, focus_area, competence_kind, form, is_cross_sector, sectors, external_price, summary)
            values (@code, @title, 'care', 'professional', @form, @crossSector,
                case when @crossSector then array['municipality', 'general_practice', 'somatic_hospital'] else '{}' end,
                @externalPrice, 'Resumé') returning course_id
            """,
            new { code, title = title ?? $"Kursus {code}", crossSector, externalPrice, form });
    }

    /// <summary>A published run with one session (or more, a week apart) and no seats: add them with <see cref="AddSeatsAsync"/>.</summary>
    public async Task<long> AddRunAsync(
        long courseId, string? code = null, int capacity = 10, int daysFromNow = 60, int sessions = 1, string status = "published")
    {
        code ??= $"H{Next()}";
        var now = clock.GetUtcNow();
        var starts = new DateTimeOffset(now.AddDays(daysFromNow).Date.AddHours(7.5), TimeSpan.Zero);
        var ends = starts.AddDays(7 * (sessions - 1)).AddHours(7);
        var runId = await InsertAsync(
            """
            insert into runs (code, course_id, plan_year, status, starts_at, ends_at, venue_name, venue_address, postal_code, town,
                latitude, longitude, capacity, sign_up_opens_at, sign_up_closes_at, release_at, cancellation_deadline_at,
                instructor_email, published_at)
            values (@code, @courseId, extract(year from @starts at time zone 'Europe/Copenhagen')::int, @status, @starts, @ends,
                'Psykiatriens Hus, lokale 1', 'Mølleparkvej 10', '9000', 'Aalborg', 57.0406, 9.9020, @capacity,
                @opens, @closes, @release, @deadline, 'underviser1@example.org', case when @status = 'published' then @now end)
            returning run_id
            """,
            new
            {
                code,
                courseId,
                status,
                starts,
                ends,
                capacity,
                now,
                opens = starts.AddDays(-120),
                closes = starts.AddDays(-3),
                release = starts.AddDays(-35),
                deadline = starts.AddDays(-14),
            });
        for (var number = 1; number <= sessions; number++)
        {
            await ExecuteAsync(
                "insert into sessions (run_id, number, starts_at, ends_at) values (@runId, @number, @from, @to)",
                new { runId, number, from = starts.AddDays(7 * (number - 1)), to = starts.AddDays(7 * (number - 1)).AddHours(7) });
        }

        return runId;
    }

    /// <summary>Seats in one pool, as allotted there; numbers go on after those that the run has, and the capacity follows.</summary>
    public async Task AddSeatsAsync(long runId, int seats, long? departmentId = null, string? pool = null)
    {
        pool ??= departmentId is null ? "open" : "department";
        await ExecuteAsync(
            """
            insert into seats (run_id, number, pool, department_id)
            select @runId, coalesce((select max(number) from seats where run_id = @runId), 0) + n, @pool, @departmentId
            from generate_series(1, @seats) n;
            insert into allotments (run_id, pool, department_id, seats, allotted_at) values (@runId, @pool, @departmentId, @seats, @now);
            update runs
            set capacity = greatest(1, external_seats, (select count(*) from seats where run_id = @runId))
            where run_id = @runId
            """,
            new { runId, seats, departmentId, pool, now = clock.GetUtcNow() });
    }

    /// <summary>Any scalar, for assertions.</summary>
    public async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    /// <summary>Any rows, for assertions.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    /// <summary>Any statement, for arranging what the builders do not know.</summary>
    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    private Task<long> InsertAsync(string sql, object parameters) => ScalarAsync<long>(sql, parameters);

    private int Next() => Interlocked.Increment(ref _number) + 1000;
}
