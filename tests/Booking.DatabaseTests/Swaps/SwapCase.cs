using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Swaps;
using Booking.Data.WaitingLists;
using Booking.TestSupport;

namespace Booking.DatabaseTests.Swaps;

/// <summary>Department A has seats on run X, department B on run Y, and A asks B to swap.</summary>
internal sealed class SwapCase(TestDatabase database) : IAsyncDisposable
{
    internal TestDatabase Database => database;

    internal TestData Data => database.Data;

    internal long A { get; private set; }

    internal long B { get; private set; }

    internal long X { get; private set; }

    internal long Y { get; private set; }

    internal static async Task<SwapCase> CreateAsync(int seats = 3)
    {
        var database = await TestDatabase.CreateAsync();
        var data = database.Data;
        var result = new SwapCase(database)
        {
            A = await data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek-a@example.org"),
            B = await data.AddDepartmentAsync("B", "Afdeling B", secretary: "sek-b@example.org"),
            X = await data.AddRunAsync(await data.AddCourseAsync(title: "Ro & nærvær"), "X-1"),
            Y = await data.AddRunAsync(await data.AddCourseAsync(title: "Selvskade"), "Y-1", daysFromNow: 90),
        };
        await data.AddSeatsAsync(result.X, seats, result.A);
        await data.AddSeatsAsync(result.Y, seats, result.B);
        return result;
    }

    internal Actor SecretaryOf(long department) => new()
    {
        Name = department == A ? "sek-a@example.org" : "sek-b@example.org",
        Role = ActorRoles.Secretary,
        DepartmentIds = [department],
    };

    internal Task<ProposeOutcome> ProposeAsync(int offered = 2, string? wantedRun = "Y-1", int wanted = 1, string offeredRun = "X-1", long? to = null) =>
        Database.Get<ProposeSwap>().RunAsync(
            new ProposeRequest
            {
                FromDepartmentId = A,
                ToDepartmentId = to ?? B,
                OfferedRun = offeredRun,
                OfferedSeats = offered,
                WantedRun = wantedRun,
                WantedSeats = wanted,
                Actor = SecretaryOf(A),
            },
            CancellationToken.None);

    internal async Task<SwapOutcome> AnswerAsync(SwapAnswer answer, long? department = null) =>
        await Database.Get<AnswerSwap>().RunAsync(
            new AnswerSwapRequest(await ReferenceAsync(), answer, SecretaryOf(department ?? B)), CancellationToken.None);

    internal Task<Guid> ReferenceAsync() => Data.ScalarAsync<Guid>("select reference from seat_swaps order by swap_id desc limit 1");

    internal async Task<long> BookAsync(long run, long department)
    {
        var person = await Data.AddEmployeeAsync(department);
        await Database.Get<ReserveSeats>().RunAsync(
            new ReserveRequest(run, department, [person], SecretaryOf(department), AcceptsOverlap: true), CancellationToken.None);
        return person;
    }

    internal async Task<long> JoinAsync(long run, long department)
    {
        var person = await Data.AddEmployeeAsync(department);
        await Database.Get<JoinWaitingList>().RunAsync(new JoinRequest(run, department, person, SecretaryOf(department)), CancellationToken.None);
        return person;
    }

    /// <summary>"A2 B1": the seats of each department on a run.</summary>
    internal Task<string> SeatsAsync(long run) => Data.ScalarAsync<string>(
        """
        select coalesce(string_agg(code || seats, ' ' order by code), '')
        from (select code, count(*) as seats from seats join departments using (department_id) where run_id = @run group by code) x
        """,
        new { run });

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
