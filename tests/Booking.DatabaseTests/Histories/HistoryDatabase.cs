using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Swaps;
using Booking.Data.WaitingLists;
using Booking.DatabaseTests.Bookings;
using Booking.TestSupport;

namespace Booking.DatabaseTests.Histories;

/// <summary>The product's side of a history: the same steps through the use cases, and the same description of what came of them.</summary>
internal sealed partial class HistoryDatabase(TestDatabase database)
{
    private static readonly Actor Secretary = Actor.System("history");
    private Dictionary<string, long> _ids = [];

    /// <returns>The times of the runs, in their order.</returns>
    public async Task<IReadOnlyList<HistoryTimes>> ReadAsync()
    {
        var runs = await database.Data.QueryAsync<HistoryTimes>("select * from runs order by run_id");
        var people = await database.Data.QueryAsync<IdRow>("select name, person_id as id from people union all select code, department_id from departments");
        _ids = runs.Select(run => new IdRow { Name = run.Code, Id = run.RunId }).Concat(people).ToDictionary(row => row.Name, row => row.Id);
        return runs;
    }

    public Task ReserveAsync(string run, IReadOnlyList<string> people, bool acceptsOverlap) => database.Get<ReserveSeats>().RunAsync(
        new ReserveRequest(_ids[run], _ids[people[0][..1]], [.. people.Select(person => _ids[person])], SecretaryOf(people[0][..1]), acceptsOverlap),
        CancellationToken.None);

    public async Task CancelAsync(string run, ModelBooking booking) => await database.Get<CancelBooking>().RunAsync(
        new CancelRequest(await FindBookingAsync(run, booking), BookingScope.All, Secretary, AcceptsLate: true), CancellationToken.None);

    public Task SignUpAsync(string run, string who, bool acceptsWaiting) => database.Get<SignUp>().RunAsync(
        SignUps.Request(_ids[run], $"{who}@example.org") with { Name = who, AcceptsWaiting = acceptsWaiting }, CancellationToken.None);

    public async Task ConfirmAsync(string run, string who, bool acceptsOverlap)
    {
        var token = LinkToken.Create();
        await database.Data.ExecuteAsync(
            """
            insert into links (token_hash, purpose, sign_up_id, created_at, expires_at)
            select @hash, 'sign_up.confirm', max(sign_up_id), now(), now()
            from sign_ups where run_id = @run and email = @email having count(*) > 0
            """,
            new { hash = LinkToken.Hash(token), run = _ids[run], email = $"{who}@example.org" });
        await database.Get<ConfirmSignUp>().RunAsync(new ConfirmRequest(token, acceptsOverlap), CancellationToken.None);
    }

    public Task JoinAsync(string run, string person) => database.Get<JoinWaitingList>().RunAsync(
        new JoinRequest(_ids[run], _ids[person[..1]], _ids[person], SecretaryOf(person[..1])), CancellationToken.None);

    public async Task AnswerAsync(string run, string who, WaitingListAnswer answer)
    {
        var entry = await database.Data.ScalarAsync<Guid>(
            """
            select reference from waiting_list_entries join people using (person_id)
            where run_id = @run and name = @who and status in ('waiting', 'offered')
            """,
            new { run = _ids[run], who });
        await database.Get<AnswerOffer>().RunAsync(
            new AnswerRequest(entry, EntryScope.All, Secretary, answer, AcceptsOverlap: true), CancellationToken.None);
    }

    /// <returns>The pools of the new seats.</returns>
    public async Task<IReadOnlyList<string>> RaiseAsync(string run, int seats)
    {
        var last = await database.Data.ScalarAsync<int>("select max(number) from seats where run_id = @run", new { run = _ids[run] });
        await using (var connection = await database.DataSource.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await database.Get<AddSeats>().RunAsync(transaction, new SeatsToAdd(_ids[run], seats), Secretary, CancellationToken.None);
            await transaction.CommitAsync();
        }

        return await database.Data.QueryAsync<string>(
            "select coalesce(code, pool) from seats left join departments using (department_id) where run_id = @run and number > @last",
            new { run = _ids[run], last });
    }

    /// <summary>What runs every minute.</summary>
    public async Task SweepAsync()
    {
        await database.Get<ExpireSignUps>().RunAsync(CancellationToken.None);
        await database.Get<ExpireHeldSeats>().RunAsync(CancellationToken.None);
        await database.Get<DecideApproval>().ExpireAsync(CancellationToken.None);
        await database.Get<ReleaseSeats>().RunAsync(CancellationToken.None);
        await database.Get<SweepWaitingLists>().RunAsync(CancellationToken.None);
        await database.Get<ExpireSwaps>().RunAsync(CancellationToken.None);
    }

    /// <summary>Times, free seats, live bookings and the list of each run, and the proposals, as <see cref="Model.Describe()"/> says it of the model.</summary>
    public async Task<string> DescribeAsync() => string.Join('\n', await database.Data.QueryAsync<string>(Description));

    private const string Description =
        """
        with free as (
            select seats.run_id, coalesce(departments.code, seats.pool) as pool, count(*) as seats
            from seats left join departments using (department_id)
            where seats.status = 'free'
            group by 1, 2),
        lines as (
            select run_id, 0 as part, null::bigint as place,
                concat_ws(' ', code, status, said(starts_at), 'closes', said(sign_up_closes_at),
                    'deadline', said(cancellation_deadline_at), 'release', said(release_at)) as line
            from runs
            union all
            select run_id, 1, null,
                runs.code || ' free: ' || coalesce(string_agg(pool || '=' || seats, ' ' order by pool collate "C"), '')
            from runs left join free using (run_id)
            group by run_id
            union all
            select bookings.run_id, 2, null, concat_ws(' ', runs.code,
                coalesce(people.name, sign_ups.name, departments.code || '?'), 'has',
                case bookings.pool when 'department' then departments.code else bookings.pool end,
                case when bookings.status = 'held' then bookings.held_for else '' end, said(bookings.held_until))
            from bookings
            join runs using (run_id)
            left join people using (person_id)
            left join sign_ups on sign_ups.booking_id = bookings.booking_id
            left join departments on departments.department_id = bookings.department_id
            where bookings.status <> 'cancelled'
            union all
            select entries.run_id, 3, place, concat_ws(' ', runs.code, place, people.name,
                case when entries.status = 'offered' then said(offer_expires_at) else '' end)
            from (
                select *, row_number() over (partition by run_id order by entry_id) as place
                from waiting_list_entries where status in ('waiting', 'offered')) as entries
            join runs using (run_id)
            join people using (person_id)
            union all
            select null, 4, swap_id, concat_ws(' ', 'swap', proposer.code, offered.code, offered_seats, asked.code,
                coalesce(wanted.code, ''), wanted_seats, 'until', said(expires_at))
            from seat_swaps
            join departments proposer on proposer.department_id = from_department_id
            join departments asked on asked.department_id = to_department_id
            join runs offered on offered.run_id = offered_run_id
            left join runs wanted on wanted.run_id = wanted_run_id
            where seat_swaps.status = 'proposed')
        select line from lines order by run_id nulls last, part, place, line collate "C"
        """;

    private static Actor SecretaryOf(long department) =>
        new() { Name = "secretary@example.org", Role = ActorRoles.Secretary, DepartmentIds = [department] };

    private Actor SecretaryOf(string department) => SecretaryOf(_ids[department]);

    private Task<Guid> FindBookingAsync(string run, ModelBooking booking) => database.Data.ScalarAsync<Guid>(
        """
        select bookings.reference
        from bookings left join people using (person_id) left join sign_ups using (booking_id)
        left join departments on departments.department_id = bookings.department_id
        where bookings.run_id = @run and bookings.status <> 'cancelled'
            and coalesce(people.name, sign_ups.name, departments.code || '?') = @Who
            and (bookings.status = 'held' and bookings.held_for = 'sign_up') = (@HeldFor = 'sign_up')
            and (bookings.held_for is distinct from 'name' or bookings.status <> 'held'
                or (case bookings.pool when 'department' then departments.code else bookings.pool end = @Pool and bookings.held_until = @Until))
        order by bookings.booking_id
        limit 1
        """,
        new { run = _ids[run], booking.Who, booking.HeldFor, booking.Pool, booking.Until });

    private sealed record IdRow
    {
        public required string Name { get; init; }

        public required long Id { get; init; }
    }
}
