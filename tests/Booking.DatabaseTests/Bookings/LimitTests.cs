using Booking.Data.Bookings;
using Booking.Data.WaitingLists;
using Booking.DatabaseTests.WaitingLists;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Bookings;

/// <summary>What may stand between a free seat and a booking: another course at that time, and a leader's yes.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private WaitingListCase _case = null!;
    private long _person;

    public async ValueTask InitializeAsync()
    {
        _case = await WaitingListCase.CreateAsync();
        await _case.Data.AddSeatsAsync(_case.Run, 1, _case.A);
        _person = await _case.Data.AddEmployeeAsync(_case.A, leaderEmail: "leader@example.org");
    }

    public async ValueTask DisposeAsync() => await _case.DisposeAsync();

    [Fact]
    public async Task Person_on_another_course_at_that_time_is_booked_only_when_that_is_known()
    {
        await _case.BookElsewhereAsync(_person, _case.A);

        var asked = await ReserveAsync();
        var freeMeanwhile = await _case.FreeSeatsAsync();
        var confirmed = await ReserveAsync(acceptsOverlap: true);

        Assert.Equal(ReserveOutcome.Overlaps, asked.Outcome);
        Assert.Single(asked.Overlaps);
        Assert.Equal(1, freeMeanwhile);
        Assert.Equal(ReserveOutcome.Booked, confirmed.Outcome);
    }

    [Fact]
    public async Task Session_that_begins_when_another_ends_does_not_overlap()
    {
        var other = await _case.Data.AddRunAsync(await _case.Data.AddCourseAsync());
        await _case.Data.AddSeatsAsync(other, 1, _case.A);
        await _case.Data.ExecuteAsync(
            "update sessions set starts_at = ends_at, ends_at = ends_at + interval '1 hour' where run_id = @other", new { other });
        await _case.BookAsync(_case.A, other, _person);

        Assert.Equal(ReserveOutcome.Booked, (await ReserveAsync()).Outcome);
    }

    [Fact]
    public async Task Where_the_leader_is_asked_the_seat_is_held_and_nobody_is_invited_yet()
    {
        var result = await AskAsync();

        Assert.Equal(ReserveOutcome.AwaitsApproval, result.Outcome);
        Assert.Equal("held", await _case.BookingStatusAsync(_person));
        Assert.Equal(0, await _case.MailsAsync("booking.invitation", _person));
        Assert.Equal(0, await CountAsync("outbox where kind = 'booking.notice'"));
        Assert.Equal(1, await CountAsync("outbox where kind = 'approval.asked' and recipient_email = 'leader@example.org'"));
    }

    [Fact]
    public async Task Person_without_a_known_leader_is_booked_without_being_asked_about()
    {
        await _case.Data.ExecuteAsync("update people set leader_email = null");

        Assert.Equal(ReserveOutcome.Booked, (await AskAsync()).Outcome);
    }

    [Fact]
    public async Task Yes_books_invites_and_tells_the_secretary_once_however_often_it_is_said()
    {
        await AskAsync();

        Assert.Equal(ApprovalOutcome.Approved, await DecideAsync(isApproved: true));
        Assert.Equal(ApprovalOutcome.AlreadyDecided, await DecideAsync(isApproved: true));
        Assert.Equal(ApprovalOutcome.AlreadyDecided, await DecideAsync(isApproved: false));

        Assert.Equal("booked", await _case.BookingStatusAsync(_person));
        Assert.Equal(1, await _case.MailsAsync("booking.invitation", _person));
        Assert.Equal(1, await CountAsync("outbox where key like 'booking.receipt/approved/%'"));
        Assert.Equal(0, await CountAsync("outbox where kind = 'booking.notice'"));
    }

    [Fact]
    public async Task No_frees_the_seat_for_the_next_on_the_list_and_tells_both()
    {
        await AskAsync();
        var next = await _case.JoinAsync(_case.A);

        Assert.Equal(ApprovalOutcome.Refused, await DecideAsync(isApproved: false));

        Assert.Equal("offered", await _case.StatusAsync(next.Person));
        Assert.Equal(1, await _case.MailsAsync("approval.not_given", _person));
        Assert.Equal(2, await CountAsync("outbox where kind = 'approval.not_given'"));
    }

    [Fact]
    public async Task Answer_that_does_not_come_in_time_frees_the_seat_once()
    {
        await AskAsync();
        _case.Database.Clock.Advance(TimeSpan.FromDays(7));

        Assert.Equal(ApprovalOutcome.Expired, await DecideAsync(isApproved: true));
        Assert.Equal(1, await _case.Database.Get<DecideApproval>().ExpireAsync(CancellationToken.None));
        Assert.Equal(0, await _case.Database.Get<DecideApproval>().ExpireAsync(CancellationToken.None));

        Assert.Equal(1, await _case.FreeSeatsAsync());
        Assert.Equal(1, await _case.MailsAsync("approval.not_given", _person));
    }

    [Fact]
    public async Task Booking_cancelled_before_the_answer_needs_none()
    {
        var result = await AskAsync();

        await _case.CancelAsync(result.Reference!.Value);

        Assert.Equal(ApprovalOutcome.NotNeeded, await DecideAsync(isApproved: true));
        Assert.Equal(1, await _case.FreeSeatsAsync());
    }

    [Fact]
    public async Task Accepted_offer_waits_for_the_leader_too()
    {
        await _case.BookAsync(_case.A);
        await _case.Data.ExecuteAsync("update runs set requires_approval = true");
        var next = await _case.JoinAsync(_case.A, _person);
        await _case.CancelAsync(_case.BookedOfA);

        Assert.Equal(AnswerOutcome.AwaitsApproval, await _case.AnswerAsync(next, WaitingListAnswer.Accept));
        Assert.Equal(ApprovalOutcome.Approved, await DecideAsync(isApproved: true));

        Assert.Equal("booked", await _case.BookingStatusAsync(_person));
        Assert.Equal("accepted", await _case.StatusAsync(_person));
    }

    private async Task<ReserveResult> ReserveAsync(bool acceptsOverlap = false) =>
        (await _case.Database.Get<ReserveSeats>().RunAsync(
            new ReserveRequest(_case.Run, _case.A, [_person], _case.SecretaryOf(_case.A), acceptsOverlap), CancellationToken.None))[0];

    private async Task<ReserveResult> AskAsync()
    {
        await _case.Data.ExecuteAsync("update runs set requires_approval = true");
        return await ReserveAsync();
    }

    // The token of a link stands in the mail only; this makes one as the rendering of the mail does.
    private async Task<ApprovalOutcome> DecideAsync(bool isApproved)
    {
        var token = LinkToken.Create();
        await _case.Data.ExecuteAsync(
            """
            insert into links (token_hash, purpose, approval_id, created_at, expires_at)
            select @hash, 'approval.decide', approval_id, asked_at, expires_at from approvals
            """,
            new { hash = LinkToken.Hash(token) });
        return await _case.Database.Get<DecideApproval>().RunAsync(token, isApproved, CancellationToken.None);
    }

    private Task<long> CountAsync(string from) => _case.Data.ScalarAsync<long>($"select count(*) from {from}");
}
