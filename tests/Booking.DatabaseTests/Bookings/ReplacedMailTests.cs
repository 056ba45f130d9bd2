using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.DatabaseTests.Outbox;
using Booking.Jobs.Mail;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Bookings;

/// <summary>What both people and the secretary are told when a seat changes hands or a person changes runs, judged as bytes.</summary>
public sealed class ReplacedMailTests : IAsyncLifetime
{
    private SubstituteCase _case = null!;
    private MailCase _mail = null!;

    private ScriptedTransport Server => _mail.Server;

    public async ValueTask InitializeAsync()
    {
        _case = await SubstituteCase.CreateAsync();
        _mail = MailCase.Over(_case.Database);
        await _case.AddColleagueAsync("bo@example.org", "Bo Birk");
        await _mail.DeliverAsync();
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
    public async Task Old_person_gets_the_cancellation_of_the_old_events_and_the_substitute_a_request_with_new_ones(string judge)
    {
        await _case.SubstituteAsync("bo@example.org");
        await _mail.DeliverAsync();

        var calendars = await Judges.ReadAsync(judge, Server.Calendars);

        Assert.Equal(6, calendars.Count);
        var told = calendars.Select(calendar => (calendar.Method, Event: Assert.Single(calendar.Events))).ToList();
        var first = told.Take(2).Select(one => one.Event.Uid).Order().ToList();
        var cancelled = told.Skip(2).Where(one => one.Method == "CANCEL").Select(one => one.Event).ToList();
        var requested = told.Skip(2).Where(one => one.Method == "REQUEST").Select(one => one.Event).ToList();
        Assert.Equal(first, cancelled.Select(one => one.Uid).Order());
        Assert.All(cancelled, one => Assert.Equal(("anna@example.org", 1), (one.Attendee, one.Sequence)));
        Assert.Equal(2, requested.Count);
        Assert.Empty(requested.Select(one => one.Uid).Intersect(first));
        Assert.All(requested, one => Assert.Equal(("bo@example.org", 0), (one.Attendee, one.Sequence)));
    }

    [Theory]
    [InlineData("da", "en anden har overtaget din plads", "Du har overtaget pladsen efter en anden", "Bo Birk har overtaget pladsen efter Anna Ask")]
    [InlineData("en", "somebody else has taken over your seat", "You have taken over somebody else's seat", "Bo Birk has taken over the seat of Anna Ask")]
    public async Task Everybody_is_told_what_happened(string language, string old, string substitute, string receipt)
    {
        await SetLanguageAsync(language);
        await _case.SubstituteAsync("bo@example.org");
        await _mail.DeliverAsync();

        Assert.Contains(old, LastTextTo("anna@example.org"), StringComparison.Ordinal);
        Assert.DoesNotContain("Bo Birk", LastTextTo("anna@example.org"), StringComparison.Ordinal);
        Assert.Contains(substitute, LastTextTo("bo@example.org"), StringComparison.Ordinal);
        Assert.DoesNotContain("Anna", LastTextTo("bo@example.org"), StringComparison.Ordinal);
        Assert.Contains(receipt, LastTextTo("sek@example.org"), StringComparison.Ordinal);
        Assert.DoesNotContain("{", LastTextTo("sek@example.org"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_substitutes_own_link_leads_to_the_new_booking_and_the_old_one_to_the_old()
    {
        var result = await _case.SubstituteAsync("bo@example.org");
        await _mail.DeliverAsync();

        var token = MailCase.Token(LastTextTo("bo@example.org"), "/bookings/manage/");
        var linked = await _case.Database.Get<SignUpRepository>().FindBookingByTokenAsync(
            LinkToken.Hash(token), _case.Database.Clock.GetUtcNow(), CancellationToken.None);

        Assert.Equal(result.Booking, linked!.Reference);
    }

    [Theory]
    [InlineData("ical.js")]
    [InlineData("python3-icalendar")]
    public async Task Moved_person_loses_the_old_events_and_gets_new_ones(string judge)
    {
        await _case.MoveAsync("H-2");
        await _mail.DeliverAsync();

        var told = (await Judges.ReadAsync(judge, Server.Calendars)).Select(calendar => (calendar.Method, Event: Assert.Single(calendar.Events))).ToList();
        var first = told.Take(2).Select(one => one.Event.Uid).Order().ToList();
        Assert.Equal(first, told.Skip(2).Where(one => one.Method == "CANCEL").Select(one => one.Event.Uid).Order());
        var request = Assert.Single(told.Skip(2), one => one.Method == "REQUEST").Event;
        Assert.DoesNotContain(request.Uid, first);
        Assert.Equal("anna@example.org", request.Attendee);
    }

    [Theory]
    [InlineData("da", "Du er flyttet til et andet hold", "Anna Ask er flyttet fra hold H-1 til hold H-2", "sent afbud")]
    [InlineData("en", "You were moved to another run", "Anna Ask was moved from run H-1 to run H-2", "late cancellation")]
    public async Task Move_is_told_with_both_runs_and_says_when_it_was_late(string language, string person, string receipt, string late)
    {
        await SetLanguageAsync(language);
        _case.Database.Clock.Advance(TimeSpan.FromDays(50));
        await _case.MoveAsync("H-2", acceptsLate: true);
        await _mail.DeliverAsync();

        Assert.Contains(
            Server.Mails.Where(mail => mail["To"].Contains("anna@", StringComparison.Ordinal)),
            mail => MimeReader.Text(MimeReader.Parts(mail)[0]).Contains(person, StringComparison.Ordinal));
        Assert.Contains(receipt, LastTextTo("sek@example.org"), StringComparison.Ordinal);
        Assert.Contains(late, LastTextTo("sek@example.org"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Person_from_outside_who_was_put_on_a_seat_by_another_can_give_it_back_by_the_link_in_the_mail()
    {
        var eva = await _case.AddExternalBookingAsync();
        await _case.SubstituteExternalAsync(eva, "ida@nibe.example");
        await _mail.DeliverAsync();
        var text = LastTextTo("ida@nibe.example");
        var linked = await _case.Database.Get<SignUpRepository>().FindBookingByTokenAsync(
            LinkToken.Hash(MailCase.Token(text, "/bookings/manage/")), _case.Database.Clock.GetUtcNow(), CancellationToken.None);

        var outcome = await _case.Database.Get<CancelBooking>().RunAsync(
            new CancelRequest(linked!.Reference, BookingScope.OfLink(linked.BookingId), Actor.System("link"), AcceptsLate: false), CancellationToken.None);

        Assert.Contains("Kender du ikke noget til det", text, StringComparison.Ordinal);
        Assert.Equal(CancelOutcome.Cancelled, outcome);
        Assert.Equal("free", await _case.Data.ScalarAsync<string>("select status from seats where pool = 'external'"));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    private async Task SetLanguageAsync(string language)
    {
        await _case.Data.AddEmployeeAsync(_case.A, "Sekretær", "sek@example.org");
        await _case.Data.ExecuteAsync("update people set language = @language", new { language });
    }

    private string LastTextTo(string address) => MimeReader.Text(MimeReader.Parts(
        Server.Mails.Last(mail => mail["To"].Contains(address, StringComparison.Ordinal)))[0]);
}
