using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Booking.DatabaseTests.Bookings;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Outbox;

/// <summary>The mails of one external sign-up, from the form to the bytes that leave: in order, and never out of date.</summary>
public sealed class SignUpMailTests : IAsyncLifetime
{
    private const string Expired = "Din plads på Ro & nærvær er givet fri";
    private MailCase _case = null!;
    private long _run;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _case = await MailCase.CreateAsync();
        _run = await _case.Database.Data.AddCrossSectorRunAsync("Ro & nærvær");
        await _case.Database.Data.AddSeatsAsync(_run, 1, pool: "external");
    }

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Sign_up_mail_has_a_link_that_confirms_and_not_the_name_that_was_typed()
    {
        await SignUpAsync("Viagra https://spam.example");
        await _case.DeliverAsync();

        var text = _case.Server.TextTo("ekstern@example.org");
        Assert.DoesNotContain("Viagra", text + _case.Server.Mails[0]["To"], StringComparison.Ordinal);
        Assert.Contains("11. januar 2027 kl. 8.30", text, StringComparison.Ordinal);

        Assert.Equal(ConfirmOutcome.Confirmed, await ConfirmAsync(text));
        await _case.DeliverAsync();

        Assert.Equal(2, _case.Server.Calendars.Count);
    }

    [Fact]
    public async Task Sign_up_not_confirmed_in_time_is_told_that_its_seat_is_gone()
    {
        await SignUpAsync();
        await _case.DeliverAsync();
        await ExpireAsync(TimeSpan.FromMinutes(31));

        await _case.DeliverAsync();

        Assert.Equal(Expired, _case.Server.Mails[^1]["Subject"]);
    }

    [Fact]
    public async Task Sign_up_through_an_outage_longer_than_its_hold_gets_only_the_mail_that_says_so()
    {
        _case.Server.Answer(MailOutcome.TryAgain, MailOutcome.TryAgain, MailOutcome.TryAgain);
        await SignUpAsync();
        foreach (var minutes in new[] { 0, 1, 5 })
        {
            _case.Database.Clock.Advance(TimeSpan.FromMinutes(minutes));
            await _case.DeliverAsync();
        }

        Assert.Equal(3, _case.Server.Tried.Count);
        await ExpireAsync(TimeSpan.FromMinutes(25));
        await _case.DeliverAsync();

        // The link was to be tried again five minutes later: that is not waited for, and the link never leaves.
        Assert.Equal([Expired], _case.Server.Mails.Select(mail => mail["Subject"]));
        Assert.Equal(["sign_up.confirm discarded", "sign_up.expired sent"], await RowsAsync());
    }

    [Fact]
    public async Task Link_that_is_over_is_not_sent_even_if_the_sweep_has_not_come()
    {
        await SignUpAsync();
        _case.Database.Clock.Advance(BookingRules.SignUpHold);

        await _case.DeliverAsync();

        Assert.Empty(_case.Server.Tried);
        Assert.Equal(["sign_up.confirm discarded"], await RowsAsync());
    }

    [Fact]
    public async Task Link_that_was_used_is_not_sent_again()
    {
        _case.Server.Answer(MailOutcome.Unclear);
        await SignUpAsync();
        await _case.DeliverAsync();
        var tried = MimeReader.Text(MimeReader.Parts(MimeReader.Read(_case.Server.Tried[0].Message))[0]);
        Assert.Equal(ConfirmOutcome.Confirmed, await ConfirmAsync(tried));
        _case.Database.Clock.Advance(TimeSpan.FromMinutes(2));

        await _case.DeliverAsync();

        Assert.Equal(["sign_up.confirm discarded", "booking.invitation sent", "booking.invitation sent"], await RowsAsync());
    }

    [Fact]
    public async Task What_stands_behind_a_link_waits_for_it()
    {
        await SignUpAsync();
        _case.Database.Clock.Advance(TimeSpan.FromMinutes(29));
        var delivery = _case.Get<OutboxDelivery>();
        var link = Assert.Single(await delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop));

        await ExpireAsync(TimeSpan.FromMinutes(2));

        // One worker has the link in hand: no other can send what stands behind it.
        Assert.Empty(await delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop));
        Assert.True(await delivery.DiscardAsync(link, "over", Stop));
        Assert.Equal("sign_up.expired", Assert.Single(await delivery.ClaimDueAsync(10, Guid.NewGuid(), Stop)).Kind);
    }

    private Task SignUpAsync(string name = "Eva Ekstern") =>
        _case.Get<SignUp>().RunAsync(SignUps.Request(_run) with { Name = name }, Stop);

    private async Task<ConfirmOutcome> ConfirmAsync(string text) =>
        (await _case.Get<ConfirmSignUp>().RunAsync(new ConfirmRequest(MailCase.Token(text, "/sign-up/confirm/")), Stop)).Outcome;

    private Task ExpireAsync(TimeSpan later)
    {
        _case.Database.Clock.Advance(later);
        return _case.Get<ExpireSignUps>().RunAsync(Stop);
    }

    private Task<IReadOnlyList<string>> RowsAsync() =>
        _case.Database.Data.QueryAsync<string>("select kind || ' ' || status from outbox order by outbox_id");
}
