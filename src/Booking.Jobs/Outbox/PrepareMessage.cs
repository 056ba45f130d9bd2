using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Jobs.Invitations;

namespace Booking.Jobs.Outbox;

/// <summary>Asks whether a message is still to be sent, and renders and keeps it when this is its first attempt.</summary>
public sealed class PrepareMessage(OutboxDelivery delivery, InvitationRenderer invitations, MailRenderer mails)
{
    /// <summary>What is read for all messages of a batch at once.</summary>
    public Task<IReadOnlyList<EventFacts>> ReadAsync(IReadOnlyList<ClaimedMessage> messages, CancellationToken cancellationToken) =>
        invitations.ListEventsAsync(messages, cancellationToken);

    /// <summary>The bytes to send; null when there is nothing to tell any more, which is then recorded, or when the message is another worker's by now.</summary>
    public async Task<byte[]?> RunAsync(ClaimedMessage message, IReadOnlyList<EventFacts> events, CancellationToken cancellationToken)
    {
        var isCalendar = InvitationRenderer.IsCalendar(message.Kind);
        var reason = isCalendar
            ? InvitationRenderer.FindReasonToDiscard(message, events)
            : await mails.FindReasonToDiscardAsync(message, cancellationToken);
        if (reason is { } over)
        {
            await delivery.DiscardAsync(message, over, cancellationToken);
            return null;
        }

        if (message.Message is { } kept)
        {
            return kept;
        }

        var rendered = isCalendar
            ? await invitations.RenderAsync(message, cancellationToken)
            : await mails.RenderAsync(message, cancellationToken);
        return await delivery.KeepAsync(message, rendered, cancellationToken) ? rendered.Bytes : null;
    }
}
