using Booking.Data.WaitingLists;
using Booking.TestSupport;
using Dapper;
using Xunit;

namespace Booking.DatabaseTests.Races;

/// <summary>Who waits and who gets the seat, when everything happens at once. Each race with its negative control.</summary>
public sealed class WaitingListRaceTests
{
    private const int Half = RaceGround.Contenders / 2;

    [Fact]
    public async Task Cancelling_and_joining_at_once_leaves_nobody_beside_a_free_seat()
    {
        await using var ground = await RaceGround.CreateAsync(Half);
        var booked = await ground.AddBookedAsync(Half);
        var people = await ground.AddPeopleAsync(Half);

        await Race.RunAsync<object>(RaceGround.Contenders, async i =>
            i % 2 == 0 ? await ground.CancelAsync(booked[i / 2]) : await ground.JoinAsync(people[i / 2]));
        // Whoever was joining while a seat was given up may have been passed over, and is left to the sweep.
        await ground.SweepAsync();

        await Invariants.AssertHoldAsync(ground.Database);
        // As many seats were given up as people came: all have one, booked at once or offered.
        Assert.Equal(0, await ground.CountAsync("waiting_list_entries where status = 'waiting'"));
        Assert.Equal(Half, await ground.CountAsync("bookings where status in ('booked', 'held')"));
    }

    [Fact]
    public async Task Negative_control_joining_without_the_runs_lock_waits_beside_a_free_seat()
    {
        await using var ground = await RaceGround.CreateAsync(Half);
        var booked = await ground.AddBookedAsync(Half);
        var people = await ground.AddPeopleAsync(Half);
        var looked = new MeetingPoint(RaceGround.Contenders);
        var cancelled = new MeetingPoint(RaceGround.Contenders);

        await Race.RunAsync(RaceGround.Contenders, async i =>
        {
            var isFull = i % 2 == 0 || await ground.CountAsync("seats where status = 'free'") == 0;
            await looked.ArriveAsync();
            if (i % 2 == 0)
            {
                await ground.CancelAsync(booked[i / 2]);
            }

            await cancelled.ArriveAsync();
            if (i % 2 != 0 && isFull)
            {
                await ground.NaivelyAsync(
                    """
                    insert into waiting_list_entries (run_id, person_id, department_id, joined_at, joined_by, source)
                    values (@Run, @person, @Department, @now, 'naive', 'secretary')
                    """,
                    new { ground.Run, person = people[i / 2], ground.Department, now = ground.Database.Clock.GetUtcNow() });
            }

            return true;
        });

        Assert.Equal(["waiting_list.seat_beside"], await Invariants.BrokenAsync(ground.Database));
    }

    [Fact]
    public async Task Many_promotions_at_once_serve_the_first_in_their_order_and_each_once()
    {
        const int Freed = 8;
        await using var ground = await RaceGround.CreateAsync(Freed);
        var booked = await ground.AddBookedAsync(Freed);
        await ground.AddWaitingAsync(Half);

        await Race.RunAsync<object>(RaceGround.Contenders, async i =>
            i % 4 == 0 ? await ground.CancelAsync(booked[i / 4]) : await ground.SweepAsync());

        await Invariants.AssertHoldAsync(ground.Database);
        Assert.Equal(
            string.Concat(Enumerable.Repeat("o", Freed)) + string.Concat(Enumerable.Repeat("w", Half - Freed)),
            await ground.Data.ScalarAsync<string>("select string_agg(left(status, 1), '' order by entry_id) from waiting_list_entries"));
        Assert.Equal(Freed, await ground.CountAsync("outbox where kind = 'waiting_list.offer'"));
        Assert.Equal(0, await ground.CountAsync("audit_entries where action = 'waiting_list.repaired'"));
    }

    [Fact]
    public async Task Negative_control_promoting_without_locks_gives_one_person_several_seats()
    {
        await using var ground = await RaceGround.CreateAsync(1);
        await ground.AddBookedAsync(1);
        await ground.AddWaitingAsync(1);
        await ground.Data.AddSeatsAsync(ground.Run, Half, ground.Department);
        await ground.Data.ExecuteAsync("drop index bookings_live_person");
        var looked = new MeetingPoint(Half);

        await Race.RunAsync(Half, i => ground.NaivelyAsync(async connection =>
        {
            var person = await connection.ExecuteScalarAsync<long>(
                "select person_id from waiting_list_entries where status = 'waiting' order by entry_id limit 1");
            await looked.ArriveAsync();
            return await connection.ExecuteAsync(
                """
                update seats set status = 'taken' where run_id = @Run and number = @number;
                insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
                values (@Run, @number, @person, @Department, 'department', 'booked', 'secretary', 'naive', @now)
                """,
                new { ground.Run, number = i + 2, person, ground.Department, now = ground.Database.Clock.GetUtcNow() });
        }));

        Assert.Contains("booking.person_twice", await Invariants.BrokenAsync(ground.Database));
    }

    [Fact]
    public async Task Offers_accepted_and_expiring_at_once_are_one_or_the_other()
    {
        await using var ground = await OffersAsync();
        var entries = await ground.Data.QueryAsync<Guid>("select reference from waiting_list_entries order by entry_id");
        var firstAccepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var outcomes = await Race.RunAsync(RaceGround.Contenders, async i =>
        {
            if (i < Half)
            {
                var answer = await ground.AnswerAsync(entries[i], WaitingListAnswer.Accept);
                firstAccepted.TrySetResult();
                return answer.Outcome;
            }

            await firstAccepted.Task;
            ground.Database.Clock.Set(await EndOfOffersAsync(ground));
            await ground.SweepAsync();
            return (AnswerOutcome?)null;
        });

        await Invariants.AssertHoldAsync(ground.Database);
        var accepted = outcomes.Count(outcome => outcome is AnswerOutcome.Accepted);
        Assert.InRange(accepted, 1, Half);
        Assert.Equal(Half - accepted, outcomes.Count(outcome => outcome is AnswerOutcome.OfferExpired));
        Assert.Equal(accepted, await ground.CountAsync("bookings where status = 'booked'"));
        Assert.Equal(Half - accepted, await ground.CountAsync("seats where status = 'free'"));
    }

    [Fact]
    public async Task Negative_control_accepting_what_was_read_before_books_a_seat_that_is_free()
    {
        await using var ground = await OffersAsync();
        var looked = new MeetingPoint(Half);
        var expired = new MeetingPoint(Half);
        var offers = await ground.Data.QueryAsync<long>("select booking_id from waiting_list_entries where status = 'offered'");

        await Race.RunAsync(Half, async i =>
        {
            await looked.ArriveAsync();
            if (i == 0)
            {
                ground.Database.Clock.Set(await EndOfOffersAsync(ground));
                await ground.SweepAsync();
            }

            await expired.ArriveAsync();
            await ground.NaivelyAsync(
                "update bookings set status = 'booked', cancelled_at = null, held_until = null where booking_id = @booking", new { booking = offers[i] });
            return true;
        });

        Assert.Contains("seat.free_with_booking", await Invariants.BrokenAsync(ground.Database));
    }

    private static Task<DateTimeOffset> EndOfOffersAsync(RaceGround ground) =>
        ground.Data.ScalarAsync<DateTimeOffset>("select max(offer_expires_at) from waiting_list_entries");

    /// <summary>So many offers as half of the contenders.</summary>
    private static async Task<RaceGround> OffersAsync()
    {
        var ground = await RaceGround.CreateAsync(Half);
        var booked = await ground.AddBookedAsync(Half);
        await ground.AddWaitingAsync(Half);
        foreach (var booking in booked)
        {
            await ground.CancelAsync(booking);
        }

        return ground;
    }
}
