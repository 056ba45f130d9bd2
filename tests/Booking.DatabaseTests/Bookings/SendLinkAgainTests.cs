using Booking.Data.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Bookings;

/// <summary>A lost mail on a run that is full by now: the link comes again, and nobody learns from it who has signed up.</summary>
public sealed class SendLinkAgainTests : IAsyncLifetime
{
    private const string Known = "ekstern@example.org";
    private const string Unknown = "fremmed@example.org";
    private TestDatabase _database = null!;
    private long _run;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _run = await _database.Data.AddCrossSectorRunAsync();
        await _database.Data.AddSeatsAsync(_run, 1, pool: "external");
        Assert.Equal(SignUpOutcome.MailSent, await SignUpAsync(Known));
        _database.Clock.Advance(TimeSpan.FromMinutes(5));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_full_run_says_full_to_everybody_and_sends_the_one_who_holds_the_last_seat_a_fresh_link()
    {
        Assert.Equal(SignUpOutcome.RunFull, await SignUpAsync(Known.ToUpperInvariant()));
        Assert.Equal(SignUpOutcome.RunFull, await SignUpAsync(Unknown));

        Assert.Equal([Known, Known], await LinksAsync());
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task Asked_for_directly_the_link_goes_to_the_address_that_has_a_sign_up_waiting_and_to_no_other()
    {
        await AskAsync(Known);
        await AskAsync(Unknown);

        Assert.Equal([Known, Known], await LinksAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Known_and_unknown_addresses_cost_the_same_statements_and_a_commit_each(bool byForm)
    {
        var known = await Statements.OfAsync(() => byForm ? SignUpAsync(Known) : AskAsync(Known));
        var unknown = await Statements.OfAsync(() => byForm ? SignUpAsync(Unknown) : AskAsync(Unknown));

        Assert.NotEmpty(known);
        Assert.Equal(known, unknown);
        // Rows were written both times, so both commits waited for the disk.
        Assert.Equal(2, await _database.Data.ScalarAsync<long>("select count(*) from audit_entries where action in ('sign_up.full', 'sign_up.link_asked')"));
    }

    [Fact]
    public async Task However_often_the_button_is_pressed_one_link_a_minute_leaves()
    {
        await AskAsync(Known);
        await AskAsync(Known);
        Assert.Equal(2, (await LinksAsync()).Count);

        _database.Clock.Advance(TimeSpan.FromMinutes(1));
        await AskAsync(Known);
        Assert.Equal(3, (await LinksAsync()).Count);
    }

    [Fact]
    public async Task A_fresh_link_does_not_wait_for_the_one_before_it()
    {
        await _database.Data.ExecuteAsync("update outbox set due_at = due_at + interval '30 minutes', attempts = 3");

        await AskAsync(Known);

        Assert.Equal(0, await _database.Data.ScalarAsync<long>("select count(*) from outbox where due_at > @now", new { now = _database.Clock.GetUtcNow() }));
    }

    [Fact]
    public async Task A_sign_up_that_is_over_has_no_link_to_send()
    {
        _database.Clock.Advance(BookingRules.SignUpHold);

        await AskAsync(Known);

        Assert.Single(await LinksAsync());
    }

    private async Task<SignUpOutcome> SignUpAsync(string email) =>
        (await _database.Get<SignUp>().RunAsync(SignUps.Request(_run, email), CancellationToken.None)).Outcome;

    private Task AskAsync(string email) => _database.Get<SendLinkAgain>().RunAsync(new LinkRequest(_run, email), CancellationToken.None);

    private Task<IReadOnlyList<string>> LinksAsync() =>
        _database.Data.QueryAsync<string>("select recipient_email from outbox where kind = 'sign_up.confirm' order by outbox_id");
}
