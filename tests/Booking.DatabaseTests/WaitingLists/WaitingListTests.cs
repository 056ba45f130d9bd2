using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Runs;
using Booking.Data.WaitingLists;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.WaitingLists;

/// <summary>Who gets a freed seat, when, and what becomes of an offer.</summary>
public sealed class WaitingListTests : IAsyncLifetime
{
    private WaitingListCase _case = null!;

    public async ValueTask InitializeAsync() => _case = await WaitingListCase.CreateAsync();

    public async ValueTask DisposeAsync() => await _case.DisposeAsync();

    [Fact]
    public async Task Joining_a_full_run_waits_and_joining_again_changes_nothing()
    {
        var first = await _case.JoinAsync(_case.A);

        var again = await _case.JoinAsync(_case.A, first.Person);

        Assert.Equal(JoinOutcome.Joined, first.Result.Outcome);
        Assert.Equal(JoinOutcome.AlreadyWaiting, again.Result.Outcome);
        Assert.Equal(1, await _case.CountAsync("waiting"));
        Assert.Equal(1, await _case.Data.ScalarAsync<long>("select count(*) from outbox where kind = 'waiting_list.joined'"));
    }

    [Fact]
    public async Task Joining_when_a_seat_is_free_books_it()
    {
        await _case.Data.AddSeatsAsync(_case.Run, 1, _case.A);

        var joined = await _case.JoinAsync(_case.A);

        Assert.Equal(JoinOutcome.Booked, joined.Result.Outcome);
        Assert.Equal(0, await _case.CountAsync("waiting"));
    }

    [Theory]
    [InlineData(WaitingListModes.Book, 1)]
    [InlineData(WaitingListModes.Book, 2)]
    [InlineData(WaitingListModes.Offer, 1)]
    [InlineData(WaitingListModes.Offer, 2)]
    public async Task Joining_again_where_seats_stand_free_beside_oneself_gives_one_of_them_and_no_second_place(string mode, int seats)
    {
        await _case.SetModeAsync(mode);
        var waiter = await _case.JoinAsync(_case.A);
        await _case.Data.AddSeatsAsync(_case.Run, seats, _case.A);

        var again = await _case.JoinAsync(_case.A, waiter.Person);

        Assert.Equal(JoinOutcome.AlreadyBooked, again.Result.Outcome);
        Assert.Equal(mode == WaitingListModes.Book ? "booked" : "held", await _case.BookingStatusAsync(waiter.Person));
        Assert.Equal(0, await _case.CountAsync("waiting"));
        Assert.Equal(mode == WaitingListModes.Book ? 0 : 1, await _case.CountAsync("offered"));
    }

    [Theory]
    [InlineData("leder@example.org", JoinOutcome.AwaitsApproval, "held")]
    [InlineData(null, JoinOutcome.Booked, "booked")]
    public async Task Joining_when_a_seat_is_free_on_a_run_that_asks_leaders_holds_it(string? leader, JoinOutcome outcome, string status)
    {
        await _case.Data.ExecuteAsync("update runs set requires_approval = true");
        await _case.Data.AddSeatsAsync(_case.Run, 1, _case.A);

        var joined = await _case.JoinAsync(_case.A, await _case.Data.AddEmployeeAsync(_case.A, leaderEmail: leader));

        Assert.Equal(outcome, joined.Result.Outcome);
        Assert.Equal(status, await _case.Data.ScalarAsync<string>("select status from bookings where reference = @Booking", new { joined.Result.Booking }));
    }

    [Fact]
    public async Task Freed_seat_of_a_department_goes_to_its_own_longest_waiting_not_to_an_older_one_of_another()
    {
        await _case.JoinAsync(_case.B);
        var own = await _case.JoinAsync(_case.A);
        await _case.JoinAsync(_case.A);

        await _case.CancelAsync(_case.BookedOfA);

        Assert.Equal("offered", await _case.StatusAsync(own.Person));
        Assert.Equal(2, await _case.CountAsync("waiting"));
    }

    [Fact]
    public async Task Freed_seat_of_a_department_stays_its_own_before_the_release_when_only_others_wait()
    {
        var other = await _case.JoinAsync(_case.B);

        await _case.CancelAsync(_case.BookedOfA);

        Assert.Equal("waiting", await _case.StatusAsync(other.Person));
        Assert.Equal(1, await _case.FreeSeatsAsync());
    }

    [Fact]
    public async Task Release_serves_the_list_in_the_order_of_joining()
    {
        var first = await _case.JoinAsync(_case.B);
        var second = await _case.JoinAsync(_case.B);
        await _case.CancelAsync(_case.BookedOfA);

        _case.Database.Clock.Advance(TimeSpan.FromDays(26));
        await _case.Database.Get<ReleaseSeats>().RunAsync(CancellationToken.None);

        Assert.Equal("offered", await _case.StatusAsync(first.Person));
        Assert.Equal("waiting", await _case.StatusAsync(second.Person));
        Assert.Equal(0, await _case.FreeSeatsAsync());
    }

    [Fact]
    public async Task Seat_given_up_after_the_release_goes_to_the_own_departments_list_before_older_others()
    {
        _case.Database.Clock.Advance(TimeSpan.FromDays(26));
        await _case.Database.Get<ReleaseSeats>().RunAsync(CancellationToken.None);
        var older = await _case.JoinAsync(_case.B);
        var own = await _case.JoinAsync(_case.A);

        await _case.CancelAsync(_case.BookedOfA);

        Assert.Equal("offered", await _case.StatusAsync(own.Person));
        Assert.Equal("waiting", await _case.StatusAsync(older.Person));
    }

    [Fact]
    public async Task Mode_book_gives_the_seat_at_once_with_its_invitation_and_a_receipt_for_the_secretary()
    {
        await _case.SetModeAsync("book");
        var next = await _case.JoinAsync(_case.A);

        await _case.CancelAsync(_case.BookedOfA);

        Assert.Equal("accepted", await _case.StatusAsync(next.Person));
        Assert.Equal("booked", await _case.BookingStatusAsync(next.Person));
        Assert.Equal(1, await _case.MailsAsync("booking.invitation", next.Person));
        Assert.Equal(1, await _case.Data.ScalarAsync<long>("select count(*) from outbox where kind = 'booking.receipt'"));
    }

    [Fact]
    public async Task Accepted_offer_is_a_booking_with_its_invitation()
    {
        var next = await _case.JoinAsync(_case.A);
        await _case.CancelAsync(_case.BookedOfA);

        var answer = await _case.AnswerAsync(next, WaitingListAnswer.Accept);
        var again = await _case.AnswerAsync(next, WaitingListAnswer.Accept);

        Assert.Equal(AnswerOutcome.Accepted, answer);
        Assert.Equal(AnswerOutcome.AlreadyAccepted, again);
        Assert.Equal("booked", await _case.BookingStatusAsync(next.Person));
        Assert.Equal(1, await _case.MailsAsync("booking.invitation", next.Person));
    }

    [Fact]
    public async Task Declined_offer_passes_on_at_once()
    {
        var first = await _case.JoinAsync(_case.A);
        var second = await _case.JoinAsync(_case.A);
        await _case.CancelAsync(_case.BookedOfA);

        var answer = await _case.AnswerAsync(first, WaitingListAnswer.Decline);

        Assert.Equal(AnswerOutcome.Declined, answer);
        Assert.Equal("declined", await _case.StatusAsync(first.Person));
        Assert.Equal("offered", await _case.StatusAsync(second.Person));
        Assert.Equal(0, await _case.FreeSeatsAsync());
    }

    [Fact]
    public async Task Expired_offer_passes_on_and_can_not_be_accepted_any_more()
    {
        var first = await _case.JoinAsync(_case.A);
        var second = await _case.JoinAsync(_case.A);
        await _case.CancelAsync(_case.BookedOfA);
        _case.Database.Clock.Advance(TimeSpan.FromDays(7));

        var late = await _case.AnswerAsync(first, WaitingListAnswer.Accept);
        var sweep = await _case.Database.Get<SweepWaitingLists>().RunAsync(CancellationToken.None);

        Assert.Equal(AnswerOutcome.OfferExpired, late);
        Assert.Equal(new SweepResult(ExpiredOffers: 1, Closed: 0, Repaired: 0), sweep);
        Assert.Equal("expired", await _case.StatusAsync(first.Person));
        Assert.Equal("offered", await _case.StatusAsync(second.Person));
        Assert.Equal(1, await _case.MailsAsync("waiting_list.offer_expired", first.Person));
    }

    [Fact]
    public async Task Offer_never_runs_past_the_sign_up_stop_and_the_list_ends_there()
    {
        await _case.Data.ExecuteAsync("update runs set offer_working_hours = 400");
        var first = await _case.JoinAsync(_case.A);
        var second = await _case.JoinAsync(_case.A);
        await _case.CancelAsync(_case.BookedOfA);
        Assert.True(await _case.Data.ScalarAsync<bool>(
            "select offer_expires_at = sign_up_closes_at from waiting_list_entries join runs using (run_id) where waiting_list_entries.status = 'offered'"));

        _case.Database.Clock.Advance(TimeSpan.FromDays(58));
        var sweep = await _case.Database.Get<SweepWaitingLists>().RunAsync(CancellationToken.None);

        Assert.Equal(new SweepResult(ExpiredOffers: 1, Closed: 1, Repaired: 0), sweep);
        Assert.Equal("expired", await _case.StatusAsync(first.Person));
        Assert.Equal("expired", await _case.StatusAsync(second.Person));
        Assert.Equal(1, await _case.MailsAsync("waiting_list.closed", second.Person));
    }

    [Fact]
    public async Task Sweep_repairs_and_reports_a_free_seat_beside_somebody_who_waits()
    {
        var first = await _case.JoinAsync(_case.A);
        await _case.Data.AddSeatsAsync(_case.Run, 1);

        var sweep = await _case.Database.Get<SweepWaitingLists>().RunAsync(CancellationToken.None);
        var again = await _case.Database.Get<SweepWaitingLists>().RunAsync(CancellationToken.None);

        Assert.Equal(new SweepResult(0, 0, Repaired: 1), sweep);
        Assert.Equal(new SweepResult(0, 0, 0), again);
        Assert.Equal("offered", await _case.StatusAsync(first.Person));
        Assert.Equal(1, await _case.Data.ScalarAsync<long>("select count(*) from audit_entries where action = 'waiting_list.repaired'"));
    }

    [Fact]
    public async Task Person_who_is_elsewhere_at_that_time_is_asked_also_where_the_run_books_at_once()
    {
        await _case.SetModeAsync("book");
        var next = await _case.JoinAsync(_case.A);
        await _case.BookElsewhereAsync(next.Person, _case.A);

        await _case.CancelAsync(_case.BookedOfA);

        Assert.Equal("offered", await _case.StatusAsync(next.Person));
        Assert.Equal(AnswerOutcome.Overlaps, await _case.AnswerAsync(next, WaitingListAnswer.Accept));
        Assert.Equal(AnswerOutcome.Accepted, await _case.AnswerAsync(next, WaitingListAnswer.Accept, acceptsOverlap: true));
    }

    [Fact]
    public async Task Where_the_leader_is_asked_promotion_holds_the_seat_until_the_answer()
    {
        await _case.SetModeAsync("book");
        await _case.Data.ExecuteAsync("update runs set requires_approval = true");
        var next = await _case.JoinAsync(_case.A);
        await _case.Data.ExecuteAsync("update people set leader_email = 'leader@example.org' where person_id = @Person", new { next.Person });

        await _case.CancelAsync(_case.BookedOfA);

        Assert.Equal("held", await _case.BookingStatusAsync(next.Person));
        Assert.Equal(1, await _case.Data.ScalarAsync<long>("select count(*) from approvals where status = 'pending'"));
        Assert.Equal(0, await _case.MailsAsync("booking.invitation", next.Person));
        Assert.Equal(1, await _case.Data.ScalarAsync<long>("select count(*) from outbox where kind = 'approval.asked'"));
    }

    [Fact]
    public async Task Withdrawing_with_an_offer_passes_the_seat_on()
    {
        var first = await _case.JoinAsync(_case.A);
        var second = await _case.JoinAsync(_case.A);
        await _case.CancelAsync(_case.BookedOfA);

        Assert.Equal(AnswerOutcome.Withdrawn, await _case.AnswerAsync(first, WaitingListAnswer.Withdraw));

        Assert.Equal("withdrawn", await _case.StatusAsync(first.Person));
        Assert.Equal("offered", await _case.StatusAsync(second.Person));
    }

    [Fact]
    public async Task Entry_of_another_department_can_not_be_answered()
    {
        var first = await _case.JoinAsync(_case.A);

        var answer = await _case.Database.Get<AnswerOffer>().RunAsync(
            new AnswerRequest(
                first.Result.Entry!.Value, EntryScope.Of(null, [_case.B]), _case.SecretaryOf(_case.B), WaitingListAnswer.Withdraw),
            CancellationToken.None);

        Assert.Equal(AnswerOutcome.NotFound, answer.Outcome);
        Assert.Equal("waiting", await _case.StatusAsync(first.Person));
    }

    [Fact]
    public async Task Added_seats_go_to_those_who_wait()
    {
        var first = await _case.JoinAsync(_case.B);
        await using var connection = await _case.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();

        await _case.Database.Get<AddSeats>().RunAsync(transaction, new SeatsToAdd(_case.Run, 4), Actor.System("test"), CancellationToken.None);
        await transaction.CommitAsync();

        Assert.Equal("offered", await _case.StatusAsync(first.Person));
    }
}
