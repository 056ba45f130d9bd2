using System.Text.Json;
using Booking.Data.Bookings;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;

namespace Booking.Jobs.Inbox;

/// <summary>Renders the mails that what came back to the functional mailbox leads to.</summary>
public sealed class InboxMailRenderer(MailFactsRepository facts, RunWords runWords, MailWriter writer, SiteAddress address, TimeProvider clock)
    : IMailRenderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<string> Kinds { get; } = [OutboxKinds.BookingUndelivered, OutboxKinds.BookingDeclined];

    /// <summary>Why a mail need not be sent any more, or null; asked before every attempt.</summary>
    public async Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var booking = await BookingAsync(message, cancellationToken);
        var run = await facts.GetRunAsync(booking.RunId, cancellationToken);
        return booking.Status is "held" or "booked" && run.StartsAt > clock.GetUtcNow()
            ? null
            : "The seat was given up or the run had begun before the mail left.";
    }

    /// <inheritdoc />
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var words = await runWords.ReadAsync(message, cancellationToken);
        var booking = await BookingAsync(message, cancellationToken);
        words.With("name", message.RecipientName).With("participant", booking.PersonName).With("department", booking.DepartmentName ?? "");
        return message.Kind == OutboxKinds.BookingDeclined
            ? Declined(message, words)
            : Undelivered(message, words);
    }

    private RenderedMessage Undelivered(ClaimedMessage message, MailWords words)
    {
        using var payload = JsonDocument.Parse(message.Payload);
        words.With("address", payload.RootElement.GetProperty("address").GetString() ?? "")
            .With("words", payload.RootElement.GetProperty("words").GetString() ?? "")
            .With("bookings_link", address.Of("/bookings/department"));
        return new RenderedMessage { Bytes = writer.Write(message, message.RecipientName, words.Values) };
    }

    private RenderedMessage Declined(ClaimedMessage message, MailWords words)
    {
        var token = LinkToken.Create();
        words.With("is_in_time", MailWords.Flag(words.Run.CancellationDeadlineAt > clock.GetUtcNow()))
            .With("manage_link", address.Of($"/bookings/manage/{token}"));
        return new RenderedMessage
        {
            Bytes = writer.Write(message, message.RecipientName, words.Values),
            Link = new PersonalLink
            {
                TokenHash = LinkToken.Hash(token),
                Purpose = LinkPurposes.BookingManage,
                BookingId = message.BookingId,
                ExpiresAt = words.Run.StartsAt,
            },
        };
    }

    private async Task<BookingFacts> BookingAsync(ClaimedMessage message, CancellationToken cancellationToken) =>
        (await facts.ListBookingsAsync([message.BookingId!.Value], cancellationToken)).Single();
}
