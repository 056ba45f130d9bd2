using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.People;
using Booking.Data.Runs;
using Booking.Data.Swaps;
using Booking.TestSupport;

namespace Booking.DatabaseTests.Histories;

/// <summary>What secretaries, leaders and HR do to seats beside booking and cancelling, through the product's use cases.</summary>
internal sealed partial class HistoryDatabase
{
    private static readonly Actor Hr = new() { Name = "hr@example.org", Role = ActorRoles.Hr };

    public Task HoldAsync(string run, string department, int seats, bool ownOnly) => database.Get<HoldSeats>().RunAsync(
        new HoldRequest(_ids[run], _ids[department], seats, SecretaryOf(department)) { OwnSeatsOnly = ownOnly }, CancellationToken.None);

    public Task NameAsync(string run, IReadOnlyList<string> people, bool acceptsOverlap)
    {
        var department = people[0][..1];
        var lines = PastedLine.Parse(string.Join('\n', people.Select(person => $"{person}@example.org")));
        return database.Get<NameHeldSeats>().RunAsync(
            new NameRequest(_ids[run], _ids[department], lines, SecretaryOf(department)) { AcceptsOverlap = acceptsOverlap }, CancellationToken.None);
    }

    public Task HandBackAsync(string run, string department, int? seats) => database.Get<HandBackSeats>().RunAsync(
        new HandBackRequest(_ids[run], _ids[department], seats, SecretaryOf(department)), CancellationToken.None);

    public async Task SubstituteAsync(string run, ModelBooking booking, string who, bool acceptsOverlap)
    {
        var substitute = Model.OwnPool(who) == "external"
            ? Substitute.OfExternal(new ExternalPerson(who, $"{who}@example.org", "Aalborg Kommune", "da"))
            : Substitute.OfEmployee($"{who}@example.org")!;
        await database.Get<SubstitutePerson>().RunAsync(
            new SubstituteRequest(await FindBookingAsync(run, booking), BookingScope.All, Hr, substitute, acceptsOverlap), CancellationToken.None);
    }

    public async Task MoveAsync(string run, ModelBooking booking, string target, bool acceptsOverlap) => await database.Get<MoveBooking>().RunAsync(
        new MoveRequest(await FindBookingAsync(run, booking), target, BookingScope.All, Hr, AcceptsLate: true, acceptsOverlap), CancellationToken.None);

    public Task ProposeAsync(ModelSwap swap) => database.Get<ProposeSwap>().RunAsync(
        new ProposeRequest
        {
            FromDepartmentId = _ids[swap.From],
            ToDepartmentId = _ids[swap.To],
            OfferedRun = swap.Offered.Run.Code,
            OfferedSeats = swap.OfferedSeats,
            WantedRun = swap.Wanted?.Run.Code,
            WantedSeats = swap.WantedSeats,
            Actor = SecretaryOf(swap.From),
        },
        CancellationToken.None);

    /// <param name="number">Which of the proposals that nobody has answered.</param>
    /// <param name="department">Who answers.</param>
    /// <param name="answer">What.</param>
    public async Task AnswerSwapAsync(int number, string department, SwapAnswer answer)
    {
        var swap = await database.Data.ScalarAsync<Guid>(
            "select reference from seat_swaps where status = 'proposed' order by swap_id offset @number limit 1", new { number });
        await database.Get<AnswerSwap>().RunAsync(new AnswerSwapRequest(swap, answer, SecretaryOf(department)), CancellationToken.None);
    }

    public async Task DecideAsync(string run, string who, bool isApproved)
    {
        var token = LinkToken.Create();
        await database.Data.ExecuteAsync(
            """
            insert into links (token_hash, purpose, approval_id, created_at, expires_at)
            select @hash, 'approval.decide', approval_id, now(), now()
            from approvals join bookings using (booking_id) join people using (person_id)
            where bookings.run_id = @run and people.name = @who and approvals.status = 'pending'
            """,
            new { hash = LinkToken.Hash(token), run = _ids[run], who });
        await database.Get<DecideApproval>().RunAsync(token, isApproved, CancellationToken.None);
    }

    public Task CancelRunAsync(string run) =>
        database.Get<CancelRun>().RunAsync(new CancelRunRequest(_ids[run], "Aflyst", Hr), CancellationToken.None);

    public async Task PostponeAsync(string code, int days)
    {
        var run = (await database.Get<HrRunRepository>().FindAsync(code, CancellationToken.None))!;
        var moves = run.Sessions.Select(session => new SessionMove(
            session.SessionId, Model.AfterDays(session.StartsAt, days), Model.AfterDays(session.EndsAt, days)));
        await database.Get<PostponeRun>().RunAsync(
            new PostponeRequest(_ids[code], new PostponeWish([.. moves], RunPlace.Of(run), new Dictionary<RunDeadline, DateTimeOffset>()), Hr),
            CancellationToken.None);
    }
}
