using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Bookings;

public sealed class SignUpTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private long _run;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _run = await _database.Data.AddCrossSectorRunAsync();
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Sign_up_holds_an_external_seat_for_thirty_minutes()
    {
        await _database.Data.AddSeatsAsync(_run, 1, pool: "external");

        var result = await SignUpAsync(SignUps.Request(_run));

        Assert.Equal(SignUpOutcome.MailSent, result.Outcome);
        Assert.Equal(_database.Clock.GetUtcNow().AddMinutes(30).UtcDateTime, await _database.Data.ScalarAsync<DateTime>("select held_until from bookings"));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task Sign_up_takes_no_department_seat_and_says_full()
    {
        await _database.Data.AddSeatsAsync(_run, 5, await _database.Data.AddDepartmentAsync());

        Assert.Equal(SignUpOutcome.RunFull, (await SignUpAsync(SignUps.Request(_run))).Outcome);
    }

    [Fact]
    public async Task Sign_up_from_a_sector_that_is_not_invited_is_refused()
    {
        await _database.Data.AddSeatsAsync(_run, 5, pool: "external");

        Assert.Equal(SignUpOutcome.SectorNotInvited, (await SignUpAsync(SignUps.Request(_run) with { Sector = "other" })).Outcome);
    }

    [Theory]
    [InlineData(null, SignUpOutcome.EanMissing)]
    [InlineData("5790000123450", SignUpOutcome.EanMissing)]
    [InlineData("5790000123452", SignUpOutcome.MailSent)]
    public async Task Sign_up_for_a_course_that_costs_money_needs_a_valid_ean(string? ean, SignUpOutcome expected)
    {
        var run = await _database.Data.AddRunAsync(await _database.Data.AddCourseAsync(crossSector: true, externalPrice: 1250m));
        await _database.Data.AddSeatsAsync(run, 5, pool: "external");

        Assert.Equal(expected, (await SignUpAsync(SignUps.Request(run) with { Ean = ean })).Outcome);
    }

    [Fact]
    public async Task A_known_address_gets_the_same_answer_another_mail_and_no_second_seat()
    {
        await SignUpOnAsync(3);
        Assert.Equal(ConfirmOutcome.Confirmed, await ConfirmAsync(await AddLinkAsync()));

        var again = await SignUpAsync(SignUps.Request(_run, "EKSTERN@example.org"));

        Assert.Equal(SignUpOutcome.MailSent, again.Outcome);
        Assert.Equal(1, await CountAsync("outbox where kind = 'sign_up.already'"));
        // As for a stranger, one seat fewer is left: the number tells nothing. It comes back without a mail.
        Assert.Equal(1, await FreeSeatsAsync());
        await SignUpAsync(SignUps.Request(_run, "EKSTERN@example.org"));
        Assert.Equal(1, await FreeSeatsAsync());
        _database.Clock.Advance(TimeSpan.FromMinutes(30));
        await ExpireAsync();
        Assert.Equal(2, await FreeSeatsAsync());
        Assert.Equal(0, await CountAsync("outbox where kind = 'sign_up.expired'"));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task The_same_form_with_a_corrected_address_is_a_new_sign_up()
    {
        await _database.Data.AddSeatsAsync(_run, 2, pool: "external");
        var request = SignUps.Request(_run, "forkert@example.org");
        await SignUpAsync(request);

        await SignUpAsync(request with { Email = "rigtig@example.org" });

        Assert.Equal(1, await CountAsync("outbox where kind = 'sign_up.confirm' and recipient_email = 'rigtig@example.org'"));
    }

    [Fact]
    public async Task The_same_form_sent_twice_is_one_sign_up()
    {
        await _database.Data.AddSeatsAsync(_run, 1, pool: "external");
        var request = SignUps.Request(_run);

        Assert.Equal(SignUpOutcome.MailSent, (await SignUpAsync(request)).Outcome);
        Assert.Equal(SignUpOutcome.MailSent, (await SignUpAsync(request)).Outcome);
        Assert.Equal(1, await CountAsync("sign_ups"));
    }

    [Fact]
    public async Task A_second_sign_up_while_the_first_waits_gets_a_fresh_link_for_the_same_seat()
    {
        await SignUpOnAsync(3);
        await SignUpAsync(SignUps.Request(_run));

        Assert.Equal(2, await CountAsync("outbox where kind = 'sign_up.confirm'"));
        Assert.Equal(2, await FreeSeatsAsync());
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task Confirming_makes_a_person_and_an_invitation_per_session()
    {
        await SignUpOnAsync(1);

        Assert.Equal(ConfirmOutcome.Confirmed, await ConfirmAsync(await AddLinkAsync()));

        Assert.Equal("booked", await _database.Data.ScalarAsync<string>("select status from bookings"));
        Assert.Equal(2, await CountAsync("outbox where kind = 'booking.invitation'"));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task A_link_used_twice_changes_nothing_the_second_time()
    {
        await SignUpOnAsync(1);
        var token = await AddLinkAsync();

        Assert.Equal(ConfirmOutcome.Confirmed, await ConfirmAsync(token));
        Assert.Equal(ConfirmOutcome.AlreadyConfirmed, await ConfirmAsync(token));
    }

    [Fact]
    public async Task An_unknown_link_is_not_found()
    {
        Assert.Equal(ConfirmOutcome.UnknownLink, await ConfirmAsync("nonsense \u0001 ' or 1=1"));
    }

    [Fact]
    public async Task After_thirty_minutes_the_seat_is_free_again_and_the_link_says_expired()
    {
        await SignUpOnAsync(1);
        var token = await AddLinkAsync();
        _database.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(ConfirmOutcome.Expired, await ConfirmAsync(token));
        Assert.Equal(1, await ExpireAsync());
        Assert.Equal(0, await ExpireAsync());
        Assert.Equal(ConfirmOutcome.Expired, await ConfirmAsync(token));
        Assert.Equal(1, await FreeSeatsAsync());
        Assert.Equal(1, await CountAsync("outbox where kind = 'sign_up.expired'"));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task The_same_address_can_sign_up_again_the_moment_its_hold_is_over()
    {
        await SignUpOnAsync(2);
        _database.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal(SignUpOutcome.MailSent, (await SignUpAsync(SignUps.Request(_run))).Outcome);
        Assert.Equal(1, await CountAsync("bookings where status = 'held'"));
        Assert.Equal(2, await CountAsync("outbox where kind = 'sign_up.confirm'"));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task Confirming_and_expiring_at_the_same_time_is_one_or_the_other()
    {
        await _database.Data.AddSeatsAsync(_run, 16, pool: "external");
        for (var i = 0; i < 16; i++)
        {
            await SignUpAsync(SignUps.Request(_run, $"p{i}@example.org"));
        }

        var tokens = new List<string>();
        foreach (var id in await _database.Data.QueryAsync<long>("select sign_up_id from sign_ups order by 1"))
        {
            tokens.Add(await AddLinkAsync(id));
        }

        // Half of them are over: the sweep and the confirmations meet on the same rows.
        await _database.Data.ExecuteAsync("update sign_ups set expires_at = @now where sign_up_id % 2 = 0", new { now = _database.Clock.GetUtcNow() });
        await Race.RunAsync(32, async i =>
        {
            if (i < 16)
            {
                await ConfirmAsync(tokens[i]);
            }
            else
            {
                await ExpireAsync();
            }

            return true;
        });

        Assert.Equal(8, await CountAsync("bookings where status = 'booked'"));
        Assert.Equal(8, await CountAsync("bookings where status = 'cancelled'"));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task Person_who_is_elsewhere_at_that_time_is_shown_the_other_course_and_the_seat_stays_held()
    {
        var token = await SignUpForOverlappingRunsAsync();

        var asked = await _database.Get<ConfirmSignUp>().RunAsync(new ConfirmRequest(token), CancellationToken.None);

        Assert.Equal(ConfirmOutcome.Overlaps, asked.Outcome);
        Assert.Equal("Det andet kursus", Assert.Single(asked.Overlaps).CourseTitle);
        Assert.Equal("held pending", await _database.Data.ScalarAsync<string>(
            "select bookings.status || ' ' || sign_ups.status from bookings join sign_ups using (booking_id) where bookings.run_id = @_run", new { _run }));
        Assert.Equal(0, await CountAsync($"outbox where kind = 'booking.invitation' and run_id = {_run}"));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task Person_who_says_that_both_are_wanted_has_both()
    {
        var token = await SignUpForOverlappingRunsAsync();

        var answer = await _database.Get<ConfirmSignUp>().RunAsync(new ConfirmRequest(token, AcceptsOverlap: true), CancellationToken.None);

        Assert.Equal(ConfirmOutcome.Confirmed, answer.Outcome);
        Assert.Equal(2, await CountAsync("bookings where status = 'booked'"));
        await Invariants.AssertHoldAsync(_database);
    }

    [Fact]
    public async Task Person_who_does_not_answer_about_the_other_course_loses_the_held_seat_in_time_only()
    {
        var token = await SignUpForOverlappingRunsAsync();
        Assert.Equal(ConfirmOutcome.Overlaps, await ConfirmAsync(token));
        _database.Clock.Advance(TimeSpan.FromMinutes(30));

        await ExpireAsync();

        Assert.Equal(1, await FreeSeatsAsync());
        var late = await _database.Get<ConfirmSignUp>().RunAsync(new ConfirmRequest(token, AcceptsOverlap: true), CancellationToken.None);
        Assert.Equal(ConfirmOutcome.Expired, late.Outcome);
    }

    /// <summary>Somebody has a seat elsewhere at the run's time, and a held one on it.</summary>
    /// <returns>The link that confirms the held seat.</returns>
    private async Task<string> SignUpForOverlappingRunsAsync()
    {
        var other = await _database.Data.AddCrossSectorRunAsync("Det andet kursus");
        await _database.Data.AddSeatsAsync(other, 1, pool: "external");
        await SignUpAsync(SignUps.Request(other));
        Assert.Equal(ConfirmOutcome.Confirmed, await ConfirmAsync(await AddLinkAsync()));
        await SignUpOnAsync(1);
        return await AddLinkAsync();
    }

    /// <summary>Somebody signs up on a run with so many external seats.</summary>
    private async Task SignUpOnAsync(int seats)
    {
        await _database.Data.AddSeatsAsync(_run, seats, pool: "external");
        Assert.Equal(SignUpOutcome.MailSent, (await SignUpAsync(SignUps.Request(_run))).Outcome);
    }

    private Task<long> CountAsync(string rows) => _database.Data.ScalarAsync<long>($"select count(*) from {rows}");

    private Task<long> FreeSeatsAsync() => CountAsync("seats where status = 'free'");

    [Fact]
    public async Task Held_seat_that_is_taken_away_ends_its_sign_up_and_the_address_may_sign_up_again()
    {
        await _database.Data.AddSeatsAsync(_run, 1, pool: "external");
        await SignUpAsync(SignUps.Request(_run));
        var token = await AddLinkAsync();
        await _database.Get<CancelBooking>().RunAsync(
            new CancelRequest(
                await _database.Data.ScalarAsync<Guid>("select reference from bookings"), BookingScope.All, Actor.System("test"), AcceptsLate: true),
            CancellationToken.None);

        Assert.Equal(ConfirmOutcome.Expired, await ConfirmAsync(token));
        await SignUpAsync(SignUps.Request(_run));

        Assert.Equal(1, await _database.Data.ScalarAsync<long>("select count(*) from bookings where status = 'held'"));
        await Invariants.AssertHoldAsync(_database);
    }

    private Task<int> ExpireAsync() => _database.Get<ExpireSignUps>().RunAsync(CancellationToken.None);

    private Task<SignUpResult> SignUpAsync(SignUpRequest request) => _database.Get<SignUp>().RunAsync(request, CancellationToken.None);

    private async Task<ConfirmOutcome> ConfirmAsync(string token) =>
        (await _database.Get<ConfirmSignUp>().RunAsync(new ConfirmRequest(token), CancellationToken.None)).Outcome;

    // The worker makes the link when it writes the mail.
    private async Task<string> AddLinkAsync(long? signUpId = null)
    {
        var token = LinkToken.Create();
        await _database.Data.ExecuteAsync(
            """
            insert into links (token_hash, purpose, sign_up_id, created_at, expires_at)
            select @hash, 'sign_up.confirm', sign_up_id, created_at, expires_at from sign_ups
            where sign_up_id = coalesce(@signUpId, (select max(sign_up_id) from sign_ups))
            """,
            new { hash = LinkToken.Hash(token), signUpId });
        return token;
    }
}
