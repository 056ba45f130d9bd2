using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.People;
using Booking.Data.WaitingLists;
using Booking.TestSupport;

namespace Booking.DatabaseTests.Bookings;

/// <summary>Departments A and B, and two runs of one course: A has booked its one seat on the first, and has seats on the second.</summary>
internal sealed class SubstituteCase(TestDatabase database) : IAsyncDisposable
{
    internal const string Secretary = "sek@example.org";

    internal TestDatabase Database => database;

    internal TestData Data => database.Data;

    internal long A { get; private set; }

    internal long B { get; private set; }

    internal long Run { get; private set; }

    internal long OtherRun { get; private set; }

    internal long Anna { get; private set; }

    internal Guid Booking { get; private set; }

    internal Actor SecretaryOfA => new() { Name = Secretary, Role = ActorRoles.Secretary, DepartmentIds = [A] };

    internal static Actor LinkHolder { get; } = new() { Name = "personal link", Role = ActorRoles.External };

    internal BookingScope ScopeOfA => BookingScope.Of(null, [A]);

    internal static async Task<SubstituteCase> CreateAsync(int otherSeats = 1)
    {
        var database = await TestDatabase.CreateAsync();
        var data = database.Data;
        var course = await data.AddCourseAsync(title: "Ro & nærvær", crossSector: true, externalPrice: 500);
        var result = new SubstituteCase(database)
        {
            A = await data.AddDepartmentAsync("A", secretary: Secretary),
            B = await data.AddDepartmentAsync("B", secretary: "sekb@example.org"),
            Run = await data.AddRunAsync(course, "H-1", sessions: 2),
            OtherRun = await data.AddRunAsync(course, "H-2", daysFromNow: 90),
        };
        await data.AddSeatsAsync(result.Run, 1, result.A);
        await data.AddSeatsAsync(result.OtherRun, otherSeats, result.A);
        result.Anna = await data.AddEmployeeAsync(result.A, "Anna Ask", "anna@example.org", "leder@example.org");
        result.Booking = await result.ReserveAsync(result.Run, result.Anna);
        return result;
    }

    internal async Task<Guid> ReserveAsync(long run, long person) =>
        (await Database.Get<ReserveSeats>().RunAsync(new ReserveRequest(run, A, [person], SecretaryOfA, AcceptsOverlap: true), CancellationToken.None))[0].Reference
        ?? throw new InvalidOperationException("Nobody was booked.");

    internal Task<long> AddColleagueAsync(string email, string? name = null) => Data.AddEmployeeAsync(A, name, email, "leder@example.org");

    internal Task<SubstituteResult> SubstituteAsync(
        string who, Guid? booking = null, Actor? actor = null, BookingScope? scope = null, bool acceptsOverlap = false) =>
        Database.Get<SubstitutePerson>().RunAsync(
            new SubstituteRequest(booking ?? Booking, scope ?? ScopeOfA, actor ?? SecretaryOfA, Substitute.OfEmployee(who)!, acceptsOverlap),
            CancellationToken.None);

    internal async Task<SubstituteResult> SubstituteByLinkAsync(string who) =>
        await SubstituteAsync(who, actor: LinkHolder, scope: BookingScope.OfLink(await Data.ScalarAsync<long>(
            "select booking_id from bookings where reference = @Booking", new { Booking })));

    internal Task<MoveResult> MoveAsync(string run, bool acceptsLate = false, bool acceptsOverlap = false, BookingScope? scope = null) =>
        Database.Get<MoveBooking>().RunAsync(
            new MoveRequest(Booking, run, scope ?? ScopeOfA, SecretaryOfA, acceptsLate, acceptsOverlap), CancellationToken.None);

    internal Task<CancelOutcome> CancelAsync(Guid booking) => Database.Get<CancelBooking>().RunAsync(
        new CancelRequest(booking, BookingScope.All, SecretaryOfA, AcceptsLate: true), CancellationToken.None);

    internal async Task<long> JoinAsync(long? run = null)
    {
        var person = await Data.AddEmployeeAsync(A);
        await Database.Get<JoinWaitingList>().RunAsync(new JoinRequest(run ?? Run, A, person, SecretaryOfA), CancellationToken.None);
        return person;
    }

    /// <summary>An external person with a confirmed seat that costs money, on the first run.</summary>
    internal async Task<Guid> AddExternalBookingAsync()
    {
        await Data.AddSeatsAsync(Run, 1, pool: "external");
        return await Data.ScalarAsync<Guid>(
            """
            with person as (
                insert into people (kind, name, email, sector, workplace, language)
                values ('external', 'Eva Elm', 'eva@kommune.example', 'municipality', 'Aalborg Kommune', 'en') returning person_id),
            seat as (
                update seats set status = 'taken' where run_id = @Run and pool = 'external' returning run_id, number, pool),
            booking as (
                insert into bookings (run_id, seat_number, person_id, pool, status, source, booked_by, booked_at, external_price, ean)
                select run_id, number, person_id, pool, 'booked', 'sign_up', 'external', now(), 500, '5790000123452' from seat, person
                returning *),
            trail as (
                insert into audit_entries (at, actor, actor_role, action, booking_id) select now(), 'test', 'system', 'test', booking_id from booking)
            select reference from booking
            """,
            new { Run });
    }

    internal Task<SubstituteResult> SubstituteExternalAsync(Guid booking, string email, string name = "Ida Ibsen") =>
        Database.Get<SubstitutePerson>().RunAsync(
            new SubstituteRequest(
                booking, BookingScope.All, LinkHolder, Substitute.OfExternal(new ExternalPerson(name, email, "Nibe Kommune", "da"))),
            CancellationToken.None);

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
