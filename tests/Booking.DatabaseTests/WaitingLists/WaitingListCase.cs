using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.WaitingLists;
using Booking.TestSupport;

namespace Booking.DatabaseTests.WaitingLists;

/// <summary>Somebody who asked to wait.</summary>
internal sealed record Waiter(long Person, JoinResult Result);

/// <summary>Departments A and B, and a full run on which each has one booked seat of its own.</summary>
internal sealed class WaitingListCase : IAsyncDisposable
{
    private WaitingListCase(TestDatabase database) => Database = database;

    internal TestDatabase Database { get; }

    internal TestData Data => Database.Data;

    internal long A { get; private init; }

    internal long B { get; private init; }

    internal long Run { get; private init; }

    internal Guid BookedOfA { get; private set; }

    internal static async Task<WaitingListCase> CreateAsync()
    {
        var database = await TestDatabase.CreateAsync();
        var data = database.Data;
        var result = new WaitingListCase(database)
        {
            A = await data.AddDepartmentAsync("A"),
            B = await data.AddDepartmentAsync("B"),
            Run = await data.AddRunAsync(await data.AddCourseAsync(), capacity: 2),
        };
        await data.AddSeatsAsync(result.Run, 1, result.A);
        await data.AddSeatsAsync(result.Run, 1, result.B);
        result.BookedOfA = await result.BookAsync(result.A);
        await result.BookAsync(result.B);
        await data.ExecuteAsync("delete from outbox");
        return result;
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    internal Actor SecretaryOf(long department) =>
        new() { Name = $"secretary{department}@example.org", Role = ActorRoles.Secretary, DepartmentIds = [department] };

    internal async Task<Guid> BookAsync(long department, long? run = null, long? person = null)
    {
        person ??= await Data.AddEmployeeAsync(department);
        var results = await Database.Get<ReserveSeats>().RunAsync(
            new ReserveRequest(run ?? Run, department, [person.Value], SecretaryOf(department)), CancellationToken.None);
        return results[0].Reference ?? throw new InvalidOperationException($"{results[0].Outcome}");
    }

    /// <summary>A booking on another run at the very same time.</summary>
    internal async Task BookElsewhereAsync(long person, long department)
    {
        var other = await Data.AddRunAsync(await Data.AddCourseAsync());
        await Data.AddSeatsAsync(other, 1, department);
        await BookAsync(department, other, person);
    }

    internal async Task<Waiter> JoinAsync(long department, long? person = null)
    {
        person ??= await Data.AddEmployeeAsync(department);
        var result = await Database.Get<JoinWaitingList>().RunAsync(
            new JoinRequest(Run, department, person.Value, SecretaryOf(department)), CancellationToken.None);
        return new Waiter(person.Value, result);
    }

    internal async Task CancelAsync(Guid booking) => await Database.Get<CancelBooking>().RunAsync(
        new CancelRequest(booking, BookingScope.All, Actor.System("test"), AcceptsLate: true), CancellationToken.None);

    internal async Task<AnswerOutcome> AnswerAsync(Waiter waiter, WaitingListAnswer answer, bool acceptsOverlap = false) =>
        (await Database.Get<AnswerOffer>().RunAsync(
            new AnswerRequest(waiter.Result.Entry!.Value, EntryScope.All, Actor.System("test"), answer, acceptsOverlap),
            CancellationToken.None)).Outcome;

    internal Task SetModeAsync(string mode) => Data.ExecuteAsync("update runs set waiting_list_mode = @mode", new { mode });

    internal Task<string> StatusAsync(long person) => Data.ScalarAsync<string>(
        "select status from waiting_list_entries where run_id = @Run and person_id = @person order by entry_id desc limit 1", new { Run, person });

    internal Task<string> BookingStatusAsync(long person) => Data.ScalarAsync<string>(
        "select status from bookings where run_id = @Run and person_id = @person and status <> 'cancelled'", new { Run, person });

    internal Task<long> CountAsync(string status) => Data.ScalarAsync<long>(
        "select count(*) from waiting_list_entries where run_id = @Run and status = @status", new { Run, status });

    internal Task<long> FreeSeatsAsync() =>
        Data.ScalarAsync<long>("select count(*) from seats where run_id = @Run and status = 'free'", new { Run });

    internal Task<long> MailsAsync(string kind, long person) => Data.ScalarAsync<long>(
        "select count(*) from outbox where kind = @kind and recipient_email = (select email from people where person_id = @person)",
        new { kind, person });
}
