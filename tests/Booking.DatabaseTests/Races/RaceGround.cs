using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.WaitingLists;
using Booking.TestSupport;
using Dapper;
using Npgsql;

namespace Booking.DatabaseTests.Races;

/// <summary>One department, one run with so many guaranteed seats of it, and what contenders do there.</summary>
internal sealed class RaceGround : IAsyncDisposable
{
    /// <summary>How many at once, each on a connection of its own.</summary>
    internal const int Contenders = 32;

    private RaceGround(TestDatabase database) => Database = database;

    internal TestDatabase Database { get; }

    internal TestData Data => Database.Data;

    internal long Department { get; private init; }

    internal long Run { get; private init; }

    internal Actor Secretary => new() { Name = "sek@example.org", Role = ActorRoles.Secretary, DepartmentIds = [Department] };

    internal static async Task<RaceGround> CreateAsync(int seats, int daysFromNow = 60)
    {
        var database = await TestDatabase.CreateAsync();
        var ground = new RaceGround(database)
        {
            Department = await database.Data.AddDepartmentAsync("A", secretary: "sek@example.org"),
            Run = await database.Data.AddRunAsync(await database.Data.AddCourseAsync(), daysFromNow: daysFromNow, sessions: 2),
        };
        await database.Data.AddSeatsAsync(ground.Run, seats, ground.Department);
        return ground;
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    internal async Task<long[]> AddPeopleAsync(int count)
    {
        var people = new long[count];
        for (var i = 0; i < count; i++)
        {
            people[i] = await Data.AddEmployeeAsync(Department);
        }

        return people;
    }

    internal Task<IReadOnlyList<ReserveResult>> ReserveAsync(params IReadOnlyList<long> people) =>
        Database.Get<ReserveSeats>().RunAsync(new ReserveRequest(Run, Department, people, Secretary), CancellationToken.None);

    internal async Task<Guid[]> AddBookedAsync(int count) =>
        [.. (await ReserveAsync(await AddPeopleAsync(count))).Select(result => result.Reference!.Value)];

    internal Task<CancelOutcome> CancelAsync(Guid booking) => Database.Get<CancelBooking>().RunAsync(
        new CancelRequest(booking, BookingScope.All, Secretary, AcceptsLate: true), CancellationToken.None);

    internal Task<JoinResult> JoinAsync(long person) => Database.Get<JoinWaitingList>().RunAsync(
        new JoinRequest(Run, Department, person, Secretary), CancellationToken.None);

    internal async Task<Guid[]> AddWaitingAsync(int count)
    {
        List<Guid> entries = [];
        foreach (var person in await AddPeopleAsync(count))
        {
            entries.Add((await JoinAsync(person)).Entry!.Value);
        }

        return [.. entries];
    }

    internal Task<AnswerResult> AnswerAsync(Guid entry, WaitingListAnswer answer) => Database.Get<AnswerOffer>().RunAsync(
        new AnswerRequest(entry, EntryScope.All, Secretary, answer), CancellationToken.None);

    internal Task<SweepResult> SweepAsync() => Database.Get<SweepWaitingLists>().RunAsync(CancellationToken.None);

    internal Task<long> CountAsync(string from) => Data.ScalarAsync<long>($"select count(*) from {from}");

    /// <summary>What a negative control does: statements on a connection of its own, without the product's guards.</summary>
    internal async Task<T> NaivelyAsync<T>(Func<NpgsqlConnection, Task<T>> work)
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        return await work(connection);
    }

    /// <summary>The same for statements that nobody asks about.</summary>
    internal Task NaivelyAsync(string sql, object parameters) => NaivelyAsync(connection => connection.ExecuteAsync(sql, parameters));
}
