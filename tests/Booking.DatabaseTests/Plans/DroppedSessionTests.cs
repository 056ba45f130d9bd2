using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Catalogue;
using Booking.Data.Plans;
using Booking.Data.Plans.Reading;
using Booking.Data.Runs;
using Booking.DatabaseTests.Bookings;
using Booking.DatabaseTests.Outbox;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Plans;

/// <summary>A course day that a changed plan drops: out of calendars when it stands in them, gone when it does not.</summary>
public sealed class DroppedSessionTests : PublishedRunTests
{
    private const string FirstDay = "15-03-2027 08:30-15:30";
    private const string SecondDay = "16-03-2027 08:30-15:30";

    [Fact]
    public async Task Session_that_is_in_nobodys_calendar_is_deleted()
    {
        Plan.Set(Runs, 1, "dage", FirstDay);

        Assert.Equal(["dage"], Fields(await ImportAsync()));

        Assert.Equal(1, await ScalarAsync<long>("select count(*) from sessions where run_id = @id", new { id = Run }));
    }

    [Theory]
    [InlineData("ical.js")]
    [InlineData("python3-icalendar")]
    public async Task Session_that_is_in_calendars_is_cancelled_there_and_the_other_stays(string judge)
    {
        await using var mail = MailCase.Over(Database);
        await ReserveAsync("1001", "1002");
        await mail.DeliverAsync();
        var invited = mail.Server.Calendars.Count;
        Plan.Set(Runs, 1, "dage", FirstDay);

        Assert.Empty((await ImportAsync()).Refusals);
        await mail.DeliverAsync();

        var stored = await Database.Data.QueryAsync<string>(
            """
            select uid || '|' || extract(epoch from starts_at)::bigint || '|' || extract(epoch from ends_at)::bigint
            from invitations join sessions using (session_id)
            where cancelled_at is not null and invitations.status = 'cancelled' and sent_sequence = 1
            order by 1
            """);
        var cancelled = (await Judges.ReadAsync(judge, [.. mail.Server.Calendars.Skip(invited)])).ToList();
        Assert.Equal(2, stored.Count);
        Assert.Equal(["CANCEL", "CANCEL"], cancelled.Select(calendar => calendar.Method));
        Assert.All(cancelled, calendar => Assert.Equal((1, "CANCELLED"), (calendar.Events[0].Sequence, calendar.Events[0].Status)));
        Assert.Equal(stored, cancelled.Select(calendar => calendar.Events[0]).Select(e => $"{e.Uid}|{e.Start}|{e.End}").Order(StringComparer.Ordinal));
        Assert.Equal(["1/0", "1/0"], await SequencesAsync());
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Mail_of_a_dropped_session_says_that_the_seat_stays_and_which_days_are_left()
    {
        await using var mail = MailCase.Over(Database);
        await ReserveAsync("1001");
        await mail.DeliverAsync();
        Plan.Set(Runs, 1, "dage", SecondDay);

        await ImportAsync();
        await mail.DeliverAsync();

        var message = mail.Server.Mails[^1];
        var text = MimeReader.Text(MimeReader.Parts(message)[0]);
        Assert.Equal("Kursusdag aflyst: Selvskade, mandag den 15. marts 2027", message["Subject"]);
        Assert.Contains("Du har stadig din plads på kurset.", text, StringComparison.Ordinal);
        Assert.Contains("tirsdag den 16. marts 2027", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ikke længere tilmeldt", text, StringComparison.Ordinal);
        Assert.Equal(["1/0"], await SequencesAsync());
        Assert.Equal(
            new DateTime(2027, 3, 16, 7, 30, 0, DateTimeKind.Utc), await ScalarAsync<DateTime>("select starts_at from runs where run_id = @id", new { id = Run }));
    }

    [Fact]
    public async Task Cancellation_that_the_mail_server_refused_for_a_day_is_the_same_bytes_afterwards()
    {
        await using var mail = MailCase.Over(Database);
        await ReserveAsync("1001");
        await mail.DeliverAsync();
        Plan.Set(Runs, 1, "dage", FirstDay);
        await ImportAsync();
        mail.Server.Answer(MailOutcome.TryAgain, MailOutcome.TryAgain);
        await mail.DeliverAsync();
        Database.Clock.Advance(TimeSpan.FromDays(1));
        await mail.DeliverAsync();
        Database.Clock.Advance(TimeSpan.FromDays(1));
        await mail.DeliverAsync();

        Assert.Single(mail.Server.TriedBytes.TakeLast(3).Distinct());
        Assert.Equal(0, await ScalarAsync<long>("select count(*) from outbox where status = 'pending'"));
    }

    [Fact]
    public async Task Session_that_was_never_told_is_cancelled_without_a_word()
    {
        await using var mail = MailCase.Over(Database);
        await ReserveAsync("1001");
        Plan.Set(Runs, 1, "dage", FirstDay);
        await ImportAsync();

        await mail.DeliverAsync();

        Assert.Single(mail.Server.Calendars);
        Assert.Equal(2, await ScalarAsync<long>("select count(*) from outbox where status = 'discarded'"));
    }

    [Fact]
    public async Task Dropped_session_is_seen_by_nobody_and_new_bookings_do_not_get_it()
    {
        await ReserveAsync("1001");
        Plan.Set(Runs, 1, "dage", FirstDay);
        await ImportAsync();

        await ReserveAsync("1002");

        Assert.Equal(["1/0", "1/0"], await SequencesAsync());
        Assert.Single((await Database.Get<CourseRepository>().FindRunAsync("K1-1", SeatViewer.Stranger, CancellationToken.None))!.Sessions);
        Assert.Equal(1, (await Database.Get<RunRepository>().FindForBookingAsync("K1-1", CancellationToken.None))!.SessionCount);
        Assert.True((await ImportAsync()).IsWithoutChange);
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Session_that_comes_back_is_a_new_event_for_everybody_who_is_booked()
    {
        await ReserveAsync("1001");
        var before = await Database.Data.QueryAsync<Guid>("select uid from invitations");
        Plan.Set(Runs, 1, "dage", SecondDay);
        await ImportAsync();
        Plan.Set(Runs, 1, "dage", $"{FirstDay} | {SecondDay}");

        await ImportAsync();

        Assert.Equal(["1/0", "2/0"], await SequencesAsync());
        Assert.Single((await Database.Data.QueryAsync<Guid>("select uid from invitations")).Except(before));
        Assert.Equal(3, await ScalarAsync<long>("select count(*) from sessions where run_id = @id", new { id = Run }));
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Dropped_middle_day_leaves_the_others_alone_and_numbers_them_anew()
    {
        Plan.Set(Runs, 1, "dage", $"{FirstDay} | {SecondDay} | 22-03-2027 08:30-12:00");
        await ImportAsync();
        await ReserveAsync("1001");
        Plan.Set(Runs, 1, "dage", $"{FirstDay} | 22-03-2027 08:30-12:00 | 23-03-2027 08:30-12:00 | 24-03-2027 08:30-12:00");

        await ImportAsync();

        // The dropped day is moved to the first new one: one mail instead of a cancellation and an invitation.
        Assert.Equal(["1/0", "2/0", "3/1", "4/0"], await SequencesAsync());
        Plan.Set(Runs, 1, "dage", $"{FirstDay} | 24-03-2027 09:00-12:00");
        await ImportAsync();
        Assert.Equal(["1/0", "2/1"], await SequencesAsync());
        Assert.Equal(2, await ScalarAsync<long>("select count(*) from outbox where kind = 'booking.cancellation'"));
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Session_that_has_begun_is_kept_with_its_deadlines_and_named()
    {
        await ReserveAsync("1001");
        Database.Clock.Set(new DateTimeOffset(2027, 3, 15, 9, 0, 0, TimeSpan.Zero));
        Plan.Set(Runs, 1, "dage", SecondDay).Set(Runs, 1, "afmeldingsfrist", "02-03-2027 12:00").Set(Runs, 1, "sted", "Ny sal");

        var result = await ImportAsync();

        Assert.Equal(["sted"], Fields(result));
        Assert.Equal(
            "K1-1: dage: 1 kursusdag i stedet for 2 — kursusdag 1 er begyndt, og tilmeldte har den i deres kalender",
            Assert.Single(result.Refusals).ToString());
    }

    [Fact]
    public async Task Booking_cancelled_after_its_session_was_dropped_cancels_only_what_is_left()
    {
        var reserved = await ReserveAsync("1001");
        Plan.Set(Runs, 1, "dage", FirstDay);
        await ImportAsync();

        await Database.Get<CancelBooking>().RunAsync(
            new CancelRequest(reserved[0].Reference!.Value, BookingScope.All, Actor.System("test"), AcceptsLate: false), CancellationToken.None);

        Assert.Equal([1, 1], await Database.Data.QueryAsync<int>("select sequence from invitations where status = 'cancelled'"));
        Assert.Equal(2, await ScalarAsync<long>("select count(*) from outbox where kind = 'booking.cancellation'"));
    }

    [Fact]
    public async Task Reservations_while_a_session_is_dropped_end_with_the_days_that_are_left()
    {
        var reserve = Database.Get<ReserveSeats>();
        for (var number = 2001; number <= 2005; number++)
        {
            Plan.Add(PlanFileNames.Employees, 1, ("medarbejdernr", $"{number}"), ("e-mail", $"m{number}@example.org"));
        }

        await ImportAsync();
        var people = await Database.Data.QueryAsync<long>("select person_id from people where employee_number like '2%'");
        Plan.Set(Runs, 1, "dage", FirstDay);

        await Race.RunAsync(6, async i => i == 5
            ? (await ImportAsync()).Refusals.Count == 0
            : (await reserve.RunAsync(new ReserveRequest(Run, North, [people[i]], Secretary), CancellationToken.None))[0].Outcome is ReserveOutcome.Booked);

        Assert.All(await SequencesAsync(), sequence => Assert.Equal("1/0", sequence));
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Reservation_that_waits_for_the_import_does_not_get_the_dropped_session()
    {
        var session = (await SessionIdsAsync())[1];

        await DropDuringAsync(session, async () => await ReserveAsync("1001"));

        Assert.Equal(["1/0"], await SequencesAsync());
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Negative_control_without_the_share_lock_a_booking_gets_the_dropped_session()
    {
        await ReserveAsync("1001");
        var session = (await SessionIdsAsync())[1];
        await Database.Data.ExecuteAsync("delete from invitations");

        await DropDuringAsync(session, () => Database.Data.ExecuteAsync(
            """
            insert into invitations (booking_id, session_id)
            select booking_id, session_id from bookings join sessions using (run_id)
            where run_id = @id and sessions.cancelled_at is null
            order by session_id
            """,
            new { id = Run }));

        Assert.Equal(1, await ScalarAsync<long>(
            "select count(*) from invitations join sessions using (session_id) where status = 'active' and cancelled_at is not null"));
    }

    /// <summary>Drops a session as an import does, while somebody else makes events.</summary>
    private async Task DropDuringAsync(long session, Func<Task> reservation)
    {
        var sessions = new PlanSessionRepository();
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await sessions.LockAsync(transaction, Run, CancellationToken.None);
        await sessions.CancelAsync(transaction, [session], Database.Clock.GetUtcNow(), CancellationToken.None);
        var waiting = reservation();
        await WaitUntilSomebodyWaitsAsync();
        await transaction.CommitAsync();
        await waiting;
    }
}
