using Booking.Data.Attendance;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.WaitingLists;
using Booking.DatabaseTests.Bookings;
using Booking.TestSupport;

namespace Booking.DatabaseTests.Audit;

/// <summary>
/// A little of everything, made by the use cases: R1 with a booking, a cancelled one and a sign-up that waits; R2 full, with
/// people waiting; R3 with an offer; R4 with a leader to ask; R5 cancelled, R6 a draft, R7 released; R8 held, with one who came and one who did not.
/// </summary>
internal static class SoundWorld
{
    public static async Task<TestDatabase> CreateAsync()
    {
        var database = await TestDatabase.CreateAsync();
        var data = database.Data;
        var a = await data.AddDepartmentAsync("A");
        var b = await data.AddDepartmentAsync("B");
        var course = await data.AddCourseAsync(crossSector: true);
        await FillR1Async(database, (a, b), await data.AddRunAsync(course, "R1", sessions: 2));
        var r2 = await AddFullRunAsync(database, "R2", a, course);
        await JoinAsync(database, r2.Run, b);
        await JoinAsync(database, r2.Run, a);
        var r3 = await AddFullRunAsync(database, "R3", a, course);
        await JoinAsync(database, r3.Run, a);
        await CancelAsync(database, r3.Booking);
        var r4 = await data.AddRunAsync(course, "R4");
        await data.ExecuteAsync("update runs set requires_approval = true where run_id = @r4", new { r4 });
        await data.AddSeatsAsync(r4, 1, a);
        await JoinAsync(database, r4, a, "leder@example.org");
        await data.AddSeatsAsync(await data.AddRunAsync(course, "R5", status: "cancelled"), 1, a);
        await data.ExecuteAsync("update seats set status = 'closed' where run_id = (select run_id from runs where code = 'R5')");
        await data.AddRunAsync(course, "R6", status: "draft");
        await data.AddSeatsAsync(await data.AddRunAsync(course, "R7"), 1);
        await data.ExecuteAsync("update runs set released_at = release_at where code = 'R7'");
        await HoldR8Async(database, a, await data.AddRunAsync(course, "R8"));
        return database;
    }

    // The clock goes on and back: the other runs still lie ahead.
    private static async Task HoldR8Async(TestDatabase database, long department, long run)
    {
        await database.Data.AddSeatsAsync(run, 2, department);
        var came = await ReserveAsync(database, run, department);
        await ReserveAsync(database, run, department);
        var now = database.Clock.GetUtcNow();
        database.Clock.Set(now.AddDays(61));
        var mark = database.Get<MarkAttendance>();
        var hr = new Actor { Name = "hr@example.org", Role = ActorRoles.Hr };
        await mark.RunAsync(new MarkRequest(run, 1, Mark.Present, [came], hr), CancellationToken.None);
        var others = await database.Data.QueryAsync<Guid>("select reference from bookings where run_id = @run", new { run });
        await mark.RunAsync(new MarkRequest(run, 1, Mark.Absent, [.. others.Except([came])], hr), CancellationToken.None);
        database.Clock.Set(now);
    }

    private static async Task FillR1Async(TestDatabase database, (long A, long B) departments, long run)
    {
        await database.Data.AddSeatsAsync(run, 3, departments.A);
        await database.Data.AddSeatsAsync(run, 1, departments.B);
        await database.Data.AddSeatsAsync(run, 1, pool: "external");
        await database.Data.AddSeatsAsync(run, 1);
        await ReserveAsync(database, run, departments.A);
        await CancelAsync(database, await ReserveAsync(database, run, departments.A));
        await database.Get<SignUp>().RunAsync(SignUps.Request(run), CancellationToken.None);
    }

    private static async Task<(long Run, Guid Booking)> AddFullRunAsync(TestDatabase database, string code, long department, long course)
    {
        var run = await database.Data.AddRunAsync(course, code);
        await database.Data.AddSeatsAsync(run, 1, department);
        return (run, await ReserveAsync(database, run, department));
    }

    private static async Task<Guid> ReserveAsync(TestDatabase database, long run, long department)
    {
        var person = await database.Data.AddEmployeeAsync(department);
        var results = await database.Get<ReserveSeats>().RunAsync(
            new ReserveRequest(run, department, [person], Secretary(department)), CancellationToken.None);
        return results[0].Reference!.Value;
    }

    private static async Task JoinAsync(TestDatabase database, long run, long department, string? leader = null)
    {
        var person = await database.Data.AddEmployeeAsync(department, leaderEmail: leader);
        await database.Get<JoinWaitingList>().RunAsync(
            new JoinRequest(run, department, person, Secretary(department)), CancellationToken.None);
    }

    private static Task CancelAsync(TestDatabase database, Guid booking) => database.Get<CancelBooking>().RunAsync(
        new CancelRequest(booking, BookingScope.All, Actor.System("test"), AcceptsLate: true), CancellationToken.None);

    private static Actor Secretary(long department) =>
        new() { Name = "sek@example.org", Role = ActorRoles.Secretary, DepartmentIds = [department] };
}
