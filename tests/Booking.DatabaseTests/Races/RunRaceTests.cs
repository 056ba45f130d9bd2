using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.Data.Runs;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Races;

/// <summary>HR cancels or shrinks a run while its seats are booked. Each race with its negative control.</summary>
public sealed class RunRaceTests
{
    private static readonly Actor Hr = Actor.System("hr");

    [Fact]
    public async Task Cancelling_a_run_while_it_is_booked_and_waited_for_leaves_nobody_on_it()
    {
        await using var ground = await RaceGround.CreateAsync(20);
        var booked = await ground.AddBookedAsync(12);
        var people = await ground.AddPeopleAsync(RaceGround.Contenders);

        await Race.RunAsync<object>(RaceGround.Contenders, async i => (i % 8) switch
        {
            0 => await CancelRunAsync(ground),
            1 or 2 => await ground.CancelAsync(booked[i % 12]),
            3 or 4 => await ground.JoinAsync(people[i]),
            _ => await ground.ReserveAsync(people[i]),
        });

        await Invariants.AssertHoldAsync(ground.Database);
        Assert.Equal(0, await ground.CountAsync("bookings where status <> 'cancelled'"));
        Assert.Equal(0, await ground.CountAsync("waiting_list_entries where status in ('waiting', 'offered')"));
        Assert.Equal(1, await ground.CountAsync("audit_entries where action = 'run.cancelled'"));
    }

    [Fact]
    public async Task Negative_control_cancelling_the_bookings_that_were_read_before_leaves_later_ones_on_the_run()
    {
        await using var ground = await RaceGround.CreateAsync(RaceGround.Contenders);
        await ground.AddBookedAsync(4);
        var people = await ground.AddPeopleAsync(RaceGround.Contenders - 1);

        await Race.BetweenLookAndWriteAsync(
            RaceGround.Contenders,
            () => ground.Data.QueryAsync<long>("select booking_id from bookings"),
            i => ground.ReserveAsync(people[i]),
            read => ground.NaivelyAsync(
                """
                update bookings set status = 'cancelled', cancelled_at = now() where booking_id = any(@read);
                update seats set status = 'closed' where run_id = @Run;
                update runs set status = 'cancelled' where run_id = @Run
                """,
                new { read = read.ToArray(), ground.Run }));

        var broken = await Invariants.BrokenAsync(ground.Database);
        Assert.Contains("booking.run_over", broken);
        Assert.Contains("seat.free_with_booking", broken);
    }

    [Fact]
    public async Task Lowering_the_capacity_while_it_is_booked_takes_nobodys_seat_away()
    {
        await using var ground = await RaceGround.CreateAsync(24, daysFromNow: 36);
        ground.Database.Clock.Advance(TimeSpan.FromDays(2));
        await ground.Database.Get<ReleaseSeats>().RunAsync(CancellationToken.None);
        var people = await ground.AddPeopleAsync(RaceGround.Contenders);

        await Race.RunAsync<object>(RaceGround.Contenders, async i => i % 2 == 0 ? await LowerAsync(ground) : await ground.ReserveAsync(people[i]));

        await Invariants.AssertHoldAsync(ground.Database);
        Assert.InRange(await ground.Data.ScalarAsync<int>("select capacity from runs"), 1, 23);
    }

    [Fact]
    public async Task Negative_control_closing_the_seats_that_were_free_before_closes_booked_ones()
    {
        await using var ground = await RaceGround.CreateAsync(RaceGround.Contenders);
        var people = await ground.AddPeopleAsync(RaceGround.Contenders - 1);

        await Race.BetweenLookAndWriteAsync(
            RaceGround.Contenders,
            () => ground.Data.QueryAsync<int>("select number from seats where status = 'free' order by number limit 8"),
            i => ground.ReserveAsync(people[i]),
            free => ground.NaivelyAsync(
                """
                update seats set status = 'closed' where run_id = @Run and number = any(@free);
                update runs set capacity = capacity - cardinality(@free) where run_id = @Run
                """,
                new { ground.Run, free = free.ToArray() }));

        Assert.Contains("seat.free_with_booking", await Invariants.BrokenAsync(ground.Database));
    }

    [Fact]
    public async Task Moving_a_run_while_it_is_booked_leaves_nobody_with_the_old_time()
    {
        await using var ground = await RaceGround.CreateAsync(RaceGround.Contenders);
        await ground.AddBookedAsync(4);
        var people = await ground.AddPeopleAsync(RaceGround.Contenders);

        var told = await Race.RunAsync<IReadOnlyList<ToldSession>>(RaceGround.Contenders, async i =>
        {
            if (i % 8 == 0)
            {
                await PostponeAsync(ground, days: 1 + (i / 8));
                return [];
            }

            await ground.ReserveAsync(people[i]);
            return await ToldAsync(ground, people[i]);
        });

        await Invariants.AssertHoldAsync(ground.Database);
        Assert.Equal(RaceGround.Contenders, await ground.CountAsync("bookings where status = 'booked'"));
        Assert.Empty(await StaleAsync(ground, told));
    }

    [Fact]
    public async Task Negative_control_moving_a_run_for_the_people_who_were_read_before_leaves_later_ones_with_the_old_time()
    {
        await using var ground = await RaceGround.CreateAsync(RaceGround.Contenders);
        var people = await ground.AddPeopleAsync(RaceGround.Contenders - 1);
        var told = new IReadOnlyList<ToldSession>[people.Length];

        await Race.BetweenLookAndWriteAsync(
            RaceGround.Contenders,
            () => ground.Data.QueryAsync<long>("select booking_id from bookings"),
            async i =>
            {
                await ground.ReserveAsync(people[i]);
                told[i] = await ToldAsync(ground, people[i]);
            },
            read => ground.NaivelyAsync(
                """
                update sessions set starts_at = starts_at + interval '1 day', ends_at = ends_at + interval '1 day' where run_id = @Run;
                update invitations set sequence = sequence + 1 where booking_id = any(@read)
                """,
                new { ground.Run, read = read.ToArray() }));

        Assert.Equal(2 * people.Length, (await StaleAsync(ground, told)).Count);
    }

    /// <summary>What a mail that leaves at once puts into a person's calendar.</summary>
    private static Task<IReadOnlyList<ToldSession>> ToldAsync(RaceGround ground, long person) => ground.Data.QueryAsync<ToldSession>(
        """
        select booking_id, session_id, invitations.sequence, starts_at
        from invitations join sessions using (session_id) join bookings using (booking_id)
        where bookings.person_id = @person and invitations.status = 'active'
        """,
        new { person });

    /// <summary>Whoever was told a time that is not true any more, and will not be told another.</summary>
    private static async Task<IReadOnlyList<ToldSession>> StaleAsync(RaceGround ground, IEnumerable<IReadOnlyList<ToldSession>> told)
    {
        var now = (await ground.Data.QueryAsync<ToldSession>(
            "select booking_id, session_id, invitations.sequence, starts_at from invitations join sessions using (session_id)"))
            .ToDictionary(session => (session.BookingId, session.SessionId));
        return [.. told.SelectMany(sessions => sessions).Where(session =>
            now[(session.BookingId, session.SessionId)] is var current
            && current.StartsAt != session.StartsAt && current.Sequence == session.Sequence)];
    }

    private static async Task PostponeAsync(RaceGround ground, int days)
    {
        var code = await ground.Data.ScalarAsync<string>("select code from runs");
        PostponeResult result;
        do
        {
            var run = (await ground.Database.Get<HrRunRepository>().FindAsync(code, CancellationToken.None))!;
            var moves = run.Sessions.Select(session => new SessionMove(session.SessionId, session.StartsAt.AddDays(days), session.EndsAt.AddDays(days)));
            var wish = new PostponeWish([.. moves], RunPlace.Of(run), new Dictionary<RunDeadline, DateTimeOffset>());
            result = await ground.Database.Get<PostponeRun>().RunAsync(new PostponeRequest(ground.Run, wish, Hr), CancellationToken.None);
        }
        while (result.Outcome == PostponeOutcome.Busy);
        Assert.Equal(PostponeOutcome.Moved, result.Outcome);
    }

    private sealed record ToldSession
    {
        public required long BookingId { get; init; }

        public required long SessionId { get; init; }

        public required int Sequence { get; init; }

        public required DateTimeOffset StartsAt { get; init; }
    }

    private static async Task<CancelRunOutcome> CancelRunAsync(RaceGround ground)
    {
        CancelRunResult result;
        do
        {
            result = await ground.Database.Get<CancelRun>().RunAsync(new CancelRunRequest(ground.Run, "Sygdom", Hr), CancellationToken.None);
        }
        while (result.Outcome == CancelRunOutcome.Busy);
        return result.Outcome;
    }

    private static async Task<ChangeCapacityOutcome> LowerAsync(RaceGround ground)
    {
        var capacity = await ground.Data.ScalarAsync<int>("select capacity from runs");
        var result = await ground.Database.Get<ChangeCapacity>().RunAsync(
            new ChangeCapacityRequest(ground.Run, capacity, capacity - 1, AlsoExternal: false, Hr), CancellationToken.None);
        return result.Outcome;
    }
}
