using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.WaitingLists;
using Booking.DatabaseTests.Bookings;
using Booking.DatabaseTests.Outbox;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.WaitingLists;

/// <summary>Somebody from outside signs up on a full run: form, mail, place, offer, seat.</summary>
public sealed class ExternalWaitingTests : IAsyncLifetime
{
    private const string Eva = "ekstern@example.org";
    private MailCase _mail = null!;
    private long _run;

    public async ValueTask InitializeAsync()
    {
        _mail = await MailCase.CreateAsync();
        _run = await _mail.Database.Data.AddCrossSectorRunAsync("Ro & nærvær");
        await _mail.Database.Data.AddSeatsAsync(_run, 1, pool: "external");
    }

    public ValueTask DisposeAsync() => _mail.DisposeAsync();

    [Fact]
    public async Task Full_run_without_the_wish_to_wait_is_full()
    {
        await FillAsync();

        Assert.Equal(SignUpOutcome.RunFull, (await SignUpAsync(Eva, waits: false)).Outcome);
        Assert.Equal(0, await CountAsync("sign_ups where is_for_waiting_list"));
    }

    [Fact]
    public async Task Sign_up_that_is_confirmed_waits_and_the_place_comes_by_mail()
    {
        await FillAsync();

        Assert.Equal(SignUpOutcome.MailSent, (await SignUpAsync(Eva)).Outcome);
        var outcome = await ConfirmAsync();
        await _mail.DeliverAsync();

        Assert.Equal(ConfirmOutcome.Waiting, outcome);
        var text = LastText();
        Assert.Contains("Din plads på listen for eksterne: Nr. 1 af 1", text, StringComparison.Ordinal);
        Assert.NotEmpty(MailCase.Token(text, "/waiting-list/"));
        Assert.Equal("waiting sign_up", await _mail.Database.Data.ScalarAsync<string>("select status || ' ' || source from waiting_list_entries"));
        Assert.Equal(1, await CountAsync("bookings"));
    }

    [Fact]
    public async Task Confirming_when_a_seat_has_become_free_books_it_with_its_price_and_ean()
    {
        var booking = await FillAsync();
        await _mail.Database.Data.ExecuteAsync("update courses set external_price = 1250");
        await SignUpAsync(Eva, ean: "5790000123452");
        await _mail.DeliverAsync();
        await CancelAsync(booking);

        Assert.Equal(ConfirmOutcome.Confirmed, await ConfirmAsync());

        Assert.Equal(
            "booked 1250.00 5790000123452",
            await _mail.Database.Data.ScalarAsync<string>("select status || ' ' || external_price || ' ' || ean from bookings where status = 'booked'"));
    }

    [Fact]
    public async Task Confirming_a_wish_to_wait_while_elsewhere_at_that_time_offers_the_free_seat_and_never_books_it()
    {
        var booking = await FillAsync();
        await BookElsewhereAsync();
        await SignUpAsync(Eva);
        await _mail.DeliverAsync();
        await _mail.Database.Data.ExecuteAsync("update runs set waiting_list_mode = 'book'");
        await CancelAsync(booking);

        Assert.Equal(ConfirmOutcome.Waiting, await ConfirmAsync());

        Assert.Equal("offered", await _mail.Database.Data.ScalarAsync<string>("select status from waiting_list_entries"));
        Assert.Equal("held", await _mail.Database.Data.ScalarAsync<string>($"select status from bookings where run_id = {_run} and status <> 'cancelled'"));
    }

    [Fact]
    public async Task Freed_external_seat_is_offered_to_the_external_list()
    {
        var booking = await FillAsync();
        await SignUpAsync(Eva);
        await ConfirmAsync();

        await CancelAsync(booking);
        await _mail.DeliverAsync();

        Assert.Equal("offered", await _mail.Database.Data.ScalarAsync<string>("select status from waiting_list_entries"));
        Assert.Contains("det er din tur", LastText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Confirming_twice_waits_once_and_signing_up_again_sends_a_fresh_link()
    {
        await FillAsync();
        await SignUpAsync(Eva);
        Assert.Equal(ConfirmOutcome.Waiting, await ConfirmAsync());
        await _mail.DeliverAsync();
        Assert.Equal(ConfirmOutcome.AlreadyConfirmed, await ConfirmAsync());

        await SignUpAsync(Eva);
        Assert.Equal(ConfirmOutcome.AlreadyWaiting, await ConfirmAsync());
        await _mail.DeliverAsync();

        Assert.Equal(1, await CountAsync("waiting_list_entries"));
        Assert.Equal(2, await CountAsync("links where purpose = 'waiting_list.entry'"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signing_up_again_while_an_offer_stands_sends_the_offer_and_no_word_of_a_seat(bool seatIsFree)
    {
        await OfferAsync();
        if (seatIsFree)
        {
            await _mail.Database.Data.AddSeatsAsync(_run, 1, pool: "external");
        }

        Assert.Equal(SignUpOutcome.MailSent, (await SignUpAsync(Eva)).Outcome);
        await _mail.DeliverAsync();

        Assert.Equal(2, await CountAsync("outbox where kind = 'waiting_list.offer' and status = 'sent'"));
        Assert.Equal(0, await CountAsync("outbox where kind = 'sign_up.already'"));
        Assert.NotEmpty(MailCase.Token(LastText(), "/waiting-list/"));
        await Invariants.AssertHoldAsync(_mail.Database);
    }

    [Fact]
    public async Task Asking_for_the_link_while_an_offer_stands_sends_the_offer_and_after_its_time_nothing()
    {
        await OfferAsync();

        await AskForLinkAsync(Eva);
        await AskForLinkAsync(Eva);
        Assert.Equal(2, await CountAsync("outbox where kind = 'waiting_list.offer'"));

        await _mail.Database.Data.ExecuteAsync("update waiting_list_entries set offer_expires_at = @now", new { now = _mail.Database.Clock.GetUtcNow() });
        _mail.Database.Clock.Advance(TimeSpan.FromMinutes(1));
        await AskForLinkAsync(Eva);
        Assert.Equal(2, await CountAsync("outbox where kind = 'waiting_list.offer'"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_address_with_an_offer_costs_the_same_statements_as_any_other(bool seatIsFree)
    {
        await OfferAsync();
        if (seatIsFree)
        {
            await _mail.Database.Data.AddSeatsAsync(_run, 2, pool: "external");
        }

        var offered = await Statements.OfAsync(() => SignUpAsync(Eva));
        var unknown = await Statements.OfAsync(() => SignUpAsync("fremmed@example.org"));

        Assert.NotEmpty(offered);
        Assert.Equal(offered, unknown);
    }

    [Fact]
    public async Task Wish_that_is_not_confirmed_in_time_is_over_and_says_so_in_its_own_words()
    {
        await FillAsync();
        await SignUpAsync(Eva);
        await _mail.DeliverAsync();
        _mail.Database.Clock.Advance(TimeSpan.FromHours(24));

        Assert.Equal(ConfirmOutcome.Expired, await ConfirmAsync());
        await _mail.Get<ExpireSignUps>().RunAsync(default);
        await _mail.DeliverAsync();

        Assert.Equal("Du kom ikke på venteliste til Ro & nærvær", _mail.Server.Mails[^1]["Subject"]);
        Assert.Equal(0, await CountAsync("waiting_list_entries"));
    }

    [Fact]
    public async Task Wish_that_holds_no_seat_can_be_confirmed_for_a_day()
    {
        await FillAsync();
        await SignUpAsync(Eva);
        await _mail.DeliverAsync();
        _mail.Database.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        await _mail.Get<ExpireSignUps>().RunAsync(default);

        Assert.Equal(ConfirmOutcome.Waiting, await ConfirmAsync());
    }

    [Fact]
    public async Task Wish_is_never_open_longer_than_the_sign_up()
    {
        await FillAsync();
        var closes = _mail.Database.Clock.GetUtcNow().AddHours(2);
        await _mail.Database.Data.ExecuteAsync("update runs set sign_up_closes_at = @closes", new { closes });

        await SignUpAsync(Eva);

        Assert.Equal(closes.UtcDateTime, await _mail.Database.Data.ScalarAsync<DateTime>("select expires_at from sign_ups where is_for_waiting_list"));
    }

    [Theory]
    [InlineData(Eva)]
    [InlineData("employee@example.org")]
    [InlineData("stranger@example.org")]
    public async Task Seat_that_became_free_is_held_for_whoever_asks_again_so_that_the_seats_left_tell_of_no_address(string email)
    {
        await _mail.Database.Data.AddEmployeeAsync(await _mail.Database.Data.AddDepartmentAsync(), email: "employee@example.org");
        await FillAsync();
        foreach (var address in new[] { Eva, "employee@example.org" })
        {
            await SignUpAsync(address);
        }

        await _mail.Database.Data.AddSeatsAsync(_run, 2, pool: "external");
        await SignUpAsync(email, waits: false);
        await SignUpAsync(email, waits: false);

        Assert.Equal(1, await CountAsync("seats where status = 'free'"));
        Assert.Equal(30, await _mail.Database.Data.ScalarAsync<int>(
            "select extract(minute from held_until - @now)::int from bookings where status = 'held'", new { now = _mail.Database.Clock.GetUtcNow() }));
        Assert.Equal(0, await CountAsync("sign_ups left join bookings using (booking_id) where sign_ups.status <> 'confirmed' and not is_for_waiting_list and held_until is distinct from expires_at"));
    }

    [Fact]
    public async Task Wish_whose_seat_is_held_now_is_confirmed_by_the_first_link_too()
    {
        await FillAsync();
        await SignUpAsync(Eva);
        await _mail.DeliverAsync();
        await _mail.Database.Data.AddSeatsAsync(_run, 1, pool: "external");

        await SignUpAsync(Eva, waits: false);

        Assert.Equal(ConfirmOutcome.Confirmed, await ConfirmAsync());
        Assert.Equal(2, await CountAsync("bookings where status = 'booked'"));
    }

    [Fact]
    public async Task Link_that_is_used_after_the_sign_up_stop_puts_nobody_on_a_list()
    {
        await FillAsync();
        await SignUpAsync(Eva);
        await _mail.DeliverAsync();
        await _mail.Database.Data.ExecuteAsync("update runs set sign_up_closes_at = @now", new { now = _mail.Database.Clock.GetUtcNow() });

        Assert.Equal(ConfirmOutcome.SignUpClosed, await ConfirmAsync());
        Assert.Equal(0, await CountAsync("waiting_list_entries"));
    }

    [Theory]
    [InlineData("known@example.org")]
    [InlineData("unknown@example.org")]
    [InlineData("employee@example.org")]
    public async Task The_answer_and_what_is_left_of_it_are_the_same_for_every_address(string email)
    {
        await FillAsync("known@example.org");
        await _mail.Database.Data.AddEmployeeAsync(await _mail.Database.Data.AddDepartmentAsync(), email: "employee@example.org");
        await _mail.Database.Data.ExecuteAsync("delete from outbox_attempts; delete from outbox");

        Assert.Equal(SignUpOutcome.MailSent, (await SignUpAsync(email)).Outcome);
        Assert.Equal(SignUpOutcome.MailSent, (await SignUpAsync(email)).Outcome);

        Assert.Equal(1, await CountAsync("sign_ups where is_for_waiting_list"));
        Assert.Equal(1, await CountAsync("audit_entries where action = 'sign_up.started' and booking_id is null"));
    }

    private async Task<Guid> FillAsync(string email = "foerst@example.org")
    {
        await SignUpAsync(email, waits: false);
        await _mail.DeliverAsync();
        Assert.Equal(ConfirmOutcome.Confirmed, await ConfirmAsync());
        await _mail.Database.Data.ExecuteAsync("delete from outbox_attempts; delete from outbox");
        return await _mail.Database.Data.ScalarAsync<Guid>("select reference from bookings");
    }

    // The first gives the only seat up, and Eva, who waits, is offered it.
    private async Task OfferAsync()
    {
        var booking = await FillAsync();
        await SignUpAsync(Eva);
        Assert.Equal(ConfirmOutcome.Waiting, await ConfirmAsync());
        await CancelAsync(booking);
        await _mail.DeliverAsync();
        Assert.Equal(1, await CountAsync("waiting_list_entries where status = 'offered'"));
    }

    private Task AskForLinkAsync(string email) => _mail.Get<SendLinkAgain>().RunAsync(new LinkRequest(_run, email), default);

    private Task<SignUpResult> SignUpAsync(string email, bool waits = true, string? ean = null) =>
        _mail.Get<SignUp>().RunAsync(SignUps.Request(_run, email) with { AcceptsWaiting = waits, Ean = ean }, default);

    private async Task<ConfirmOutcome> ConfirmAsync()
    {
        await _mail.DeliverAsync();
        var text = _mail.Server.Mails.Select(Text).Last(text => text.Contains("/sign-up/confirm/", StringComparison.Ordinal));
        return (await _mail.Get<ConfirmSignUp>().RunAsync(new ConfirmRequest(MailCase.Token(text, "/sign-up/confirm/")), default)).Outcome;
    }

    // Eva has a seat on another run with the same days.
    private async Task BookElsewhereAsync()
    {
        var run = await _mail.Database.Data.AddCrossSectorRunAsync();
        await _mail.Database.Data.AddSeatsAsync(run, 1, pool: "external");
        await _mail.Get<SignUp>().RunAsync(SignUps.Request(run, Eva), default);
        await _mail.Database.Data.ExecuteAsync(
            """
            with eva as (insert into people (name, email, kind, sector) values ('Eva', @Eva, 'external', 'municipality') returning person_id)
            update bookings set status = 'booked', held_until = null, person_id = (select person_id from eva) where run_id = @run
            """,
            new { Eva, run });
    }

    private Task<CancelOutcome> CancelAsync(Guid booking) => _mail.Get<CancelBooking>().RunAsync(
        new CancelRequest(booking, BookingScope.All, Actor.System("test"), AcceptsLate: true), default);

    private string LastText() => Text(_mail.Server.Mails[^1]);

    private static string Text(MimePart mail) => MimeReader.Text(MimeReader.Parts(mail)[0]);

    private Task<long> CountAsync(string of) => _mail.Database.Data.ScalarAsync<long>($"select count(*) from {of}");
}
