namespace Booking.Data.Catalogue;

/// <summary>The pieces of SQL that several of the catalogue's statements share.</summary>
internal static class CatalogueSql
{
    /// <summary>
    /// True when run r of course c has a free seat for the viewer. Scalar subqueries with a limit: each is one descent into the
    /// index of free seats, where "exists" lets the planner read every free seat of the country into a hash table.
    /// </summary>
    public const string HasSeat =
        """
        coalesce(
            (select true
             from unnest(@departmentIds) as own(department_id)
             join seats s on s.run_id = r.run_id and s.status = 'free' and s.pool = 'department'
                 and s.department_id = own.department_id
             limit 1),
            (select true
             from unnest(@sharedPools) as shared(pool)
             join seats s on s.run_id = r.run_id and s.status = 'free' and s.pool = shared.pool
             where c.is_cross_sector or not @isStranger
             limit 1),
            false)
        """;

    /// <summary>The number of free seats of run r of course c for the viewer.</summary>
    public const string SeatsLeft =
        """
        (select count(*)
         from unnest(@departmentIds) as own(department_id)
         join seats s on s.run_id = r.run_id and s.status = 'free' and s.pool = 'department'
             and s.department_id = own.department_id)
        + (select count(*)
           from unnest(@sharedPools) as shared(pool)
           join seats s on s.run_id = r.run_id and s.status = 'free' and s.pool = shared.pool
           where c.is_cross_sector or not @isStranger)
        """;

    /// <summary>Run r is one that people can still plan for.</summary>
    public const string IsUpcoming = "r.status = 'published' and r.starts_at > @now";

    /// <summary>The columns of <see cref="CatalogueRun"/> from run r, course c and its free seats f.</summary>
    public const string RunColumns =
        """
        r.run_id, r.code, r.course_id, c.code as course_code, r.status, r.time_zone, r.starts_at, r.ends_at, r.venue_name, r.town,
        r.sign_up_opens_at, r.sign_up_closes_at, r.capacity, c.is_cross_sector,
        f.own_free, f.others_free, f.external_free, f.open_free
        """;

    /// <summary>The free seats of run r by pool, as f: read from the index of free seats alone.</summary>
    public const string FreeSeats =
        """
        cross join lateral (
            select
                (count(*) filter (where s.pool = 'department' and s.department_id = any(@departmentIds)))::int as own_free,
                (count(*) filter (where s.pool = 'department' and s.department_id <> all(@departmentIds)))::int as others_free,
                (count(*) filter (where s.pool = 'external'))::int as external_free,
                (count(*) filter (where s.pool = 'open'))::int as open_free
            from seats s
            where s.run_id = r.run_id and s.status = 'free') as f
        """;
}
