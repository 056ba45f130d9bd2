using Booking.Data.Invitations;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Plans;

/// <summary>The program stopped between an import that added a session and its look at those who booked meanwhile.</summary>
public sealed class SendLackingInvitationsTests : PublishedRunTests
{
    [Fact]
    public async Task Booking_that_did_not_see_the_new_session_gets_its_invitation_from_the_schedule_once()
    {
        await AddSessionAsync();
        await ForgetAsync(session: 3);
        Assert.Equal(["invitation.missing"], await Invariants.BrokenAsync(Database));

        Assert.Equal(1, await SendAsync());
        Assert.Equal(0, await SendAsync());

        Assert.Equal(["1/0", "2/0", "3/0"], await SequencesAsync());
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Run_is_looked_at_for_some_minutes_and_then_no_more()
    {
        await AddSessionAsync();
        Assert.Equal(1, await WatchedAsync());

        await SendAsync();
        Assert.Equal(1, await WatchedAsync());
        Database.Clock.Advance(SendLackingInvitations.LookedAtFor);
        await ForgetAsync(session: 3);
        Assert.Equal(1, await SendAsync());

        Assert.Equal(0, await WatchedAsync());
    }

    [Fact]
    public async Task Import_that_adds_no_session_leaves_nothing_to_look_at()
    {
        Plan.Set(Runs, 1, "dage", "15-03-2027 08:30-15:30 | 17-03-2027 09:00-15:30");

        await ImportAsync();

        Assert.Equal(0, await WatchedAsync());
    }

    private async Task AddSessionAsync()
    {
        await ReserveAsync("1001");
        Plan.Set(Runs, 1, "dage", "15-03-2027 08:30-15:30 | 16-03-2027 08:30-15:30 | 22-03-2027 08:30-12:00");
        await ImportAsync();
    }

    // What a reservation leaves that had read the sessions before the new one was there.
    private Task ForgetAsync(int session) => Database.Data.ExecuteAsync(
        """
        delete from outbox using sessions where sessions.session_id = outbox.session_id and sessions.number = @session;
        delete from invitations using sessions where sessions.session_id = invitations.session_id and sessions.number = @session
        """,
        new { session });

    private Task<int> SendAsync() => Database.Get<SendLackingInvitations>().RunAsync(CancellationToken.None);

    private Task<long> WatchedAsync() => ScalarAsync<long>("select count(*) from runs where sessions_added_at is not null");
}
