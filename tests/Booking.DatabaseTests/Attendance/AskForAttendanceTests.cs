using Booking.Data.Attendance;
using Booking.Data.Bookings;
using Booking.DatabaseTests.Outbox;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Attendance;

/// <summary>
/// The mails to the instructor, and what happens when nobody answers. Eight in the morning in Copenhagen is 07:00 UTC in winter and 06:00 in
/// summer; the last session ends on 19 March 2027, so all of it is winter but for a run that is moved.
/// </summary>
public sealed class AskForAttendanceTests : IAsyncLifetime
{
    private static readonly DateTimeOffset DayBefore = new(2027, 3, 11, 7, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset FirstAsk = new(2027, 3, 20, 7, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Days2 = TimeSpan.FromDays(2);

    private AttendanceCase _case = null!;

    public async ValueTask InitializeAsync() => _case = await AttendanceCase.CreateAsync();

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Link_comes_once_the_day_before_at_eight_by_the_runs_clock()
    {
        Assert.Equal((0, 0), await _case.AtAsync(DayBefore - Moment));
        Assert.Equal((1, 0), await _case.AtAsync(DayBefore));
        Assert.Equal((0, 0), await _case.AtAsync(DayBefore + TimeSpan.FromHours(1)));
        Assert.Equal((0, 0), await _case.AtAsync(AttendanceCase.Second));
        Assert.Equal(
            ["attendance.link underviser1@example.org"],
            await _case.Data.QueryAsync<string>("select kind || ' ' || recipient_email from outbox where status = 'pending'"));
    }

    [Fact]
    public async Task After_a_stop_the_link_is_caught_up_on_until_the_last_session_ends()
    {
        Assert.Equal((1, 0), await _case.AtAsync(AttendanceCase.End - Moment));

        await _case.Data.ExecuteAsync("delete from outbox");
        Assert.Equal((0, 0), await _case.AtAsync(AttendanceCase.End));
    }

    [Theory]
    [InlineData("update runs set instructor_email = null")]
    [InlineData("update runs set instructor_email = ' '")]
    [InlineData("update runs set status = 'draft'")]
    [InlineData("update bookings set status = 'cancelled', cancelled_at = now()")]
    public async Task Nobody_is_mailed_where_nobody_teaches_or_nobody_comes(string change)
    {
        await _case.Data.ExecuteAsync(change);

        Assert.Equal(0, (await _case.AtAsync(DayBefore)).Mails);
        Assert.Equal(0, (await _case.AtAsync(FirstAsk)).Mails);
    }

    [Fact]
    public async Task Another_instructor_gets_the_link_too()
    {
        await _case.AtAsync(DayBefore);
        await _case.Data.ExecuteAsync("update runs set instructor_email = 'underviser2@example.org'");

        Assert.Equal((1, 0), await _case.AtAsync(DayBefore + TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task Instructor_is_asked_twice_and_then_everybody_unmarked_counts_as_attended()
    {
        _case.Clock.Set(AttendanceCase.First);
        await _case.MarkAsync(Mark.Absent, 1, _case.Bookings[1]);

        Assert.Equal((0, 0), await _case.AtAsync(FirstAsk - Moment));
        Assert.Equal((1, 0), await _case.AtAsync(FirstAsk));
        Assert.Equal((0, 0), await _case.AtAsync(FirstAsk + Days2 - Moment));
        Assert.Equal((1, 0), await _case.AtAsync(FirstAsk + Days2));
        Assert.Equal((0, 0), await _case.AtAsync(FirstAsk + Days2 + Days2 - Moment));
        Assert.Equal("booked absent booked", await _case.StatusesAsync());

        Assert.Equal((0, 1), await _case.AtAsync(FirstAsk + Days2 + Days2));

        Assert.Equal("attended absent attended", await _case.StatusesAsync());
        Assert.Equal("assumed", await _case.RunAsync());
        Assert.Equal((0, 0), await _case.AtAsync(FirstAsk + TimeSpan.FromDays(30)));
        Assert.Equal(["1", "2"], await _case.Data.QueryAsync<string>("select payload ->> 'ask' from outbox where kind = 'attendance.asked' order by outbox_id"));
        Assert.Equal(
            ["attendance.settled system 2", "attendance.assumed system", "attendance.assumed system"],
            await _case.Data.QueryAsync<string>(
                """
                select concat_ws(' ', action, actor_role, details ->> 'people') from audit_entries
                where actor = 'attendance' order by audit_id
                """));
    }

    [Fact]
    public async Task Marking_all_ends_the_questions_and_nothing_is_assumed()
    {
        await _case.AtAsync(FirstAsk);
        await _case.MarkAsync(Mark.RestPresent, 1);
        await _case.MarkAsync(Mark.RestPresent, 2);

        Assert.Equal("settled", await _case.RunAsync());
        Assert.Equal((0, 0), await _case.AtAsync(FirstAsk + Days2));
        Assert.Equal((0, 0), await _case.AtAsync(FirstAsk + Days2 + Days2));
        Assert.Equal("settled", await _case.RunAsync());
    }

    [Fact]
    public async Task Correction_after_it_was_assumed_is_taken_and_the_last_one_ends_the_assumption()
    {
        await AssumeAsync();

        await _case.MarkAsync(Mark.Absent, 1, _case.Bookings[0]);
        Assert.Equal("absent attended attended", await _case.StatusesAsync());
        Assert.Equal("assumed", await _case.RunAsync());
        // Taken back, it is assumed again: nobody is asked a third time.
        await _case.MarkAsync(Mark.NotAbsent, 1, _case.Bookings[0]);
        Assert.Equal("attended attended attended", await _case.StatusesAsync());
        Assert.Equal("assumed", await _case.RunAsync());

        await _case.MarkAsync(Mark.RestPresent, 1);
        Assert.Equal("settled", await _case.RunAsync());
    }

    [Fact]
    public async Task After_a_stop_the_questions_come_one_after_the_other_and_the_run_waits_for_them()
    {
        var late = FirstAsk + TimeSpan.FromDays(6) + TimeSpan.FromHours(5);

        Assert.Equal((1, 0), await _case.AtAsync(late));
        Assert.Equal((0, 0), await _case.AtAsync(late + TimeSpan.FromMinutes(5)));
        Assert.Equal((1, 0), await _case.AtAsync(FirstAsk + TimeSpan.FromDays(8)));
        Assert.Equal((0, 0), await _case.AtAsync(FirstAsk + TimeSpan.FromDays(9)));
        Assert.Equal((0, 1), await _case.AtAsync(FirstAsk + TimeSpan.FromDays(10)));
    }

    [Fact]
    public async Task After_fourteen_days_nobody_is_asked_any_more_and_the_run_is_settled_however_late()
    {
        Assert.Equal((0, 1), await _case.AtAsync(AttendanceCase.End + TimeSpan.FromDays(400)));
        Assert.Equal("assumed", await _case.RunAsync());
    }

    [Fact]
    public async Task Run_without_an_instructor_is_assumed_at_the_same_time()
    {
        await _case.Data.ExecuteAsync("update runs set instructor_email = null");

        Assert.Equal((0, 0), await _case.AtAsync(FirstAsk + Days2 + Days2 - Moment));
        Assert.Equal((0, 1), await _case.AtAsync(FirstAsk + Days2 + Days2));
        Assert.Equal("assumed", await _case.RunAsync());
    }

    [Fact]
    public async Task Postponed_run_is_mailed_and_asked_about_anew()
    {
        await _case.AtAsync(DayBefore);
        await _case.Run.PostponeAsync(TimeSpan.FromDays(14));
        await _case.Data.ExecuteAsync("update outbox set status = 'sent', sent_at = now()");

        Assert.Equal((0, 0), await _case.AtAsync(DayBefore + TimeSpan.FromDays(14) - Moment));
        Assert.Equal((1, 0), await _case.AtAsync(DayBefore + TimeSpan.FromDays(14)));
        Assert.Equal((0, 0), await _case.AtAsync(FirstAsk + Days2));
        // On 3 April clocks show summer.
        Assert.Equal((0, 0), await _case.AtAsync(FirstAsk + TimeSpan.FromDays(14) - TimeSpan.FromHours(1) - Moment));
        Assert.Equal((1, 0), await _case.AtAsync(FirstAsk + TimeSpan.FromDays(14) - TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task Cancelled_run_is_neither_asked_about_nor_settled()
    {
        await _case.AtAsync(DayBefore);
        await _case.Run.CancelAsync();

        Assert.Equal((0, 0), await _case.AtAsync(FirstAsk));
        Assert.Equal((0, 0), await _case.AtAsync(FirstAsk + TimeSpan.FromDays(30)));
        Assert.Equal("open", await _case.RunAsync());
    }

    [Fact]
    public async Task Mail_has_a_link_that_takes_attendance_until_fourteen_days_after_the_last_session()
    {
        await _case.AtAsync(DayBefore);
        await using var mail = MailCase.Over(_case.Run.Database);
        await mail.DeliverAsync();

        var text = mail.Server.TextTo("underviser1@example.org");
        var token = MailCase.Token(text, "/attendance/");
        var attendance = _case.Run.Database.Get<AttendanceRepository>();

        Assert.Equal("Fremmøde: Ro & nærvær, 12. marts 2027 kl. 8.30", Assert.Single(mail.Server.Mails)["Subject"]);
        Assert.Contains("Deltagere: 3", text, StringComparison.Ordinal);
        var hash = LinkToken.Hash(token);
        Assert.NotNull(await attendance.FindByTokenAsync(hash, AttendanceCase.End + TimeSpan.FromDays(14) - Moment, CancellationToken.None));
        Assert.Null(await attendance.FindByTokenAsync(hash, AttendanceCase.End + TimeSpan.FromDays(14), CancellationToken.None));
        await _case.Data.ExecuteAsync("update runs set instructor_email = 'underviser2@example.org'");
        Assert.Null(await attendance.FindByTokenAsync(hash, AttendanceCase.First, CancellationToken.None));
    }

    [Fact]
    public async Task Last_question_says_what_happens_otherwise()
    {
        await _case.AtAsync(FirstAsk);
        await _case.AtAsync(FirstAsk + Days2);
        await using var mail = MailCase.Over(_case.Run.Database);
        await mail.DeliverAsync();

        Assert.Equal(
            ["Hvem kom til Ro & nærvær? (H-1)", "Sidste påmindelse om fremmøde: Ro & nærvær (H-1)"],
            mail.Server.Mails.Select(sent => sent["Subject"]));
        var last = MimeReader.Text(MimeReader.Parts(mail.Server.Mails[1])[0]);
        Assert.Contains("inden for to dage, regnes de som mødt", last, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attendance.link", "update runs set instructor_email = 'underviser2@example.org'")]
    [InlineData("attendance.link", "update runs set status = 'cancelled'")]
    [InlineData("attendance.asked", "update runs set attendance_settled_at = now()")]
    public async Task Mail_that_is_no_use_any_more_is_not_sent(string kind, string change)
    {
        await _case.AtAsync(kind == "attendance.link" ? DayBefore : FirstAsk);
        await _case.Data.ExecuteAsync(change);
        await using var mail = MailCase.Over(_case.Run.Database);
        await mail.DeliverAsync();

        Assert.Empty(mail.Server.Taken);
        Assert.Equal("discarded", await _case.Data.ScalarAsync<string>("select status from outbox where kind = @kind", new { kind }));
    }

    private async Task AssumeAsync()
    {
        await _case.AtAsync(FirstAsk);
        await _case.AtAsync(FirstAsk + Days2);
        await _case.AtAsync(FirstAsk + Days2 + Days2);
        Assert.Equal("assumed", await _case.RunAsync());
    }
}
