using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.WaitingLists;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.WaitingLists;

/// <summary>What a place number counts, who sees which entry, and what stands in the way of a seat.</summary>
public sealed class WaitingPlaceTests : IAsyncLifetime
{
    private WaitingListCase _case = null!;

    private WaitingPlaceRepository Places => _case.Database.Get<WaitingPlaceRepository>();

    public async ValueTask InitializeAsync() => _case = await WaitingListCase.CreateAsync();

    public async ValueTask DisposeAsync() => await _case.DisposeAsync();

    [Fact]
    public async Task Place_counts_the_own_list_and_everybody()
    {
        await _case.JoinAsync(_case.B);
        await _case.JoinAsync(_case.A);
        var last = await _case.JoinAsync(_case.A);

        var place = await PlaceAsync(last);

        Assert.Equal((2, 2, 3, 3), (place.OwnPlace, place.OwnWaiting, place.PlaceOfAll, place.AllWaiting));
    }

    [Fact]
    public async Task Place_moves_up_when_somebody_ahead_gets_an_offer_withdraws_or_leaves()
    {
        await _case.JoinAsync(_case.A);
        var withdraws = await _case.JoinAsync(_case.A);
        var leaves = await _case.JoinAsync(_case.A);
        var last = await _case.JoinAsync(_case.A);
        Assert.Equal(4, (await PlaceAsync(last)).OwnPlace);

        await _case.CancelAsync(_case.BookedOfA);
        Assert.Equal(3, (await PlaceAsync(last)).OwnPlace);
        await _case.AnswerAsync(withdraws, WaitingListAnswer.Withdraw);
        Assert.Equal(2, (await PlaceAsync(last)).OwnPlace);
        await _case.Data.ExecuteAsync("update people set is_active = false where person_id = @Person", new { leaves.Person });

        var place = await PlaceAsync(last);
        Assert.Equal((1, 1, 1, 1), (place.OwnPlace, place.OwnWaiting, place.PlaceOfAll, place.AllWaiting));
        Assert.False((await PlaceAsync(leaves)).IsActive);
    }

    [Fact]
    public async Task Entries_are_seen_by_their_scope_only()
    {
        var own = await _case.JoinAsync(_case.A);
        var other = await _case.JoinAsync(_case.B);
        var secretary = EntryScope.Of(null, [_case.A]);

        Assert.Equal([own.Person], (await Places.ListLiveAsync(secretary, null, default)).Select(place => place.PersonId));
        Assert.Equal([own.Person, other.Person], (await Places.ListLiveAsync(EntryScope.All, _case.Run, default)).Select(place => place.PersonId));
        Assert.Empty(await Places.ListLiveAsync(EntryScope.Of(null, []), null, default));
        Assert.Empty(await Places.ListLiveAsync(secretary, _case.Run + 1, default));
        Assert.Null(await Places.FindAsync(other.Result.Entry!.Value, secretary, default));
        Assert.NotNull(await Places.FindAsync(other.Result.Entry!.Value, EntryScope.Of(other.Person, []), default));
    }

    [Fact]
    public async Task Link_leads_to_its_entry_until_it_expires_or_is_revoked()
    {
        var own = await _case.JoinAsync(_case.A);
        var (hash, now) = (LinkToken.Hash("secret"), _case.Database.Clock.GetUtcNow());
        await _case.Data.ExecuteAsync(
            """
            insert into links (token_hash, purpose, entry_id, created_at, expires_at)
            select @hash, 'waiting_list.entry', entry_id, @now, @now + interval '1 day' from waiting_list_entries
            """,
            new { hash, now });

        Assert.Equal(own.Person, (await Places.FindByTokenAsync(hash, now, default))!.PersonId);
        Assert.Null(await Places.FindByTokenAsync(hash, now.AddDays(2), default));
        Assert.Null(await Places.FindByTokenAsync(LinkToken.Hash("other"), now, default));
        await _case.Data.ExecuteAsync("update links set revoked_at = @now", new { now });
        Assert.Null(await Places.FindByTokenAsync(hash, now, default));
    }

    [Fact]
    public async Task Explanation_names_the_own_departments_people_and_nobody_elses()
    {
        var waiter = await _case.JoinAsync(_case.A);
        await _case.Data.AddSeatsAsync(_case.Run, 2, _case.B);

        var seats = await ExplainAsync(waiter);
        var withoutNames = await ExplainAsync(waiter, withNames: false);

        var name = await _case.Data.ScalarAsync<string>(
            "select name from people join bookings using (person_id) where reference = @BookedOfA", new { _case.BookedOfA });
        Assert.Equal(name, Assert.Single(seats.OwnTaken).Name);
        Assert.Null(Assert.Single(withoutNames.OwnTaken).Name);
        Assert.Equal((0, 2, 1, 0), (seats.OwnFree, seats.OthersUnused, seats.OthersDepartments, seats.OpenTaken));
    }

    [Fact]
    public async Task Explanation_says_until_when_seats_are_only_held()
    {
        var first = await _case.JoinAsync(_case.A);
        var waiter = await _case.JoinAsync(_case.A);
        await _case.CancelAsync(_case.BookedOfA);

        var seat = Assert.Single((await ExplainAsync(waiter)).OwnTaken);

        Assert.Equal(("held", HeldFor.Offer), (seat.Status, seat.HeldFor));
        Assert.Equal((await PlaceAsync(first)).OfferExpiresAt, seat.HeldUntil);
    }

    [Fact]
    public async Task Explanation_after_the_release_speaks_of_open_seats()
    {
        await _case.Data.AddSeatsAsync(_case.Run, 1, _case.B);
        await _case.Data.AddSeatsAsync(_case.Run, 1, pool: "external");
        var waiter = await _case.JoinAsync(_case.A);
        Assert.Equal((1, 1), ((await ExplainAsync(waiter)).OthersUnused, (await ExplainAsync(waiter)).ExternalUnused));
        var next = await _case.JoinAsync(_case.A);
        var last = await _case.JoinAsync(_case.A);

        _case.Database.Clock.Advance(TimeSpan.FromDays(26));
        await _case.Database.Get<ReleaseSeats>().RunAsync(CancellationToken.None);

        var seats = await ExplainAsync(last);
        Assert.Equal("offered", await _case.StatusAsync(next.Person));
        Assert.Equal((0, 0, 2, 2), (seats.OthersUnused, seats.ExternalUnused, seats.OpenTaken, seats.OpenHeld));
        Assert.Equal((await PlaceAsync(waiter)).OfferExpiresAt, seats.OpenHeldUntil);
    }

    [Fact]
    public async Task Pasted_lines_join_in_their_order_each_with_its_own_outcome()
    {
        foreach (var (name, email) in new[] { ("Bo Bæk", "bo@example.org"), ("Åse Ærø", "aase@example.org"), ("Bo Bæk", "bo2@example.org") })
        {
            await _case.Data.AddEmployeeAsync(_case.A, name, email);
        }

        await _case.Data.AddEmployeeAsync(_case.B, "Frede Fremmed", "fremmed@example.org");

        var results = await _case.Database.Get<JoinLines>().RunAsync(
            _case.Run,
            _case.A,
            PastedLine.Parse("Åse Ærø\nbo@example.org\nBo Bæk\nfremmed@example.org\naase@example.org"),
            _case.SecretaryOf(_case.A),
            CancellationToken.None);

        Assert.Equal(
            [WaitingLineOutcome.Joined, WaitingLineOutcome.Joined, WaitingLineOutcome.Ambiguous, WaitingLineOutcome.NotFound, WaitingLineOutcome.Repeated],
            results.Select(result => result.Outcome));
        Assert.Equal(
            ["aase@example.org", "bo@example.org"],
            await _case.Data.QueryAsync<string>("select email from waiting_list_entries join people using (person_id) order by entry_id"));
    }

    [Fact]
    public async Task Whoever_is_elsewhere_at_that_time_is_asked_before_a_free_seat_is_booked()
    {
        await _case.Data.AddSeatsAsync(_case.Run, 1, _case.A);
        var person = await _case.Data.AddEmployeeAsync(_case.A);
        await _case.BookElsewhereAsync(person, _case.A);

        var joined = await _case.JoinAsync(_case.A, person);

        Assert.Equal(JoinOutcome.Joined, joined.Result.Outcome);
        Assert.Equal("offered", await _case.StatusAsync(person));
    }

    [Theory]
    [InlineData("book", 8, WaitingListRuleOutcome.Changed, 1)]
    [InlineData("offer", 16, WaitingListRuleOutcome.Unchanged, 0)]
    [InlineData("lottery", 8, WaitingListRuleOutcome.Invalid, 0)]
    [InlineData("offer", 0, WaitingListRuleOutcome.Invalid, 0)]
    [InlineData("offer", 401, WaitingListRuleOutcome.Invalid, 0)]
    public async Task Rule_of_a_run_is_changed_within_its_bounds_and_recorded(string mode, int hours, WaitingListRuleOutcome expected, int trail)
    {
        var outcome = await _case.Database.Get<ChangeWaitingListRule>().RunAsync(
            new WaitingListRuleRequest(_case.Run, mode, hours, new Actor { Name = "hr@example.org", Role = ActorRoles.Hr }), default);

        Assert.Equal(expected, outcome);
        Assert.Equal(trail, await _case.Data.ScalarAsync<long>("select count(*) from audit_entries where action = 'waiting_list.rule_changed'"));
        Assert.Equal(
            expected is WaitingListRuleOutcome.Changed ? $"{mode} {hours}" : "offer 16",
            await _case.Data.ScalarAsync<string>("select waiting_list_mode || ' ' || offer_working_hours from runs where run_id = @Run", new { _case.Run }));
    }

    private async Task<WaitingPlace> PlaceAsync(Waiter waiter) =>
        (await Places.FindAsync(waiter.Result.Entry!.Value, EntryScope.All, default))!;

    private async Task<WaitingExplanation> ExplainAsync(Waiter waiter, bool withNames = true) =>
        await _case.Database.Get<WaitingExplanationRepository>().ExplainAsync(await PlaceAsync(waiter), withNames, default);
}
