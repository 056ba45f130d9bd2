using Booking.Data.Outbox;
using Booking.Jobs.Invitations;
using Booking.Jobs.Mail;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Booking.Jobs.Outbox;

/// <summary>Takes one claimed message from its row to the mail server. Never holds a transaction while a mail is on its way.</summary>
public sealed class DeliverMessage(
    OutboxDelivery delivery, InvitationRenderer invitations, MailRenderer mails, MailWriter writer,
    ILogger<DeliverMessage> logger)
{
    /// <summary>
    /// Tries one message once. Whatever is wrong with the message itself is recorded in its row; only an outage of the
    /// database gets out.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="transport">The worker's own.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task RunAsync(ClaimedMessage message, IMailTransport transport, CancellationToken cancellationToken)
    {
        if (!await delivery.BeginAsync(message, cancellationToken))
        {
            logger.LogInformation("Mail {OutboxId} is somebody else's by now.", message.OutboxId);
            return;
        }

        try
        {
            await TryAsync(message, transport, cancellationToken);
        }
        catch (Exception exception) when (!IsOutage(exception) && exception is not OperationCanceledException)
        {
            logger.LogError("Mail {OutboxId} of kind {Kind} failed with {Error}.", message.OutboxId, message.Kind, exception.GetType().Name);
            var failure = new DeliveryFailure { Words = $"{exception.GetType().Name}: {exception.Message}" };
            await delivery.MarkFailedAsync(message, failure, cancellationToken);
        }
    }

    /// <summary>Whether the database is away, which is no message's fault.</summary>
    internal static bool IsOutage(Exception exception) =>
        exception is NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException or System.Net.Sockets.SocketException };

    private async Task TryAsync(ClaimedMessage message, IMailTransport transport, CancellationToken cancellationToken)
    {
        var isCalendar = message.Kind is OutboxKinds.BookingInvitation or OutboxKinds.BookingCancellation;
        var reason = isCalendar
            ? await invitations.FindReasonToDiscardAsync(message, cancellationToken)
            : await mails.FindReasonToDiscardAsync(message, cancellationToken);
        if (reason is { } over)
        {
            await delivery.DiscardAsync(message, over, cancellationToken);
            return;
        }

        var bytes = message.Message;
        if (bytes is null)
        {
            var rendered = isCalendar
                ? RenderResult.Of(await invitations.RenderAsync(message, cancellationToken))
                : await mails.RenderAsync(message, cancellationToken);
            if (rendered.Message is null)
            {
                await delivery.DiscardAsync(message, rendered.Reason, cancellationToken);
                return;
            }

            if (!await delivery.KeepAsync(message, rendered.Message, cancellationToken))
            {
                return;
            }

            bytes = rendered.Message.Bytes;
        }

        await SendAsync(message, bytes, transport, cancellationToken);
    }

    private async Task SendAsync(ClaimedMessage message, byte[] bytes, IMailTransport transport, CancellationToken cancellationToken)
    {
        var receipt = await transport.SendAsync(
            new OutgoingMail
            {
                OutboxId = message.OutboxId,
                EnvelopeFrom = writer.Sender.Address,
                EnvelopeTo = message.RecipientEmail,
                Message = bytes,
            },
            cancellationToken);
        if (receipt.Outcome == MailOutcome.Accepted)
        {
            // Recorded even while stopping: the mail has left.
            await delivery.MarkSentAsync(message, receipt.Words, CancellationToken.None);
            logger.LogInformation("Mail {OutboxId} of kind {Kind} was accepted.", message.OutboxId, message.Kind);
            return;
        }

        var failure = new DeliveryFailure
        {
            Words = receipt.Words,
            IsFinal = receipt.Outcome == MailOutcome.Refused,
            IsUnclear = receipt.Outcome == MailOutcome.Unclear,
        };
        await delivery.MarkFailedAsync(message, failure, CancellationToken.None);
        logger.LogWarning("Mail {OutboxId} of kind {Kind} was not accepted: {Outcome}.", message.OutboxId, message.Kind, receipt.Outcome);
    }
}
