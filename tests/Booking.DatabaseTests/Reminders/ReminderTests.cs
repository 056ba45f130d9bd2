using Booking.Data.Bookings;
using Booking.Data.Reminders;
using Booking.DatabaseTests.Outbox;
using Booking.DatabaseTests.Runs;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Reminders;

/// <summary>Reminders before a run. The run begins on Friday 12 March 2027 at 8.30 in Copenhagen, 07:30 UTC.</summary>
public sealed class ReminderTests : IAsyncLifetime
{
    private static readonly DateTimeOffset WeekBefore = new(2027, 3, 5, 7, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset DayBefore = new(2027, 3, 11, 7, 0, 0, TimeSpan.Zero);

    private RunCase _case = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _case = await RunCase.CreateAsync();
        await _case.Data.AddSeatsAsync(_case.Run, 4, pool: "open");
    }

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Participant_is_reminded_once_a_week_before_and_once_the_day_before()
    {
        await _case.ReserveAsync(_case.A);

        Assert.Equal(0, await AtAsync(WeekBefore - TimeSpan.FromSeconds(1)));
        Assert.Equal(1, await AtAsync(WeekBefore));
        Assert.Equal(0, await AtAsync(WeekBefore + TimeSpan.FromDays(1)));
        Assert.Equal(0, await AtAsync(DayBefore - TimeSpan.FromSeconds(1)));
        Assert.Equal(1, await AtAsync(DayBefore));
        Assert.Equal(0, await AtAsync(DayBefore + TimeSpan.FromDays(1)));
        Assert.Equal(["7", "1"], await _case.Data.QueryAsync<string>("select payload ->> 'days' from outbox where kind = 'booking.reminder' order by outbox_id"));
    }

    [Fact]
    public async Task Whoever_got_the_seat_since_was_told_just_now_and_is_reminded_the_next_time()
    {
        _case.Database.Clock.Set(WeekBefore + TimeSpan.FromMinutes(1));
        await _case.ReserveAsync(_case.A);

        Assert.Equal(0, await AtAsync(WeekBefore + TimeSpan.FromHours(1)));
        Assert.Equal(1, await AtAsync(DayBefore));
    }

    [Fact]
    public async Task After_a_stop_only_the_later_reminder_is_caught_up_on()
    {
        await _case.ReserveAsync(_case.A);

        Assert.Equal(1, await AtAsync(DayBefore + TimeSpan.FromHours(20)));
        Assert.Equal("1", await _case.Data.ScalarAsync<string>("select payload ->> 'days' from outbox where kind = 'booking.reminder'"));
    }

    [Fact]
    public async Task Seats_without_a_person_or_given_up_and_other_runs_bring_no_reminder()
    {
        await _case.HoldForNameAsync(1);
        await CancelAsync((await _case.ReserveAsync(_case.A)).Reference!.Value);
        await _case.Data.AddRunAsync(_case.Course, "H-2", daysFromNow: 90);

        Assert.Equal(0, await AtAsync(WeekBefore));
    }

    [Fact]
    public async Task Postponed_run_is_reminded_of_anew()
    {
        await _case.ReserveAsync(_case.A);
        Assert.Equal(1, await AtAsync(WeekBefore));

        await _case.PostponeAsync(TimeSpan.FromDays(14));

        Assert.Equal(0, await AtAsync(DayBefore));
        Assert.Equal(1, await AtAsync(WeekBefore + TimeSpan.FromDays(14)));
    }

    [Theory]
    // The night of 28 March 2027 has 23 hours, that of 31 October 25: eight in the morning is eight in the morning.
    [InlineData("2027-03-29T06:30:00Z", "2027-03-28T06:00:00Z")]
    [InlineData("2027-11-01T07:30:00Z", "2027-10-31T07:00:00Z")]
    public async Task Reminder_comes_at_eight_by_the_runs_clock_when_clocks_change(string begins, string due)
    {
        await _case.ReserveAsync(_case.A);
        await _case.Data.ExecuteAsync(
            "update runs set starts_at = @begins::timestamptz, ends_at = @begins::timestamptz + interval '7 hours' where run_id = @Run",
            new { begins, _case.Run });
        var at = DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture);
        // The week's reminder is out of the way.
        await AtAsync(at - TimeSpan.FromDays(2));

        Assert.Equal(0, await AtAsync(at - TimeSpan.FromSeconds(1)));
        Assert.Equal(1, await AtAsync(at));
    }

    [Fact]
    public async Task Mail_says_when_and_where_and_its_link_gives_the_seat_up()
    {
        var person = await _case.Data.AddEmployeeAsync(_case.A, "Anna Ågård", "anna@example.org");
        await _case.ReserveAsync(_case.A, person);
        await _case.Data.ExecuteAsync("delete from outbox");
        await AtAsync(DayBefore);
        await using var mail = MailCase.Over(_case.Database);
        await mail.DeliverAsync();

        var text = mail.Server.TextTo("anna@example.org");

        Assert.Equal("I morgen: Ro & nærvær", Assert.Single(mail.Server.Mails)["Subject"]);
        Assert.Contains("Psykiatriens Hus, lokale 1, Mølleparkvej 10, 9000 Aalborg", text, StringComparison.Ordinal);
        Assert.Contains("fredag den 12. marts 2027", text, StringComparison.Ordinal);
        Assert.Contains("fredag den 19. marts 2027", text, StringComparison.Ordinal);
        Assert.Contains("Fristen for afmelding er overskredet", text, StringComparison.Ordinal);
        Assert.Equal(43, MailCase.Token(text, "/bookings/manage/").Length);
        Assert.Equal(1, await _case.Data.ScalarAsync<long>("select count(*) from links where purpose = 'booking.manage'"));
    }

    [Fact]
    public async Task Reminder_of_a_seat_given_up_meanwhile_is_not_sent()
    {
        var booking = (await _case.ReserveAsync(_case.A)).Reference!.Value;
        await _case.Data.ExecuteAsync("delete from outbox");
        await AtAsync(WeekBefore);
        await CancelAsync(booking);
        await _case.Data.ExecuteAsync("delete from outbox where kind <> 'booking.reminder'");
        await using var mail = MailCase.Over(_case.Database);
        await mail.DeliverAsync();

        Assert.Empty(mail.Server.Taken);
        Assert.Equal("discarded", await _case.Data.ScalarAsync<string>("select status from outbox"));
    }

    private Task<CancelOutcome> CancelAsync(Guid booking) => _case.Database.Get<CancelBooking>().RunAsync(
        new CancelRequest(booking, BookingScope.All, _case.SecretaryOf(_case.A), AcceptsLate: true), Stop);

    private Task<int> AtAsync(DateTimeOffset instant)
    {
        _case.Database.Clock.Set(instant);
        return _case.Database.Get<SendReminders>().RunAsync(Stop);
    }
}
