using System.Collections.Immutable;
using Booking.TestSupport;

namespace Booking.DatabaseTests.Histories;

/// <summary>
/// Where histories happen: two departments with four employees each (a1, a2, ... b4), three external people (x1 to x3), and
/// four runs. R1 and R2 are held at the same time; R1 and R4 offer their seats, R2 and R3 book at once; R3 and R4 ask the leader,
/// whom only department a has.
/// </summary>
internal static class HistoryWorld
{
    public const int PeopleOfEach = 4;
    public const int Externals = 3;

    public static readonly ImmutableArray<string> Departments = ["a", "b"];

    public static readonly ImmutableArray<HistoryRun> Runs =
    [
        new("R1", 45, "offer", A: 2, B: 2, External: 1, Open: 0),
        new("R2", 45, "book", A: 1, B: 1, External: 0, Open: 1),
        new("R3", 38, "book", A: 1, B: 2, External: 1, Open: 0, AsksLeader: true),
        new("R4", 52, "offer", A: 2, B: 2, External: 0, Open: 1, AsksLeader: true),
    ];

    public static async Task<TestDatabase> CreateAsync()
    {
        var database = await TestDatabase.CreateAsync();
        var departments = new Dictionary<string, long>();
        foreach (var name in Departments)
        {
            departments[name] = await database.Data.AddDepartmentAsync(name, secretary: "secretary@example.org");
            for (var i = 1; i <= PeopleOfEach; i++)
            {
                await database.Data.AddEmployeeAsync(departments[name], $"{name}{i}", $"{name}{i}@example.org", name == "a" ? "leader@example.org" : null);
            }
        }

        var course = await database.Data.AddCourseAsync(crossSector: true);
        foreach (var run in Runs)
        {
            var id = await database.Data.AddRunAsync(course, run.Code, daysFromNow: run.DaysFromNow);
            await database.Data.ExecuteAsync("update runs set waiting_list_mode = @Mode, requires_approval = @AsksLeader where run_id = @id", new { run.Mode, run.AsksLeader, id });
            await database.Data.AddSeatsAsync(id, run.A, departments["a"]);
            await database.Data.AddSeatsAsync(id, run.B, departments["b"]);
            await database.Data.AddSeatsAsync(id, run.External, pool: "external");
            await database.Data.AddSeatsAsync(id, run.Open);
        }

        await database.Data.ExecuteAsync(
            """
            create function said(timestamptz) returns text language sql stable as
            $$ select coalesce(to_char($1 at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SSZ'), '') $$
            """);
        return database;
    }
}

/// <summary>A run and its seats by pool. Those with the same day are held at the same time.</summary>
internal sealed record HistoryRun(string Code, int DaysFromNow, string Mode, int A, int B, int External, int Open, bool AsksLeader = false);
