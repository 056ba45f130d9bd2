using Booking.Data.Bookings;
using Booking.Data.Swaps;
using Booking.DatabaseTests.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Swaps;

/// <summary>Swaps against each other and against reservations, 32 at once, and what happens without the guards.</summary>
public sealed class SwapRaceTests : IAsyncLifetime
{
    private const int Contenders = 32;
    private SwapCase _case = null!;

    private TestData Data => _case.Data;

    public async ValueTask InitializeAsync() => _case = await SwapCase.CreateAsync(seats: Contenders);

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task One_proposal_accepted_thirty_two_times_at_once_moves_the_seats_once()
    {
        await _case.ProposeAsync(1);
        var reference = await _case.ReferenceAsync();
        var answer = _case.Database.Get<AnswerSwap>();

        var outcomes = await Race.RunAsync(Contenders, _ => AcceptAsync(answer, reference));

        Assert.Single(outcomes, SwapOutcome.Accepted);
        Assert.Equal(("A31 B1", "A1 B31"), (await _case.SeatsAsync(_case.X), await _case.SeatsAsync(_case.Y)));
        Assert.Equal(2, await Data.ScalarAsync<long>("select count(*) from seat_transfers"));
    }

    [Fact]
    public async Task Negative_control_without_the_decision_as_guard_the_seats_move_again_and_again()
    {
        await _case.ProposeAsync(1);

        // All look whether the proposal is open before anybody writes: what compare-and-set makes impossible.
        var seen = await Race.RunAsync(Contenders, _ => Data.ScalarAsync<bool>("select status = 'proposed' from seat_swaps"));
        await Race.RunAsync(Contenders, async i =>
        {
            if (seen[i])
            {
                await Data.ExecuteAsync(
                    """
                    update seats set department_id = @B where (run_id, number) in (
                        select run_id, number from seats where run_id = @X and department_id = @A and status = 'free' limit 1 for update skip locked);
                    update seat_swaps set status = 'accepted', decided_by = 'naive', decided_at = now()
                    """,
                    new { _case.A, _case.B, _case.X });
            }

            return true;
        });

        Assert.NotEqual("A31 B1", await _case.SeatsAsync(_case.X));
    }

    [Fact]
    public async Task Swapping_and_reserving_at_once_never_gives_a_used_seat_away()
    {
        var reserve = _case.Database.Get<ReserveSeats>();
        var answer = _case.Database.Get<AnswerSwap>();
        var references = await ProposeManyAsync(16);
        var people = await AddPeopleAsync(_case.A, 16);

        var done = await Race.RunAsync(Contenders, async i => i % 2 == 0
            ? await AcceptAsync(answer, references[i / 2]) == SwapOutcome.Accepted
            : (await reserve.RunAsync(
                new ReserveRequest(_case.X, _case.A, [people[i / 2]], _case.SecretaryOf(_case.A)), CancellationToken.None))[0].Outcome == ReserveOutcome.Booked);

        var booked = done.Where((_, i) => i % 2 == 1).Count(ok => ok);
        var given = 2 * done.Where((_, i) => i % 2 == 0).Count(ok => ok);
        Assert.True(booked + given <= Contenders, $"{booked} booked and {given} given of {Contenders}.");
        Assert.Equal(given, await Data.ScalarAsync<long>("select count(*) from seats where run_id = @X and department_id = @B", new { _case.X, _case.B }));
        // Every booked seat is still its own department's.
        Assert.Equal(0, await WronglyGivenAsync());
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task Negative_control_without_the_seat_lock_a_used_seat_is_given_away()
    {
        var people = await AddPeopleAsync(_case.A, Contenders - 1);
        var reserve = _case.Database.Get<ReserveSeats>();

        await Race.BetweenLookAndWriteAsync(
            Contenders,
            () => Data.QueryAsync<int>("select number from seats where run_id = @X and department_id = @A and status = 'free'", new { _case.X, _case.A }),
            i => reserve.RunAsync(new ReserveRequest(_case.X, _case.A, [people[i]], _case.SecretaryOf(_case.A)), CancellationToken.None),
            free => Data.ExecuteAsync(
                "update seats set department_id = @B where run_id = @X and number = any(@given)",
                new { _case.B, _case.X, given = free.Take(2).ToArray() }));

        Assert.True(await WronglyGivenAsync() > 0, "The race harness does not reach the race.");
    }

    [Fact]
    public async Task Swaps_of_the_same_two_runs_in_opposite_directions_do_not_wait_in_a_circle()
    {
        await Data.AddSeatsAsync(_case.X, Contenders, _case.B);
        await Data.AddSeatsAsync(_case.Y, Contenders, _case.A);
        var answer = _case.Database.Get<AnswerSwap>();
        var references = new List<Guid>();
        for (var i = 0; i < Contenders; i++)
        {
            await _case.ProposeAsync(1, i % 2 == 0 ? "Y-1" : "X-1", 1, i % 2 == 0 ? "X-1" : "Y-1");
            references.Add(await _case.ReferenceAsync());
        }

        var outcomes = await Race.RunAsync(Contenders, i => AcceptAsync(answer, references[i]));

        Assert.All(outcomes, outcome => Assert.Equal(SwapOutcome.Accepted, outcome));
        Assert.Equal(("A32 B32", "A32 B32"), (await _case.SeatsAsync(_case.X), await _case.SeatsAsync(_case.Y)));
    }

    private Task<SwapOutcome> AcceptAsync(AnswerSwap answer, Guid reference) =>
        answer.RunAsync(new AnswerSwapRequest(reference, SwapAnswer.Accept, _case.SecretaryOf(_case.B)), CancellationToken.None);

    private async Task<IReadOnlyList<Guid>> ProposeManyAsync(int count)
    {
        var references = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            await _case.ProposeAsync(2, wantedRun: null, wanted: 0);
            references.Add(await _case.ReferenceAsync());
        }

        return references;
    }

    private async Task<IReadOnlyList<long>> AddPeopleAsync(long department, int count)
    {
        var people = new List<long>();
        for (var i = 0; i < count; i++)
        {
            people.Add(await Data.AddEmployeeAsync(department));
        }

        return people;
    }

    private Task<long> WronglyGivenAsync() => Data.ScalarAsync<long>(
        """
        select count(*) from bookings b join seats s on s.run_id = b.run_id and s.number = b.seat_number
        where b.status <> 'cancelled' and b.pool = 'department' and s.department_id is distinct from b.department_id
        """);
}
