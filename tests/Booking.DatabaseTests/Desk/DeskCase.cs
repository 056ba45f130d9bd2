using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.WaitingLists;
using Booking.TestSupport;

namespace Booking.DatabaseTests.Desk;

/// <summary>Departments A and B with a secretary each, and a run in 60 days with seats of theirs; released 35 days before it.</summary>
internal sealed class DeskCase : IAsyncDisposable
{
    internal const string SecretaryOfA = "a@example.org";

    private DeskCase(TestDatabase database) => Database = database;

    internal TestDatabase Database { get; }

    internal TestData Data => Database.Data;

    internal long A { get; private init; }

    internal long B { get; private init; }

    internal long Run { get; private init; }

    internal static async Task<DeskCase> CreateAsync(int own = 3, int open = 0, int daysFromNow = 60)
    {
        var database = await TestDatabase.CreateAsync();
        var data = database.Data;
        var result = new DeskCase(database)
        {
            A = await data.AddDepartmentAsync("A", "Afdeling A", secretary: SecretaryOfA),
            B = await data.AddDepartmentAsync("B", "Afdeling B", secretary: "b@example.org"),
            Run = await data.AddRunAsync(await data.AddCourseAsync(title: "Ro & nærvær"), "H-1", capacity: own + open + 1, daysFromNow: daysFromNow),
        };
        await data.AddSeatsAsync(result.Run, own, result.A);
        await data.AddSeatsAsync(result.Run, 1, result.B);
        await data.AddSeatsAsync(result.Run, open);
        return result;
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    internal Actor Secretary(long department) =>
        new() { Name = department == A ? SecretaryOfA : "b@example.org", Role = ActorRoles.Secretary, DepartmentIds = [department] };

    internal Task<HoldResult> HoldAsync(int seats, long? department = null, bool ownOnly = false) => Database.Get<HoldSeats>().RunAsync(
        new HoldRequest(Run, department ?? A, seats, Secretary(department ?? A)) { OwnSeatsOnly = ownOnly }, CancellationToken.None);

    internal Task<IReadOnlyList<LineResult>> NameAsync(string lines, Guid? booking = null, bool acceptsOverlap = false) =>
        Database.Get<NameHeldSeats>().RunAsync(
            new NameRequest(Run, A, PastedLine.Parse(lines), Secretary(A)) { Booking = booking, AcceptsOverlap = acceptsOverlap },
            CancellationToken.None);

    internal Task<HandBackResult> HandBackAsync(int? seats = null, long? department = null) => Database.Get<HandBackSeats>().RunAsync(
        new HandBackRequest(Run, department ?? A, seats, Secretary(department ?? A)), CancellationToken.None);

    internal async Task<ReserveOutcome> ReserveAsync(long department, long? person = null)
    {
        person ??= await Data.AddEmployeeAsync(department);
        return (await Database.Get<ReserveSeats>().RunAsync(
            new ReserveRequest(Run, department, [person.Value], Secretary(department)), CancellationToken.None))[0].Outcome;
    }

    internal async Task<long> JoinAsync(long department)
    {
        var person = await Data.AddEmployeeAsync(department);
        await Database.Get<JoinWaitingList>().RunAsync(new JoinRequest(Run, department, person, Secretary(department)), CancellationToken.None);
        return person;
    }

    internal Task<string> WaitingStatusAsync(long person) => Data.ScalarAsync<string>(
        "select status from waiting_list_entries where person_id = @person", new { person });

    internal Task<ExpireHeldResult> SweepAsync() => Database.Get<ExpireHeldSeats>().RunAsync(CancellationToken.None);

    internal Task<int> WarnAsync() => Database.Get<WarnOfRelease>().RunAsync(CancellationToken.None);

    internal Task<long> HeldAsync() => Data.ScalarAsync<long>("select count(*) from bookings where status = 'held' and held_for = 'name'");

    internal Task<IReadOnlyList<string>> KeysAsync(string kind) =>
        Data.QueryAsync<string>("select key from outbox where kind = @kind order by outbox_id", new { kind });

    internal Task<IReadOnlyList<string>> PoolsAsync() => Data.QueryAsync<string>(
        """
        select seats.pool || coalesce(' ' || departments.code, '') || ' ' || seats.status || ' ' || count(*)
        from seats left join departments using (department_id)
        group by seats.pool, departments.code, seats.status
        order by 1
        """);
}
