using Dapper;
using Npgsql;

namespace Booking.Data.FillRates;

/// <summary>How full the runs of a plan year are.</summary>
public sealed class FillRateRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Every run that the filter lets through, by start. Sums, sorting and pages are made from this one list.</summary>
    /// <param name="filter">Which runs.</param>
    /// <param name="now">The instant that days are counted from.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <remarks>
    /// Which runs is asked first, and then only their seats are counted. The list of ids tells the planner how many there are:
    /// it counts a whole year by a parallel scan of the seats, a month or a search by their primary key. In one statement it
    /// took a search for one run and counted every seat of the year once per hit.
    /// </remarks>
    public async Task<IReadOnlyList<FillRateRow>> ListAsync(
        FillRateFilter filter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var runIds = await ChooseAsync(connection, filter, now, cancellationToken);
        return runIds.Length == 0 ? [] : await CountAsync(connection, runIds, now, cancellationToken);
    }

    /// <summary>Plan years that have runs, newest first, each with how many of them are still to start.</summary>
    /// <param name="now">The instant that decides what is still to start.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<PlanYear>> ListYearsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<PlanYear>(new CommandDefinition(
            """
            select plan_year as year, count(*) filter (where starts_at > @now)::int as upcoming
            from runs
            group by plan_year
            order by plan_year desc
            """,
            new { now },
            cancellationToken: cancellationToken))).AsList();
    }

    private static async Task<long[]> ChooseAsync(
        NpgsqlConnection connection, FillRateFilter filter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var runIds = await connection.QueryAsync<long>(new CommandDefinition(
            """
            select runs.run_id
            from runs
            join courses on courses.course_id = runs.course_id
            where runs.plan_year = @PlanYear
              and (@IsUpcoming::boolean is null or @IsUpcoming = (runs.starts_at > @now))
              and (@FocusArea::text is null or courses.focus_area = @FocusArea)
              and (@Form::text is null or courses.form = @Form)
              and (@Month::int is null or extract(month from runs.starts_at at time zone runs.time_zone) = @Month)
              and (cardinality(@words) = 0 or not exists (
                  select from unnest(@words) as word
                  where position(lower(word collate "da-x-icu") in
                      lower(concat_ws(' ', runs.code, courses.code, courses.title) collate "da-x-icu")) = 0))
            """,
            new
            {
                now,
                filter.PlanYear,
                filter.IsUpcoming,
                filter.FocusArea,
                filter.Form,
                filter.Month,
                words = filter.Words.ToArray(),
            },
            cancellationToken: cancellationToken));
        return [.. runIds];
    }

    private static async Task<IReadOnlyList<FillRateRow>> CountAsync(
        NpgsqlConnection connection, long[] runIds, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<FillRateRow>(new CommandDefinition(
            """
            with counted as (
                select run_id,
                    count(*) filter (where status = 'taken')::int as taken,
                    count(*) filter (where status = 'free')::int as free,
                    count(department_id) filter (where status = 'taken')::int as taken_department,
                    count(department_id) filter (where status = 'free')::int as unused_department,
                    count(*) filter (where pool = 'external' and status = 'taken')::int as taken_external,
                    count(*) filter (where pool = 'external' and status = 'free')::int as unused_external
                from seats
                where run_id = any(@runIds)
                group by run_id
            ), other as (
                -- An external sign-up that lapsed before it became a person is no cancellation.
                select run_id,
                    count(*) filter (where status = 'held')::int as held,
                    count(*) filter (where status = 'cancelled' and (source <> 'sign_up' or person_id is not null))::int as cancelled,
                    count(*) filter (where status = 'cancelled' and is_late_cancellation)::int as cancelled_late
                from bookings
                where run_id = any(@runIds) and status in ('held', 'cancelled')
                group by run_id
            )
            select runs.code as run_code, courses.title as course_title, courses.focus_area, courses.form, runs.town, runs.status,
                runs.time_zone, runs.starts_at, runs.release_at, runs.capacity, runs.minimum_participants,
                runs.starts_at > @now as is_upcoming,
                runs.sign_up_closes_at <= @now as is_sign_up_closed, runs.minimum_decision is not null as is_minimum_decided,
                runs.attendance_settled_at is not null as is_attendance_settled, runs.attendance_assumed as is_attendance_assumed,
                (runs.starts_at at time zone runs.time_zone)::date - (@now at time zone runs.time_zone)::date as days_to_start,
                case when runs.released_at is null
                    then (runs.release_at at time zone runs.time_zone)::date - (@now at time zone runs.time_zone)::date
                end as days_to_release,
                coalesce(counted.taken_department, 0) as taken_department,
                coalesce(counted.taken_external, 0) as taken_external,
                coalesce(counted.taken - counted.taken_department - counted.taken_external, 0) as taken_open,
                coalesce(counted.unused_department, 0) as unused_department,
                coalesce(counted.unused_external, 0) as unused_external,
                coalesce(counted.free - counted.unused_department - counted.unused_external, 0) as free_open,
                coalesce(other.held, 0) as held,
                coalesce(other.cancelled, 0) as cancelled,
                coalesce(other.cancelled_late, 0) as cancelled_late
            from runs
            join courses on courses.course_id = runs.course_id
            left join counted on counted.run_id = runs.run_id
            left join other on other.run_id = runs.run_id
            where runs.run_id = any(@runIds)
            order by runs.starts_at, runs.code
            """,
            new { runIds, now },
            cancellationToken: cancellationToken))).AsList();
}

/// <summary>A year that has a plan.</summary>
public sealed record PlanYear
{
    /// <summary>The year.</summary>
    public required int Year { get; init; }

    /// <summary>How many of its runs are still to start.</summary>
    public required int Upcoming { get; init; }

    /// <summary>
    /// The year to show when nobody chose: the one with most upcoming runs, the earlier of two; when nothing is upcoming,
    /// the last there is.
    /// </summary>
    /// <param name="newestFirst">The years.</param>
    public static int? Default(IReadOnlyList<PlanYear> newestFirst) =>
        newestFirst.Where(y => y.Upcoming > 0).OrderByDescending(y => y.Upcoming).ThenBy(y => y.Year).FirstOrDefault()?.Year
        ?? (newestFirst.Count > 0 ? newestFirst[0].Year : null);
}
