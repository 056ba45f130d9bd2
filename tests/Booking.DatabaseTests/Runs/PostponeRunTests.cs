using Booking.Data.Bookings;
using Booking.Data.Runs;
using Booking.DatabaseTests.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Runs;

/// <summary>A published run is moved. Run H-1 starts on 12 March 2027 at 8.30; summer time begins on 28 March.</summary>
public sealed class PostponeRunTests : IAsyncLifetime
{
    private RunCase _case = null!;

    public async ValueTask InitializeAsync()
    {
        _case = await RunCase.CreateAsync();
        await _case.Data.AddSeatsAsync(_case.Run, 4, _case.A);
        await _case.Data.AddSeatsAsync(_case.Run, 6, pool: "open");
    }

    public async ValueTask DisposeAsync() => await _case.DisposeAsync();

    [Fact]
    public async Task Sessions_and_deadlines_move_and_every_event_is_raised_and_told_once()
    {
        await _case.ReserveAsync(_case.A);
        await _case.ReserveAsync(_case.B);
        var before = await TimesAsync();

        var result = await _case.PostponeAsync(TimeSpan.FromDays(7));

        Assert.Equal((PostponeOutcome.Moved, 2, 4), (result.Outcome, result.People, result.Updates));
        Assert.Equal(before.Select(at => at.AddDays(7)), await TimesAsync());
        Assert.Equal([1, 1, 1, 1], await _case.Data.QueryAsync<int>("select sequence from invitations"));
        Assert.Equal(4, await _case.CountAsync("outbox where key like 'booking.invitation/%/%/1'"));
        Assert.Equal(1, await _case.CountAsync("audit_entries where action = 'run.postponed'"));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task Only_the_session_that_changed_is_told_and_deadlines_stay()
    {
        await _case.ReserveAsync(_case.A);
        var before = await _case.Data.ScalarAsync<DateTimeOffset>("select sign_up_closes_at from runs where run_id = @Run", new { _case.Run });

        var result = await _case.PostponeAsync(TimeSpan.FromHours(1), from: 2);

        Assert.Equal((PostponeOutcome.Moved, 1), (result.Outcome, result.Updates));
        Assert.Equal(["1/0", "2/1"], await _case.Data.QueryAsync<string>(
            "select number || '/' || sequence from invitations join sessions using (session_id) order by number"));
        Assert.Equal(before, await _case.Data.ScalarAsync<DateTimeOffset>("select sign_up_closes_at from runs where run_id = @Run", new { _case.Run }));
    }

    [Fact]
    public async Task Another_place_is_told_for_every_session_and_takes_the_point_on_the_map_away()
    {
        await _case.ReserveAsync(_case.A);
        var place = new RunPlace { VenueName = "Kulturhuset", VenueAddress = "Havnegade 1", PostalCode = "9400", Town = "Nørresundby" };

        var result = await _case.PostponeAsync(TimeSpan.Zero, place: place);

        Assert.Equal((PostponeOutcome.Moved, 2), (result.Outcome, result.Updates));
        Assert.Equal("Kulturhuset Nørresundby", await _case.Data.ScalarAsync<string>("select venue_name || ' ' || town from runs where run_id = @Run and latitude is null", new { _case.Run }));
    }

    [Fact]
    public async Task A_check_says_what_would_happen_and_changes_nothing()
    {
        await _case.ReserveAsync(_case.A);
        var before = (await TimesAsync(), await _case.CountAsync("outbox"), await _case.CountAsync("audit_entries"));

        var result = await _case.PostponeAsync(TimeSpan.FromDays(7), isCheck: true);

        Assert.Equal((PostponeOutcome.Moved, 1, 2), (result.Outcome, result.People, result.Updates));
        Assert.Equal(before.Item1, await TimesAsync());
        Assert.Equal((before.Item2, before.Item3), (await _case.CountAsync("outbox"), await _case.CountAsync("audit_entries")));
        Assert.Equal([0, 0], await _case.Data.QueryAsync<int>("select sequence from invitations"));
    }

    [Fact]
    public async Task Held_seats_offers_and_approvals_keep_to_the_new_times()
    {
        await _case.HoldForNameAsync(1);
        await _case.HoldAsync(2, HeldFor.Offer, await _case.Data.AddEmployeeAsync(_case.A));
        await _case.Data.ExecuteAsync(
            """
            update bookings set held_until = (select sign_up_closes_at from runs where runs.run_id = bookings.run_id) where held_for = 'offer';
            insert into waiting_list_entries (run_id, person_id, department_id, status, joined_at, joined_by, source, booking_id, offered_at, offer_expires_at)
            select run_id, person_id, department_id, 'offered', booked_at, 'sek@example.org', 'secretary', booking_id, booked_at, held_until
            from bookings where held_for = 'offer'
            """);

        await _case.PostponeAsync(TimeSpan.FromDays(-14));

        Assert.Equal(
            ["name 7.00:00:00", "offer 3.00:00:00"],
            await _case.Data.QueryAsync<string>(
                "select held_for || ' ' || extract(day from starts_at - held_until) || '.00:00:00' from bookings join runs using (run_id) order by 1"));
        Assert.True(await _case.Data.ScalarAsync<bool>(
            "select offer_expires_at = sign_up_closes_at from waiting_list_entries join runs using (run_id)"));
    }

    [Fact]
    public async Task Seats_without_names_on_a_run_that_comes_close_keep_two_days()
    {
        await _case.HoldForNameAsync(1);
        var now = _case.Database.Clock.GetUtcNow();
        var run = (await _case.Database.Get<HrRunRepository>().FindAsync("H-1", CancellationToken.None))!;

        var result = await _case.PostponeAsync(
            now.AddDays(5) - run.StartsAt,
            deadlines: new() { [RunDeadline.Release] = now.AddHours(1), [RunDeadline.SignUpCloses] = now.AddDays(3), [RunDeadline.Cancellation] = now.AddDays(2) });

        Assert.Equal(PostponeOutcome.Moved, result.Outcome);
        Assert.Equal(now.AddDays(2), await _case.Data.ScalarAsync<DateTimeOffset>("select held_until from bookings"));
    }

    [Fact]
    public async Task Whoever_is_elsewhere_at_the_new_time_is_named()
    {
        var person = await _case.Data.AddEmployeeAsync(_case.A, "Åse Ærø");
        await _case.ReserveAsync(_case.A, person);
        var other = await _case.Data.AddRunAsync(await _case.Data.AddCourseAsync(), "H-2", daysFromNow: 61);
        await _case.Data.AddSeatsAsync(other, 1, pool: "open");
        await _case.ReserveAsync(_case.A, person, other);

        var overlap = Assert.Single((await _case.PostponeAsync(TimeSpan.FromDays(1), isCheck: true)).Overlaps);

        Assert.Equal(("Åse Ærø", "Afdeling A", "H-2"), (overlap.PersonName, overlap.DepartmentName, overlap.Other.RunCode));
        Assert.Empty((await _case.PostponeAsync(TimeSpan.FromDays(2), isCheck: true)).Overlaps);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_its_reason()
    {
        Assert.Equal([PostponeFaultKind.InThePast, PostponeFaultKind.InThePast, PostponeFaultKind.ReleasedAtOnce], await FaultsAsync(TimeSpan.FromDays(-80)));
        Assert.Equal([PostponeFaultKind.OverlapsTheOneBefore], await FaultsAsync(TimeSpan.FromDays(-7), from: 2));
        Assert.Equal([PostponeFaultKind.ReleasedAtOnce], await FaultsAsync(TimeSpan.FromDays(-30)));
        Assert.Equal(
            [PostponeFaultKind.AfterStart],
            await FaultsAsync(TimeSpan.Zero, deadlines: new() { [RunDeadline.Cancellation] = _case.Database.Clock.GetUtcNow().AddDays(70) }));
        Assert.Equal(PostponeOutcome.Unchanged, (await _case.PostponeAsync(TimeSpan.Zero)).Outcome);
        Assert.Equal(0, await _case.CountAsync("audit_entries where action = 'run.postponed'"));
    }

    [Fact]
    public async Task Clocks_that_change_in_between_leave_the_time_of_day_of_deadlines()
    {
        var run = (await _case.Database.Get<HrRunRepository>().FindAsync("H-1", CancellationToken.None))!;
        var moves = run.Sessions.Select(s => new SessionMove(s.SessionId, s.StartsAt.AddDays(28).AddHours(-1), s.EndsAt.AddDays(28).AddHours(-1)));
        var wish = new PostponeWish([.. moves], RunPlace.Of(run), new Dictionary<RunDeadline, DateTimeOffset>());

        var moved = PostponeRules.Decide(run, wish, _case.Database.Clock.GetUtcNow());

        // 8.30 in winter and 8.30 in summer; the release is before the change of clocks, and stays at 8.30, too.
        Assert.Equal(run.SignUpClosesAt.AddDays(28).AddHours(-1), moved.Deadlines[RunDeadline.SignUpCloses]);
        Assert.Equal(run.ReleaseAt.AddDays(28), moved.Deadlines[RunDeadline.Release]);
        Assert.Equal(run.SignUpOpensAt, moved.Deadlines[RunDeadline.SignUpOpens]);
    }

    private async Task<IReadOnlyList<PostponeFaultKind>> FaultsAsync(
        TimeSpan by, int from = 1, Dictionary<RunDeadline, DateTimeOffset>? deadlines = null)
    {
        var result = await _case.PostponeAsync(by, from: from, deadlines: deadlines);
        Assert.Equal(PostponeOutcome.Faulty, result.Outcome);
        return [.. result.Run!.Faults.Select(fault => fault.Kind)];
    }

    private async Task<IReadOnlyList<DateTimeOffset>> TimesAsync() => await _case.Data.QueryAsync<DateTimeOffset>(
        """
        select unnest(array[starts_at, ends_at, sign_up_closes_at, release_at, cancellation_deadline_at]) from runs where run_id = @Run
        union all
        (select unnest(array[starts_at, ends_at]) from sessions where run_id = @Run order by number)
        """,
        new { _case.Run });
}
