using Booking.Data.Bookings;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Data.Site;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Invitations;

/// <summary>Renders the mails that put one session into one person's calendar, or take it out.</summary>
public sealed class InvitationRenderer(
    MailFactsRepository facts, ICalendarWriter calendars, MailWriter writer, SiteAddress address, IOptions<SiteOptions> site,
    IOptions<MailOptions> mail, TimeProvider clock)
{
    /// <summary>The events that the calendar messages among some messages tell of, read afresh for all of them at once.</summary>
    public async Task<IReadOnlyList<EventFacts>> ListEventsAsync(IReadOnlyList<ClaimedMessage> messages, CancellationToken cancellationToken)
    {
        var told = messages.Where(message => IsCalendar(message.Kind)).ToList();
        return told.Count == 0 ? [] : await facts.ListEventsAsync(told, cancellationToken);
    }

    /// <summary>Whether a kind of message carries a calendar message.</summary>
    public static bool IsCalendar(string kind) => kind is OutboxKinds.BookingInvitation or OutboxKinds.BookingCancellation;

    /// <summary>
    /// Why a message need not be sent, or null. A cancellation says nothing to somebody who never heard of the event, and an
    /// invitation nothing when the event is already over or already told; unless an earlier attempt may have got through unseen.
    /// </summary>
    public static string? FindReasonToDiscard(ClaimedMessage message, IEnumerable<EventFacts> events)
    {
        var session = EventOf(message, events);
        return message.Kind switch
        {
            OutboxKinds.BookingCancellation when session is { SentSequence: null, MayHaveLeft: false } =>
                "The invitation was never sent, so there is nothing to cancel.",
            OutboxKinds.BookingInvitation when session.Status == "cancelled" && session.SentSequence >= session.Sequence =>
                "The cancellation has been sent already.",
            OutboxKinds.BookingInvitation when session.Status == "cancelled" && !message.MayHaveLeft =>
                "The event was cancelled before the invitation left.",
            OutboxKinds.BookingInvitation when session.SentSequence >= session.Sequence && message.Message is null =>
                "The participant has been told this already.",
            _ => null,
        };
    }

    /// <summary>Reads afresh and renders.</summary>
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var isCancellation = message.Kind == OutboxKinds.BookingCancellation;
        var told = EventOf(message, await facts.ListEventsAsync([message], cancellationToken));
        var booking = (await facts.ListBookingsAsync([message.BookingId!.Value], cancellationToken)).Single();
        var run = await facts.GetRunAsync(booking.RunId, cancellationToken);
        var session = run.Sessions.Concat(run.CancelledSessions).Single(session => session.SessionId == message.SessionId);
        var token = LinkToken.Create();
        var number = session.Number is { } place && run.Sessions.Count > 1 ? MailWords.Number(place) : "";
        var part = number.Length > 0 ? $"({number}/{MailWords.Number(run.Sessions.Count)})" : "";
        var words = new MailWords(run, message.Language, site.Value.Name).WithRun();
        words.With("name", message.RecipientName.Length > 0 ? message.RecipientName : booking.PersonName)
            .With("department", booking.DepartmentName ?? "")
            .With("part", part)
            .With("number", number)
            .With("day", words.Times.Day(session.StartsAt))
            .With("is_day_cancelled", MailWords.Flag(session.Number is null))
            .With("when", words.Times.Span(session.StartsAt, session.EndsAt))
            .With("is_update", MailWords.Flag(told.SentSequence is not null))
            .With("is_run_cancelled", MailWords.Flag(run.Status == "cancelled"))
            .With("is_still_booked", MailWords.Flag(run.Status != "cancelled" && booking.Status != "cancelled"))
            .With("is_substitute", MailWords.Flag(booking.Change is BookingChange.Substitute))
            .With("is_given_over", MailWords.Flag(booking.Change is BookingChange.GivenOver))
            .With("is_moved", MailWords.Flag(booking.Change is BookingChange.MovedAway))
            .With("manage_link", address.Of($"/bookings/manage/{token}"));
        var method = isCancellation ? CalendarMethod.Cancel : CalendarMethod.Request;
        var calendar = calendars.Write(method, [ToEvent(message, told, run, session, part)]);
        return new RenderedMessage
        {
            Bytes = writer.Write(message, message.RecipientName, words.Values, new CalendarPart(method, calendar)),
            Sequence = told.Sequence,
            Link = isCancellation ? null : new PersonalLink
            {
                TokenHash = LinkToken.Hash(token),
                Purpose = LinkPurposes.BookingManage,
                BookingId = booking.BookingId,
                ExpiresAt = run.StartsAt,
            },
        };
    }

    private SessionEvent ToEvent(ClaimedMessage message, EventFacts told, RunFacts run, SessionFacts session, string part)
    {
        var place = MailWords.Place(run);
        var isDanish = message.Language != "en";
        return new SessionEvent
        {
            Uid = told.Uid,
            Sequence = told.Sequence,
            StartsAt = session.StartsAt,
            EndsAt = session.EndsAt,
            TimeZone = run.TimeZone,
            Summary = $"{run.CourseTitle} {part}".TrimEnd(),
            Location = string.IsNullOrEmpty(run.OnlineLink) ? place : $"{place}, {run.OnlineLink}",
            Description = string.Join(
                '\n',
                new[]
                {
                    $"{(isDanish ? "Hold" : "Run")}: {run.Code}",
                    $"{(isDanish ? "Sted" : "Place")}: {place}",
                    string.IsNullOrEmpty(run.OnlineLink) ? "" : $"Online: {run.OnlineLink}",
                }.Where(line => line.Length > 0)),
            StampedAt = clock.GetUtcNow(),
            Organizer = writer.Sender,
            Attendee = new Mailbox(message.RecipientEmail, message.RecipientName),
            AsksReply = mail.Value.Inbox.IsRead && message.Kind == OutboxKinds.BookingInvitation,
        };
    }

    private static EventFacts EventOf(ClaimedMessage message, IEnumerable<EventFacts> events) =>
        events.FirstOrDefault(told => told.BookingId == message.BookingId && told.SessionId == message.SessionId)
        ?? throw new InvalidOperationException("The outbox row names no event.");
}
