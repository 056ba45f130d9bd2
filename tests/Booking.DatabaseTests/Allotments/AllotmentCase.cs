using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Booking.Data.WaitingLists;
using Booking.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Booking.DatabaseTests.Allotments;

/// <summary>A fresh database and the use cases of this feature on it.</summary>
internal sealed class AllotmentCase : IAsyncDisposable
{
    internal static readonly Actor Hr = new() { Name = "hr@example.org", Role = ActorRoles.Hr };

    private AllotmentCase(TestDatabase database)
    {
        Database = database;
        Runs = database.Get<RunPublishingRepository>();
        Allotments = database.Get<AllotmentRepository>();
        Publish = database.Get<PublishRuns>();
        Add = database.Get<AddSeats>();
        Release = ReleaseWaiting(TimeSpan.FromMinutes(1));
    }

    internal TestDatabase Database { get; }

    internal TestData Data => Database.Data;

    internal RunPublishingRepository Runs { get; }

    internal AllotmentRepository Allotments { get; }

    internal SeatRepository Seats { get; } = new();

    internal PublishRuns Publish { get; }

    internal AddSeats Add { get; }

    internal ReleaseSeats Release { get; }

    /// <summary>The release as it is, but with another patience: tests on a busy machine must not run into it by chance.</summary>
    internal ReleaseSeats ReleaseWaiting(TimeSpan longest) =>
        new(
            Database.DataSource, Runs, Database.Get<BookingRepository>(), Database.Get<ServeWaitingList>(), Database.Get<OutboxSignal>(),
            Database.Get<AuditRepository>(), Database.Clock, NullLogger<ReleaseSeats>.Instance)
        {
            LongestWait = longest,
        };

    internal static async Task<AllotmentCase> CreateAsync() => new(await TestDatabase.CreateAsync());

    /// <summary>Departments A, B, ... with these weights in 2027's key.</summary>
    internal async Task<long[]> AddDepartmentsAsync(params int[] weights)
    {
        var ids = new long[weights.Length];
        for (var index = 0; index < weights.Length; index++)
        {
            ids[index] = await Data.AddDepartmentAsync(((char)('A' + index)).ToString(), weight: weights[index]);
        }

        return ids;
    }

    internal async Task<long> AddDraftAsync(int capacity, int externalSeats = 0, int daysFromNow = 60, string? code = null)
    {
        var course = await Data.AddCourseAsync();
        var run = await Data.AddRunAsync(course, code, capacity, daysFromNow, status: "draft");
        await Data.ExecuteAsync("update runs set external_seats = @externalSeats where run_id = @run", new { run, externalSeats });
        return run;
    }

    internal async Task<PublishResult> PublishOneAsync(long runId) => (await Publish.RunAsync([runId], Hr, CancellationToken.None))[0];

    internal async Task<AddSeatsOutcome> AddSeatsAsync(long runId, int seats, int external = 0)
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var outcome = await Add.RunAsync(transaction, new SeatsToAdd(runId, seats, external), Hr, CancellationToken.None);
        await transaction.CommitAsync();
        return outcome;
    }

    /// <summary>The run's seats in number order, such as <c>1A 2A 3B 4external</c>; a taken one ends with a star.</summary>
    internal async Task<string> SeatsAsync(long runId) => string.Join(' ', await Data.QueryAsync<string>(
        """
        select number || coalesce(code, pool) || case status when 'taken' then '*' else '' end
        from seats left join departments using (department_id) where run_id = @runId order by number
        """,
        new { runId }));

    internal Task<long> CountAuditAsync(string action, long runId) =>
        Data.ScalarAsync<long>("select count(*) from audit_entries where action = @action and run_id = @runId", new { action, runId });

    /// <summary>Claims seats in an open transaction, as a reservation does before it commits.</summary>
    internal async Task<NpgsqlTransaction> ClaimAsync(NpgsqlConnection connection, long runId, SeatPool pool, int seats)
    {
        var transaction = await connection.BeginTransactionAsync();
        var claimed = await Seats.ClaimAsync(transaction, runId, pool, seats, CancellationToken.None);
        return claimed.Count == seats ? transaction : throw new InvalidOperationException($"{claimed.Count} seats claimed.");
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
