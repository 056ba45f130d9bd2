using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Runs;
using Booking.Data.WaitingLists;
using Booking.TestSupport;

namespace Booking.DatabaseTests.Runs;

/// <summary>Departments A (with a secretary) and B, an HR person, and a published run with two sessions; seats are the test's business.</summary>
internal sealed class RunCase : IAsyncDisposable
{
    private RunCase(TestDatabase database) => Database = database;

    internal static readonly Actor Hr = new() { Name = "hr@example.org", Role = ActorRoles.Hr };

    internal TestDatabase Database { get; }

    internal TestData Data => Database.Data;

    internal long A { get; private init; }

    internal long B { get; private init; }

    internal long Course { get; private init; }

    internal long Run { get; private init; }

    internal static async Task<RunCase> CreateAsync(TestDatabase? existing = null, int capacity = 10)
    {
        var database = existing ?? await TestDatabase.CreateAsync();
        var data = database.Data;
        await data.ExecuteAsync("insert into role_assignments (email, role) values ('hr@example.org', 'hr')");
        var course = await data.AddCourseAsync("K-1", "Ro & nærvær", crossSector: true);
        return new RunCase(database)
        {
            A = await data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek@example.org"),
            B = await data.AddDepartmentAsync("B", "Afdeling B"),
            Course = course,
            Run = await data.AddRunAsync(course, "H-1", capacity, sessions: 2),
        };
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    internal Actor SecretaryOf(long department) =>
        new() { Name = "sek@example.org", Role = ActorRoles.Secretary, DepartmentIds = [department] };

    internal async Task<ReserveResult> ReserveAsync(long department, long? person = null, long? run = null)
    {
        person ??= await Data.AddEmployeeAsync(department);
        return (await Database.Get<ReserveSeats>().RunAsync(
            new ReserveRequest(run ?? Run, department, [person.Value], SecretaryOf(department)), CancellationToken.None))[0];
    }

    /// <summary>A seat that department A holds without a name.</summary>
    internal Task HoldForNameAsync(int seat) => HoldAsync(seat, HeldFor.Name, person: null);

    /// <summary>A held seat of department A, as the desk and the approvals make it.</summary>
    internal async Task HoldAsync(int seat, string heldFor, long? person)
    {
        await Data.ExecuteAsync("update seats set status = 'taken' where run_id = @Run and number = @seat", new { Run, seat });
        await Data.ExecuteAsync(
            """
            insert into bookings (run_id, seat_number, person_id, department_id, pool, status, held_for, held_until, source, booked_by, booked_at)
            select run_id, @seat, @person, @A, 'department', 'held', @heldFor, starts_at - interval '7 days', 'secretary', 'sek@example.org', @now
            from runs where run_id = @Run;
            insert into audit_entries (at, actor, actor_role, action, run_id, booking_id)
            select @now, 'sek@example.org', 'secretary', 'booking.held', run_id, booking_id from bookings order by booking_id desc limit 1
            """,
            new { Run, seat, person, A, heldFor, now = Database.Clock.GetUtcNow() });
    }

    internal async Task<long> JoinAsync(long department)
    {
        var person = await Data.AddEmployeeAsync(department);
        await Database.Get<JoinWaitingList>().RunAsync(
            new JoinRequest(Run, department, person, SecretaryOf(department)), CancellationToken.None);
        return person;
    }

    internal Task<ChangeCapacityResult> ChangeCapacityAsync(int from, int to, bool alsoExternal = false) =>
        Database.Get<ChangeCapacity>().RunAsync(new ChangeCapacityRequest(Run, from, to, alsoExternal, Hr), CancellationToken.None);

    internal Task<CancelRunResult> CancelAsync(string reason = "Underviseren er syg") =>
        Database.Get<CancelRun>().RunAsync(new CancelRunRequest(Run, reason, Hr), CancellationToken.None);

    /// <summary>Moves every session by so much; deadlines follow unless given.</summary>
    internal async Task<PostponeResult> PostponeAsync(
        TimeSpan by, bool isCheck = false, RunPlace? place = null, Dictionary<RunDeadline, DateTimeOffset>? deadlines = null, int from = 1)
    {
        var run = (await Database.Get<HrRunRepository>().FindAsync("H-1", CancellationToken.None))!;
        var wish = new PostponeWish(
            [.. run.Sessions.Where(session => session.Number >= from).Select(session => new SessionMove(session.SessionId, session.StartsAt + by, session.EndsAt + by))],
            place ?? RunPlace.Of(run),
            deadlines ?? []);
        return await Database.Get<PostponeRun>().RunAsync(new PostponeRequest(Run, wish, Hr, isCheck), CancellationToken.None);
    }

    internal Task<long> CountAsync(string sql) => Data.ScalarAsync<long>($"select count(*) from {sql}", new { Run });

    /// <summary>Seats as "1A* 2open 3open#": taken with a star, closed with a hash.</summary>
    internal async Task<string> SeatsAsync() => string.Join(' ', await Data.QueryAsync<string>(
        """
        select number || coalesce(departments.code, pool) || case status when 'taken' then '*' when 'closed' then '#' else '' end
        from seats left join departments using (department_id) where run_id = @Run order by number
        """,
        new { Run }));
}
