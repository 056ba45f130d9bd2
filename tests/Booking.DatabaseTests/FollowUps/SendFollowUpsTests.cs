using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.FollowUps;

/// <summary>When follow-ups are asked, of whom, and that each is asked once.</summary>
public sealed class SendFollowUpsTests : IAsyncLifetime
{
    private FollowUpCase _case = null!;

    public async ValueTask InitializeAsync() => _case = await FollowUpCase.CreateAsync();

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Whoever_attended_is_asked_at_eight_the_day_after_and_after_30_60_and_90_days_and_the_leader_after_60()
    {
        await _case.AddAsync(leader: "leder@example.org");
        var second = TimeSpan.FromSeconds(1);

        foreach (var (due, expected) in new[]
        {
            (FollowUpCase.EvaluationDue, 1), (FollowUpCase.Use30Due, 1), (FollowUpCase.Use60Due, 2), (FollowUpCase.Use90Due, 1),
        })
        {
            Assert.Equal(0, await _case.AtAsync(due - second));
            Assert.Equal(expected, await _case.AtAsync(due));
            Assert.Equal(0, await _case.AtAsync(due + second));
        }

        Assert.Equal(["evaluation 1", "use 30", "leader 60", "use 60", "use 90"], (await _case.MailsAsync()).Order(new ByDays()));
        Assert.Equal(
            "leder@example.org", await _case.Data.ScalarAsync<string>("select recipient_email from outbox where kind = 'follow_up.leader'"));
        Assert.Equal(5, await _case.Data.ScalarAsync<long>("select count(distinct queue) from outbox"));
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("booked")]
    [InlineData("cancelled")]
    public async Task Who_did_not_attend_is_not_asked(string status)
    {
        await _case.AddAsync(status, leader: "leder@example.org");

        Assert.Equal(0, await _case.AtAsync(FollowUpCase.EvaluationDue));
        Assert.Equal(0, await _case.AtAsync(FollowUpCase.Use60Due));
    }

    [Fact]
    public async Task Substitute_is_asked_and_whoever_gave_the_seat_away_is_not()
    {
        await _case.AddAsync("cancelled", email: "foer@example.org");
        await _case.AddAsync(email: "nu@example.org");

        Assert.Equal(1, await _case.AtAsync(FollowUpCase.EvaluationDue));
        Assert.Equal("nu@example.org", await _case.Data.ScalarAsync<string>("select recipient_email from outbox"));
    }

    [Fact]
    public async Task Attendance_that_is_settled_late_is_caught_up_on_for_14_days_and_no_longer()
    {
        var late = await _case.AddAsync("booked");
        var tooLate = await _case.AddAsync("booked");
        var window = TimeSpan.FromDays(14);
        Assert.Equal(0, await _case.AtAsync(FollowUpCase.EvaluationDue + TimeSpan.FromDays(4)));

        await AttendAsync(late);
        Assert.Equal(1, await _case.AtAsync(FollowUpCase.EvaluationDue + window - TimeSpan.FromSeconds(1)));
        await AttendAsync(tooLate);

        Assert.Equal(0, await _case.AtAsync(FollowUpCase.EvaluationDue + window));
        Assert.Equal(2, await _case.AtAsync(FollowUpCase.Use30Due + window - TimeSpan.FromSeconds(1)));
        Assert.Equal(0, await _case.AtAsync(FollowUpCase.Use60Due + window));
        Assert.Equal(2, await _case.AtAsync(FollowUpCase.Use90Due + window - TimeSpan.FromSeconds(1)));
    }

    [Theory]
    // The last session ends late in the evening: UTC is on the same date, Copenhagen too, and a run elsewhere is on its own clock.
    [InlineData("2027-03-27T22:30:00Z", "Europe/Copenhagen", "2027-03-28T06:00:00Z")]
    [InlineData("2027-03-27T23:30:00Z", "Europe/Copenhagen", "2027-03-29T06:00:00Z")]
    [InlineData("2027-10-30T14:30:00Z", "Europe/Copenhagen", "2027-10-31T07:00:00Z")]
    [InlineData("2027-10-29T22:30:00Z", "Europe/Copenhagen", "2027-10-31T07:00:00Z")]
    [InlineData("2027-06-01T23:30:00Z", "America/Godthab", "2027-06-02T09:00:00Z")]
    public async Task Evaluation_comes_at_eight_by_the_runs_clock_when_clocks_change(string ended, string zone, string due)
    {
        await _case.AddAsync();
        await _case.Data.ExecuteAsync(
            "update runs set ends_at = @ended::timestamptz, time_zone = @zone where run_id = @Run", new { ended, zone, _case.Run });
        var at = DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(0, await _case.AtAsync(at - TimeSpan.FromSeconds(1)));
        Assert.Equal(1, await _case.AtAsync(at));
    }

    [Theory]
    [InlineData("update people set is_active = false")]
    [InlineData("update people set email = 'slettet'")]
    [InlineData("insert into follow_up_opt_outs select lower(email), 'evaluation', now() from people")]
    [InlineData("update runs set status = 'cancelled'")]
    public async Task Who_left_has_no_address_or_wants_none_is_not_asked(string change)
    {
        await _case.AddAsync(email: "Anna@example.org");
        await _case.Data.ExecuteAsync(change);

        Assert.Equal(0, await _case.AtAsync(FollowUpCase.EvaluationDue));
    }

    [Fact]
    public async Task What_is_turned_off_is_one_kind_and_the_others_come()
    {
        await _case.AddAsync(email: "anna@example.org", leader: "LEDER@example.org");
        await _case.Data.ExecuteAsync(
            "insert into follow_up_opt_outs values ('anna@example.org', 'evaluation', now()), ('leder@example.org', 'leader', now())");

        Assert.Equal(0, await _case.AtAsync(FollowUpCase.EvaluationDue));
        Assert.Equal(1, await _case.AtAsync(FollowUpCase.Use60Due));
        Assert.Equal(["use 60"], await _case.MailsAsync());
    }

    [Fact]
    public async Task Many_nodes_at_once_ask_each_once()
    {
        for (var person = 0; person < 40; person++)
        {
            await _case.AddAsync(leader: "leder@example.org");
        }

        _case.Database.Clock.Set(FollowUpCase.Use60Due);
        await Race.RunAsync(8, _ => _case.Database.Get<Booking.Data.FollowUps.SendFollowUps>().RunAsync(CancellationToken.None));

        Assert.Equal(80, await _case.Data.ScalarAsync<long>("select count(*) from follow_up_forms"));
        Assert.Equal(80, await _case.Data.ScalarAsync<long>("select count(*) from outbox"));
    }

    [Fact]
    public async Task Completed_run_is_asked_about_too_and_more_than_one_batch_is_written()
    {
        await _case.Data.ExecuteAsync("update runs set status = 'completed'");
        await _case.Data.AddSeatsAsync(_case.Run, 1100, _case.Department);
        await _case.Data.ExecuteAsync(
            """
            with made as (
                insert into people (kind, employee_number, name, email, department_id)
                select 'employee', 'x' || n, 'Person ' || n, 'x' || n || '@example.org', @Department from generate_series(1, 1100) n
                returning person_id
            )
            insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
            select @Run, row_number() over (), person_id, @Department, 'department', 'attended', 'secretary', 'sek@example.org', now() from made
            """,
            new { _case.Run, _case.Department });

        Assert.Equal(1100, await _case.AtAsync(FollowUpCase.EvaluationDue));
    }

    private Task AttendAsync(long booking) =>
        _case.Data.ExecuteAsync("update bookings set status = 'attended' where booking_id = @booking", new { booking });

    private sealed class ByDays : IComparer<string>
    {
        public int Compare(string? x, string? y) => (Days(x!), x).CompareTo((Days(y!), y));

        private static int Days(string mail) => int.Parse(mail.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
