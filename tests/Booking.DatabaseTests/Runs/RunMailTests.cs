using Booking.Data.Bookings;
using Booking.Data.Runs;
using Booking.DatabaseTests.Bookings;
using Booking.DatabaseTests.Outbox;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Runs;

/// <summary>What people read, and what their calendars are told, when a run is cancelled, moved or too small.</summary>
public sealed class RunMailTests : IAsyncLifetime
{
    private RunCase _case = null!;
    private MailCase _mail = null!;

    public async ValueTask InitializeAsync()
    {
        _case = await RunCase.CreateAsync();
        _mail = MailCase.Over(_case.Database);
        await _case.Data.AddSeatsAsync(_case.Run, 2, _case.A);
        await _case.Data.AddSeatsAsync(_case.Run, 2, pool: "external");
    }

    public async ValueTask DisposeAsync()
    {
        await _mail.DisposeAsync();
        await _case.DisposeAsync();
    }

    [Theory]
    [InlineData("ical.js")]
    [InlineData("python3-icalendar")]
    [InlineData("libical")]
    public async Task A_cancelled_run_leaves_the_calendar_and_says_why_and_which_others_there_are(string judge)
    {
        await BookAnnaAsync();
        await AddOtherRunAsync("H-2", _case.A);
        await AddOtherRunAsync("H-3", _case.B);
        await _mail.DeliverAsync();
        await _case.CancelAsync("Underviseren <er> syg");
        await _mail.DeliverAsync();

        var calendars = await Judges.ReadAsync(judge, _mail.Server.Calendars);
        Assert.Equal(["REQUEST", "REQUEST", "CANCEL", "CANCEL"], calendars.Select(calendar => calendar.Method));
        Assert.Equal(Uids(calendars.Take(2)), Uids(calendars.Skip(2)));
        Assert.All(calendars.Skip(2), calendar => Assert.Equal((1, "CANCELLED"), (calendar.Events[0].Sequence, calendar.Events[0].Status)));
        var texts = TextsTo("anna@example.org").Skip(2).ToList();
        Assert.Equal(3, texts.Count);
        Assert.Equal(2, texts.Count(text => text.Contains("Kurset er aflyst", StringComparison.Ordinal) && !text.Contains("Begrundelse", StringComparison.Ordinal)));
        Assert.DoesNotContain(texts, text => text.Contains("ikke længere tilmeldt", StringComparison.Ordinal) || text.Contains("tilmelde dig igen", StringComparison.Ordinal));
        var letter = Assert.Single(texts, text => text.Contains("Begrundelse: Underviseren <er> syg", StringComparison.Ordinal));
        Assert.Contains("https://kurser.example.org/runs/H-2", letter, StringComparison.Ordinal);
        Assert.DoesNotContain("H-3", letter, StringComparison.Ordinal);
        Assert.Contains("Skriv til din afdelings sekretær", letter, StringComparison.Ordinal);
        Assert.Contains("&lt;er&gt;", MimeReader.Text(MimeReader.Parts(_mail.Server.Mails[^1])[1]) + string.Concat(_mail.Server.Mails.Select(mail => MimeReader.Text(MimeReader.Parts(mail)[1]))), StringComparison.Ordinal);
        Assert.Contains("Aflyst: Ro & nærvær (1/2)", _mail.Server.Mails.Select(mail => mail["Subject"]));
    }

    [Fact]
    public async Task Somebody_who_was_never_told_of_the_seat_gets_the_letter_and_no_calendar_mail()
    {
        await BookAnnaAsync();
        await _case.CancelAsync();
        await _mail.DeliverAsync();

        Assert.Empty(_mail.Server.Calendars);
        Assert.Contains("Der er ikke andre hold", Assert.Single(TextsTo("anna@example.org")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Those_who_waited_held_seats_or_had_not_confirmed_read_their_own_words()
    {
        await _case.HoldForNameAsync(1);
        await BookAnnaAsync();
        var waiting = await _case.JoinAsync(_case.A);
        await _case.Data.ExecuteAsync("update people set language = 'en', email = 'wait@example.org' where person_id = @waiting", new { waiting });
        await _case.Database.Get<SignUp>().RunAsync(SignUps.Request(_case.Run) with { Name = "Viagra spam.example" }, CancellationToken.None);
        // Mails of waiting lists have tests of their own.
        await _case.Data.ExecuteAsync("delete from outbox");

        await _case.CancelAsync();
        await _mail.DeliverAsync();

        Assert.Contains("You were on the waiting list", _mail.Server.TextTo("wait@example.org"), StringComparison.Ordinal);
        Assert.Contains("Du havde 1 plads uden navn", _mail.Server.TextTo("sek@example.org"), StringComparison.Ordinal);
        var stranger = _mail.Server.TextTo("ekstern@example.org");
        Assert.Contains("ikke bekræftet endnu", stranger, StringComparison.Ordinal);
        Assert.DoesNotContain("Viagra", stranger, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_waits_to_be_sent_is_not_sent_after_the_run_was_cancelled()
    {
        await _case.Database.Get<SignUp>().RunAsync(SignUps.Request(_case.Run), CancellationToken.None);
        await _case.CancelAsync();
        await _mail.DeliverAsync();

        Assert.Contains("er aflyst", _mail.Server.TextTo("ekstern@example.org"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ical.js")]
    [InlineData("python3-icalendar")]
    [InlineData("libical")]
    public async Task A_moved_run_is_the_same_event_with_a_higher_sequence_and_the_new_time(string judge)
    {
        await BookAnnaAsync();
        await _mail.DeliverAsync();
        await _case.PostponeAsync(TimeSpan.FromDays(7));
        await _mail.DeliverAsync();

        var calendars = await Judges.ReadAsync(judge, _mail.Server.Calendars);
        Assert.All(calendars, calendar => Assert.Equal("REQUEST", calendar.Method));
        Assert.Equal(Uids(calendars.Take(2)), Uids(calendars.Skip(2)));
        Assert.All(calendars.Skip(2), calendar => Assert.Equal(1, calendar.Events[0].Sequence));
        Assert.Equal(
            await _case.Data.QueryAsync<long>("select extract(epoch from starts_at)::bigint from sessions order by number"),
            calendars.Skip(2).Select(calendar => calendar.Events[0].Start).Order());
        Assert.Contains("Ændret: Ro & nærvær (1/2)", _mail.Server.Mails.Select(mail => mail["Subject"]));
    }

    [Fact]
    public async Task The_instructor_is_told_of_both()
    {
        await _case.PostponeAsync(TimeSpan.FromDays(7));
        await _mail.DeliverAsync();
        var moved = _mail.Server.TextTo("underviser1@example.org");
        Assert.Contains("fredag den 19. marts 2027", moved, StringComparison.Ordinal);

        await _case.CancelAsync();
        await _mail.DeliverAsync();
        var cancelled = TextsTo("underviser1@example.org").Last();
        Assert.Contains("Du skulle undervise på holdet", cancelled, StringComparison.Ordinal);
        Assert.DoesNotContain("andre hold", cancelled, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("da", "Bytteforslaget er bortfaldet", "Aflyst: Ro & nærvær (H-1)", "Du skal ikke svare alligevel", "Begrundelse: Underviseren er syg")]
    [InlineData("en", "The proposal has lapsed", "Cancelled: Ro & nærvær (H-1)", "You need not answer after all", "Reason: Underviseren er syg")]
    public async Task Both_departments_of_a_swap_and_the_leader_who_was_asked_are_told(
        string language, string lapsed, string which, string noAnswer, string reason)
    {
        await _case.Data.ExecuteAsync("insert into department_secretaries values (@B, 'sek-b@example.org')", new { _case.B });
        await ProposeAsync();
        await AskLeaderAsync();
        foreach (var address in new[] { "sek@example.org", "sek-b@example.org", "leder@example.org" })
        {
            await _case.Data.AddEmployeeAsync(_case.A, email: address);
        }

        await _case.Data.ExecuteAsync("update people set language = @language", new { language });
        await _mail.DeliverAsync();
        await _case.CancelAsync();
        await _mail.DeliverAsync();

        foreach (var address in new[] { "sek@example.org", "sek-b@example.org" })
        {
            var text = Assert.Single(TextsTo(address), text => text.Contains(lapsed, StringComparison.Ordinal));
            Assert.Contains(which, text, StringComparison.Ordinal);
            Assert.DoesNotContain("{", text, StringComparison.Ordinal);
        }

        var leader = TextsTo("leder@example.org").Last();
        Assert.Contains(noAnswer, leader, StringComparison.Ordinal);
        Assert.Contains(reason, leader, StringComparison.Ordinal);
        Assert.DoesNotContain("{", leader, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leader_whose_question_never_left_is_not_told_that_no_answer_is_needed()
    {
        await AskLeaderAsync();
        await _case.CancelAsync();
        await _mail.DeliverAsync();

        Assert.Empty(TextsTo("leder@example.org"));
        Assert.Equal("discarded", await _case.Data.ScalarAsync<string>("select status from outbox where kind = 'approval.void'"));
    }

    [Fact]
    public async Task Personal_links_are_good_until_the_new_start_of_a_run_that_is_moved()
    {
        await BookAnnaAsync();
        await _case.Data.ExecuteAsync("update seats set status = 'taken' where run_id = @Run and status = 'free'", new { _case.Run });
        await _case.JoinAsync(_case.A);
        await _mail.DeliverAsync();
        // The second course day keeps its time: nobody gets a fresh link for it.
        await _case.Data.ExecuteAsync("update sessions set starts_at = starts_at + interval '30 days', ends_at = ends_at + interval '30 days' where number = 2");
        await _case.PostponeAsync(TimeSpan.FromDays(7));

        Assert.Equal(["booking.manage true", "booking.manage true", "waiting_list.entry true"], await _case.Data.QueryAsync<string>(
            "select purpose || ' ' || (expires_at = starts_at) from links, runs where code = 'H-1' order by 1"));
    }

    [Fact]
    public async Task Hr_reads_how_many_are_missing_and_is_led_to_the_page()
    {
        await _case.Data.ExecuteAsync("update runs set minimum_participants = 3");
        await BookAnnaAsync();
        await _mail.DeliverAsync();
        _case.Database.Clock.Advance(TimeSpan.FromDays(58));
        await _case.Database.Get<WarnOfMinimum>().RunAsync(CancellationToken.None);
        await _mail.DeliverAsync();

        var text = _mail.Server.TextTo("hr@example.org");
        Assert.Contains("1 af de mindst 3 deltagere", text, StringComparison.Ordinal);
        Assert.Contains("https://kurser.example.org/hr/runs/H-1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_that_is_decided_before_it_left_is_not_sent()
    {
        await _case.Data.ExecuteAsync("update runs set minimum_participants = 3");
        _case.Database.Clock.Advance(TimeSpan.FromDays(58));
        await _case.Database.Get<WarnOfMinimum>().RunAsync(CancellationToken.None);
        await _case.Database.Get<KeepRun>().RunAsync(_case.Run, RunCase.Hr, CancellationToken.None);
        await _mail.DeliverAsync();

        Assert.Empty(_mail.Server.Taken);
        Assert.Equal("discarded", await _case.Data.ScalarAsync<string>("select status from outbox where kind = 'run.minimum_warning'"));
    }

    private Task ProposeAsync() => _case.Data.ExecuteAsync(
        """
        insert into seat_swaps (from_department_id, to_department_id, offered_run_id, offered_seats, proposed_by, proposed_at, expires_at)
        values (@A, @B, @Run, 1, 'sek@example.org', @now, @now::timestamptz + interval '9 days')
        """,
        new { _case.A, _case.B, _case.Run, now = _case.Database.Clock.GetUtcNow() });

    private async Task AskLeaderAsync()
    {
        await _case.Data.ExecuteAsync("update runs set requires_approval = true");
        await _case.ReserveAsync(_case.A, await _case.Data.AddEmployeeAsync(_case.A, "Anna Ørsted", "anna@example.org", leaderEmail: "leder@example.org"));
    }

    private async Task BookAnnaAsync() =>
        await _case.ReserveAsync(_case.A, await _case.Data.AddEmployeeAsync(_case.A, "Anna Ørsted", "anna@example.org"));

    private async Task AddOtherRunAsync(string code, long department)
    {
        var run = await _case.Data.AddRunAsync(_case.Course, code, daysFromNow: 90);
        await _case.Data.AddSeatsAsync(run, 1, department);
    }

    private IEnumerable<string> TextsTo(string address) => _mail.Server.Taken
        .Where(mail => mail.EnvelopeTo == address)
        .Select(mail => MimeReader.Text(MimeReader.Parts(MimeReader.Read(mail.Message))[0]));

    private static IEnumerable<string> Uids(IEnumerable<JudgedCalendar> calendars) =>
        calendars.Select(calendar => calendar.Events[0].Uid).Order(StringComparer.Ordinal);
}
