using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Outbox;

/// <summary>From a decision to the bytes that leave, over the real use cases and a mail server that answers as it is told.</summary>
public sealed class MailPathTests : IAsyncLifetime
{
    private MailCase _case = null!;
    private long _department;
    private long _run;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ScriptedTransport Server => _case.Server;

    private TestData Data => _case.Database.Data;

    public async ValueTask InitializeAsync()
    {
        _case = await MailCase.CreateAsync();
        _department = await Data.AddDepartmentAsync("A", "Afdeling A", secretary: "sek@example.org");
        _run = await Data.AddRunAsync(await Data.AddCourseAsync(title: "Ro & nærvær"), "H2704", sessions: 2);
        await Data.AddSeatsAsync(_run, 3, _department);
    }

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Theory]
    [InlineData("ical.js")]
    [InlineData("python3-icalendar")]
    [InlineData("libical")]
    public async Task Reservation_sends_an_invitation_per_session_a_receipt_and_a_notice(string judge)
    {
        await ReserveAsync("Anna, Ørsted; \"Nanna\"");

        await _case.DeliverAsync();

        Assert.Equal(
            ["anna@example.org", "anna@example.org", "leder@example.org", "sek@example.org"],
            Server.Taken.Select(mail => mail.EnvelopeTo).Order(StringComparer.Ordinal));
        var invitations = Server.Mails.Where(mail => mail["To"].Contains("anna@", StringComparison.Ordinal)).ToList();
        Assert.Equal(["Din plads på Ro & nærvær (1/2)", "Din plads på Ro & nærvær (2/2)"], invitations.Select(mail => mail["Subject"]));
        Assert.Equal(["text/plain", "text/html", "text/calendar"], MimeReader.Parts(invitations[0]).Select(part => part.MediaType));
        Assert.Equal("REQUEST", MimeReader.Parts(invitations[0])[2].Parameter("method"));
        Assert.Contains("1 plads", Server.TextTo("sek@example.org"), StringComparison.Ordinal);
        Assert.Contains("skal på kursus", Server.TextTo("leder@example.org"), StringComparison.Ordinal);

        var events = (await Judges.ReadAsync(judge, Server.Calendars)).Select(calendar => Assert.Single(calendar.Events)).ToList();
        var stored = await Data.QueryAsync<string>(
            """
            select uid || '|' || sequence || '|' || extract(epoch from starts_at)::bigint || '|' || extract(epoch from ends_at)::bigint
            from invitations join sessions using (session_id) order by number
            """);
        Assert.Equal(stored, events.Select(judged => $"{judged.Uid}|{judged.Sequence}|{judged.Start}|{judged.End}"));
        Assert.All(events, judged => Assert.Equal(("anna@example.org", "kurser@region.example"), (judged.Attendee, judged.Organizer)));
        Assert.Equal([0, 0], await Data.QueryAsync<int>("select sent_sequence from invitations"));
    }

    [Fact]
    public async Task Invitation_tells_a_link_of_which_only_the_hash_is_stored()
    {
        await ReserveAsync();
        await _case.DeliverAsync();

        var text = MimeReader.Text(MimeReader.Parts(Server.Mails.First(mail => mail["To"].Contains("anna@", StringComparison.Ordinal)))[0]);
        var token = MailCase.Token(text, "/bookings/manage/");

        Assert.Equal(2, await Data.ScalarAsync<long>("select count(*) from links"));
        Assert.Equal(
            "booking.manage",
            await Data.ScalarAsync<string>("select purpose from links where token_hash = @hash", new { hash = LinkToken.Hash(token) }));
    }

    [Fact]
    public async Task Invitation_tried_again_is_the_same_bytes()
    {
        Server.Answer(MailOutcome.TryAgain, MailOutcome.TryAgain, MailOutcome.TryAgain, MailOutcome.TryAgain);
        await ReserveAsync();
        await _case.DeliverAsync();
        _case.Database.Clock.Advance(TimeSpan.FromMinutes(2));
        await Data.ExecuteAsync("update courses set title = 'Et andet navn'");

        await _case.DeliverAsync();

        Assert.Equal(4, Server.Taken.Count);
        Assert.Equal(Server.TriedBytes.Take(4).Order(StringComparer.Ordinal), Server.TriedBytes.Skip(4).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Booking_cancelled_before_its_invitation_left_sends_the_participant_nothing()
    {
        var booking = await ReserveAsync();
        await CancelAsync(booking);

        await _case.DeliverAsync();

        Assert.DoesNotContain(Server.Tried, mail => mail.EnvelopeTo == "anna@example.org");
        Assert.Equal(
            ["The event was cancelled before the invitation left.", "The invitation was never sent, so there is nothing to cancel."],
            await Data.QueryAsync<string>(
                "select distinct last_error from outbox where status = 'discarded' and session_id is not null order by 1"));
    }

    [Fact]
    public async Task Booking_cancelled_while_its_refused_invitation_waits_for_the_next_attempt_sends_the_participant_nothing()
    {
        Server.Answer(MailOutcome.TryAgain, MailOutcome.TryAgain, MailOutcome.TryAgain, MailOutcome.TryAgain);
        var booking = await ReserveAsync();
        await _case.DeliverAsync();
        await CancelAsync(booking);
        _case.Database.Clock.Advance(TimeSpan.FromMinutes(2));

        await _case.DeliverAsync();

        Assert.DoesNotContain(Server.Taken, mail => mail.EnvelopeTo == "anna@example.org");
    }

    [Fact]
    public async Task Booking_cancelled_after_its_invitation_left_sends_a_cancellation_of_the_same_event()
    {
        var booking = await ReserveAsync();
        await _case.DeliverAsync();
        await CancelAsync(booking);
        await _case.DeliverAsync();

        var calendars = await Judges.ReadAsync("ical.js", Server.Calendars);

        Assert.Equal(["REQUEST", "REQUEST", "CANCEL", "CANCEL"], calendars.Select(calendar => calendar.Method));
        Assert.Equal(calendars.Take(2).Select(calendar => calendar.Events[0].Uid).Order(), calendars.Skip(2).Select(calendar => calendar.Events[0].Uid).Order());
        Assert.All(calendars.Skip(2), calendar => Assert.Equal((1, "CANCELLED"), (calendar.Events[0].Sequence, calendar.Events[0].Status)));
        Assert.Equal([1, 1], await Data.QueryAsync<int>("select sent_sequence from invitations"));
        Assert.Contains("ikke længere tilmeldt", Server.Mails.Select(mail => MimeReader.Text(MimeReader.Parts(mail)[0])).Last(text => text.Contains("Anna", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invitation_that_may_have_left_is_followed_by_its_cancellation()
    {
        Server.Answer(MailOutcome.Unclear, MailOutcome.Unclear, MailOutcome.Unclear, MailOutcome.Unclear);
        var booking = await ReserveAsync();
        await _case.DeliverAsync();
        await CancelAsync(booking);
        _case.Database.Clock.Advance(TimeSpan.FromMinutes(2));

        await _case.DeliverAsync();

        var methods = (await Judges.ReadAsync("ical.js", Server.Calendars)).Select(calendar => calendar.Method).ToList();
        Assert.Equal(["CANCEL", "CANCEL", "REQUEST", "REQUEST"], methods.Order(StringComparer.Ordinal));
        Assert.Equal("CANCEL", methods[^1]);
    }

    [Fact]
    public async Task Invitation_retried_after_its_cancellation_puts_nothing_back_into_the_calendar()
    {
        Server.Answer(MailOutcome.Unclear, MailOutcome.Unclear, MailOutcome.Unclear, MailOutcome.Unclear);
        var booking = await ReserveAsync();
        await _case.DeliverAsync();
        await Data.ExecuteAsync("update outbox set status = 'dead' where kind = 'booking.invitation'");
        await CancelAsync(booking);
        await _case.DeliverAsync();
        var sent = Server.Taken.Count;
        foreach (var dead in await Data.QueryAsync<long>("select outbox_id from outbox where status = 'dead'"))
        {
            Assert.Equal(RetryMailOutcome.Queued, await _case.Get<RetryMail>().RunAsync(dead, Actor.System("test"), Stop));
        }

        await _case.DeliverAsync();

        Assert.Equal(["CANCEL", "CANCEL"], (await Judges.ReadAsync("ical.js", Server.Calendars)).Select(calendar => calendar.Method));
        Assert.Equal(sent, Server.Taken.Count);
        Assert.Equal(
            ["The cancellation has been sent already."],
            await Data.QueryAsync<string>("select distinct last_error from outbox where kind = 'booking.invitation' and status = 'discarded'"));
    }

    [Fact]
    public async Task Row_that_cannot_be_rendered_fails_alone_with_its_error()
    {
        await Data.ExecuteAsync(
            """
            insert into outbox (key, kind, queue, run_id, recipient_email, created_at, due_at)
            values ('bad', 'no.such.kind', 'bad', @_run, 'x@example.org', @now, @now), ('worse', 'booking.cancelled_receipt', 'worse', null, 'no address', @now, @now)
            """,
            new { _run, now = _case.Database.Clock.GetUtcNow() });
        await ReserveAsync();

        await _case.DeliverAsync();

        Assert.Equal(4, Server.Taken.Count);
        Assert.Equal(
            ["InvalidOperationException: Nobody knows how to render 'no.such.kind'.", "InvalidOperationException: The outbox row names no run."],
            await Data.QueryAsync<string>("select last_error from outbox where status = 'pending' and attempts = 1 order by key"));
    }

    private async Task<Guid> ReserveAsync(string name = "Anna Ørsted")
    {
        var person = await Data.AddEmployeeAsync(_department, name, "anna@example.org", "leder@example.org");
        var results = await _case.Get<ReserveSeats>().RunAsync(new ReserveRequest(_run, _department, [person], Secretary()), Stop);
        return results[0].Reference!.Value;
    }

    private async Task CancelAsync(Guid booking) => Assert.Equal(
        CancelOutcome.Cancelled,
        await _case.Get<CancelBooking>().RunAsync(
            new CancelRequest(booking, BookingScope.Of(null, [_department]), Secretary(), AcceptsLate: false), Stop));

    private Actor Secretary() => new() { Name = "sek@example.org", Role = ActorRoles.Secretary, DepartmentIds = [_department] };
}
