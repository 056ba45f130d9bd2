using Booking.Data.Inbox;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;
using Microsoft.Extensions.Logging;

namespace Booking.Jobs.Inbox;

/// <summary>Every two minutes: takes what came back to the functional mailbox.</summary>
public sealed class ReadInbox(IMailInbox mailbox, InboxRepository inbox, TakeInboxMail take, MailWriter mail, ILogger<ReadInbox> logger)
{
    /// <summary>Takes every new mail. One that cannot be understood is set aside; only an outage of database or mailbox gets out.</summary>
    /// <returns>How many mails were new.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var taken = 0;
        var position = await inbox.FindPositionAsync(cancellationToken);
        await foreach (var received in mailbox.ReadAsync(position, cancellationToken))
        {
            var outcome = await take.RunAsync(received.At, await UnderstandAsync(received.Bytes, cancellationToken), cancellationToken);
            taken += outcome == TakeInboxMailOutcome.TakenBefore ? 0 : 1;
            if (outcome == TakeInboxMailOutcome.SetAside)
            {
                logger.LogWarning("Mail {Uid} of the mailbox was set aside.", received.At.Uid);
            }
        }

        return taken;
    }

    private async Task<InboxContent> UnderstandAsync(ReadOnlyMemory<byte>? bytes, CancellationToken cancellationToken)
    {
        // A letter with large attachments, from a person to people.
        if (bytes is not { } whole)
        {
            return new InboxContent.Nothing();
        }

        try
        {
            var received = ReceivedMail.Read(whole);
            return DeliveryReportReader.Find(received) is { } report ? await MatchAsync(report, cancellationToken)
                : CalendarReplyReader.Find(received) is { } reply ? new InboxContent.Reply(reply)
                : new InboxContent.Nothing();
        }
        catch (FormatException exception)
        {
            return new InboxContent.Unusable(exception.Message);
        }
        catch (Exception exception) when (!DeliverMessages.IsOutage(exception) && exception is not OperationCanceledException)
        {
            // A fault of the reader's must not keep the mails behind this one.
            logger.LogError("Reading a mail of the mailbox failed with {Error}.", exception.GetType().Name);
            return new InboxContent.Unusable($"Reading it failed with {exception.GetType().Name}.");
        }
    }

    // Only a report about a mail that we sent counts: anybody can write one.
    private async Task<InboxContent> MatchAsync(DeliveryReport report, CancellationToken cancellationToken)
    {
        if (report.Failed.Count == 0)
        {
            return new InboxContent.Nothing();
        }

        foreach (var failed in report.Failed)
        {
            var sent = await inbox.ListSentAsync(failed.Address, cancellationToken);
            if (sent.FirstOrDefault(row => MimeComposer.MessageId(row.Key, mail.Sender) == report.MessageId) is { } ours)
            {
                return new InboxContent.Failure(ours.OutboxId, failed);
            }
        }

        return new InboxContent.Unusable("The report is about no mail that left from here to that address.");
    }
}
