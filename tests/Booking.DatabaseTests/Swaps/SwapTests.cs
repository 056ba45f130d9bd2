using Booking.Data.Allotments;
using Booking.Data.Swaps;
using Booking.DatabaseTests.Bookings;
using Booking.DatabaseTests.Outbox;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Swaps;

public sealed class SwapTests : IAsyncLifetime
{
    private SwapCase _case = null!;

    private TestData Data => _case.Data;

    public async ValueTask InitializeAsync() => _case = await SwapCase.CreateAsync();

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Accepted_swap_moves_free_seats_both_ways_with_a_row_for_each()
    {
        Assert.Equal(ProposeOutcome.Proposed, await _case.ProposeAsync());
        Assert.Equal(("A3", "B3"), (await _case.SeatsAsync(_case.X), await _case.SeatsAsync(_case.Y)));

        Assert.Equal(SwapOutcome.Accepted, await _case.AnswerAsync(SwapAnswer.Accept));

        Assert.Equal(("A1 B2", "A1 B2"), (await _case.SeatsAsync(_case.X), await _case.SeatsAsync(_case.Y)));
        Assert.Equal(
            [$"{_case.X} {_case.A} {_case.B} 2 swap", $"{_case.Y} {_case.B} {_case.A} 1 swap"],
            await Data.QueryAsync<string>(
                "select concat_ws(' ', run_id, from_department_id, to_department_id, seats, kind) from seat_transfers order by transfer_id"));
        Assert.Equal(SwapOutcome.AlreadyDecided, await _case.AnswerAsync(SwapAnswer.Accept));
        Assert.Equal(SwapOutcome.AlreadyDecided, await _case.AnswerAsync(SwapAnswer.Withdraw, _case.A));
        Assert.Equal(2, await Data.ScalarAsync<long>("select count(*) from audit_entries where action = 'swap.accepted'"));
    }

    [Fact]
    public async Task Seats_can_be_given_for_nothing()
    {
        Assert.Equal(ProposeOutcome.Proposed, await _case.ProposeAsync(3, wantedRun: null, wanted: 0));
        Assert.Equal(SwapOutcome.Accepted, await _case.AnswerAsync(SwapAnswer.Accept));

        Assert.Equal(("B3", "B3"), (await _case.SeatsAsync(_case.X), await _case.SeatsAsync(_case.Y)));
        Assert.Equal(1, await Data.ScalarAsync<long>("select count(*) from seat_transfers"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Seats_that_are_used_meanwhile_change_nothing_and_the_proposal_stands(bool isOffered)
    {
        await _case.ProposeAsync(2, wanted: 2);
        var (run, department) = isOffered ? (_case.X, _case.A) : (_case.Y, _case.B);
        await _case.BookAsync(run, department);
        await _case.BookAsync(run, department);

        Assert.Equal(SwapOutcome.SeatsGone, await _case.AnswerAsync(SwapAnswer.Accept));

        Assert.Equal(("A3", "B3"), (await _case.SeatsAsync(_case.X), await _case.SeatsAsync(_case.Y)));
        Assert.Equal("proposed", await Data.ScalarAsync<string>("select status from seat_swaps"));
        Assert.Equal(0, await Data.ScalarAsync<long>("select count(*) from seat_transfers"));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task Both_waiting_lists_are_served_with_what_came()
    {
        await Data.ExecuteAsync("update runs set waiting_list_mode = 'book'");
        var (ofB, ofA) = (await _case.JoinAsync(_case.X, _case.B), await _case.JoinAsync(_case.Y, _case.A));
        await _case.ProposeAsync();

        await _case.AnswerAsync(SwapAnswer.Accept);

        Assert.Equal(
            new[] { ofB, ofA }.Order(),
            await Data.QueryAsync<long>("select person_id from bookings where status = 'booked' and pool = 'department' order by person_id"));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task Only_who_is_asked_answers_only_who_proposed_takes_it_back_and_nobody_else_sees_it()
    {
        await _case.ProposeAsync();
        var stranger = await Data.AddDepartmentAsync("C", secretary: "sek-c@example.org");

        Assert.Equal(SwapOutcome.NotFound, await _case.AnswerAsync(SwapAnswer.Accept, _case.A));
        Assert.Equal(SwapOutcome.NotFound, await _case.AnswerAsync(SwapAnswer.Decline, _case.A));
        Assert.Equal(SwapOutcome.NotFound, await _case.AnswerAsync(SwapAnswer.Withdraw));
        Assert.Equal(SwapOutcome.NotFound, await _case.AnswerAsync(SwapAnswer.Accept, stranger));
        Assert.Empty(await _case.Database.Get<SwapRepository>().ListAsync([stranger], 10, CancellationToken.None));
        Assert.Single(await _case.Database.Get<SwapRepository>().ListAsync([_case.B], 10, CancellationToken.None));
    }

    [Fact]
    public async Task Proposal_of_what_is_not_there_is_refused()
    {
        Assert.Equal(ProposeOutcome.TooFewOwnSeats, await _case.ProposeAsync(4));
        Assert.Equal(ProposeOutcome.TooFewTheirSeats, await _case.ProposeAsync(1, wanted: 4));
        Assert.Equal(ProposeOutcome.NothingToSwap, await _case.ProposeAsync(0));
        Assert.Equal(ProposeOutcome.NothingToSwap, await _case.ProposeAsync(1, wantedRun: "X-1"));
        Assert.Equal(ProposeOutcome.UnknownDepartment, await _case.ProposeAsync(1, to: _case.A));
        Assert.Equal(ProposeOutcome.UnknownDepartment, await _case.ProposeAsync(1, to: 4711));
        Assert.Equal(ProposeOutcome.OfferedRunClosed, await _case.ProposeAsync(1, offeredRun: "Z-9"));
        await Data.ExecuteAsync("update runs set released_at = now() where code = 'Y-1'");
        Assert.Equal(ProposeOutcome.WantedRunClosed, await _case.ProposeAsync(1));
        Assert.Equal(0, await Data.ScalarAsync<long>("select count(*) from seat_swaps"));
    }

    [Fact]
    public async Task Proposal_ends_at_the_earlier_release_and_the_proposer_is_told()
    {
        await _case.ProposeAsync();
        var release = await Data.ScalarAsync<DateTime>("select min(release_at) from runs");
        Assert.Equal(release, await Data.ScalarAsync<DateTime>("select expires_at from seat_swaps"));
        var expire = _case.Database.Get<ExpireSwaps>();
        Assert.Equal(0, await expire.RunAsync(CancellationToken.None));

        _case.Database.Clock.Set(new DateTimeOffset(release, TimeSpan.Zero));
        Assert.Equal(SwapOutcome.Expired, await _case.AnswerAsync(SwapAnswer.Accept));
        Assert.Equal(1, await expire.RunAsync(CancellationToken.None));
        Assert.Equal(0, await expire.RunAsync(CancellationToken.None));

        Assert.Equal("expired", await Data.ScalarAsync<string>("select status from seat_swaps"));
        Assert.Equal("sek-a@example.org", await Data.ScalarAsync<string>("select recipient_email from outbox where kind = 'swap.answered'"));
        Assert.Equal(SwapOutcome.AlreadyDecided, await _case.AnswerAsync(SwapAnswer.Decline));
    }

    [Fact]
    public async Task Released_seats_are_not_swapped()
    {
        await _case.ProposeAsync();
        await Data.ExecuteAsync("update runs set release_at = @now where code = 'X-1'", new { now = _case.Database.Clock.GetUtcNow() });
        await _case.Database.Get<ReleaseSeats>().RunAsync(CancellationToken.None);

        Assert.Equal(SwapOutcome.Expired, await _case.AnswerAsync(SwapAnswer.Accept));
        Assert.Equal("B3", await _case.SeatsAsync(_case.Y));
    }

    [Theory]
    [InlineData(SwapAnswer.Accept, "Afdeling B har sagt ja", "2 pladser på Ro & nærvær (X-1)")]
    [InlineData(SwapAnswer.Decline, "Afdeling B har sagt nej", "1 plads på Selvskade (Y-1)")]
    public async Task The_other_departments_secretary_is_told_of_the_proposal_and_the_answer(SwapAnswer answer, string sentence, string fact)
    {
        await using var mail = MailCase.Over(_case.Database);
        await _case.ProposeAsync();
        await mail.DeliverAsync();
        Assert.Contains("Afdeling A tilbyder Afdeling B 2 pladser på ét hold mod 1 plads på et andet.", mail.Server.TextTo("sek-b@example.org"), StringComparison.Ordinal);

        await _case.AnswerAsync(answer);
        await mail.DeliverAsync();

        var text = mail.Server.TextTo("sek-a@example.org");
        Assert.Contains(sentence, text, StringComparison.Ordinal);
        Assert.Contains(fact, text, StringComparison.Ordinal);
        Assert.Contains("https://kurser.example.org/swaps", text, StringComparison.Ordinal);
        Assert.DoesNotContain("{", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proposal_taken_back_before_its_mail_left_is_told_as_taken_back_only()
    {
        await using var mail = MailCase.Over(_case.Database);
        await _case.ProposeAsync();
        Assert.Equal(SwapOutcome.Withdrawn, await _case.AnswerAsync(SwapAnswer.Withdraw, _case.A));

        await mail.DeliverAsync();

        Assert.Contains("trukket sit forslag", mail.Server.TextTo("sek-b@example.org"), StringComparison.Ordinal);
        Assert.Equal(
            ["swap.proposed discarded", "swap.withdrawn sent"],
            await Data.QueryAsync<string>("select kind || ' ' || status from outbox order by outbox_id"));
    }
}
