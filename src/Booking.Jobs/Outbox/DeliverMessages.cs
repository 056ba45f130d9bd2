using Booking.Data.Outbox;
using Booking.Jobs.Mail;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Booking.Jobs.Outbox;

/// <summary>
/// Takes claimed messages from their rows to the mail server, one after the other. Beginning and recording are one statement for
/// many: nothing is locked while a mail is on its way, and what was accepted is on record a fifth of a second later.
/// </summary>
public sealed class DeliverMessages(
    OutboxDelivery delivery, PrepareMessage prepare, MailWriter writer, IOptions<MailOptions> options, TimeProvider clock,
    ILogger<DeliverMessages> logger)
{
    // What a crash leaves unrecorded is sent again, so it should not be much.
    private static readonly TimeSpan LongestUnrecorded = TimeSpan.FromMilliseconds(200);

    // What waits behind a slow server is given back, so that others may have it and nobody decides by what was so long ago.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Tries each message once, or gives it back untried. Whatever is wrong with a message itself is recorded in its row; only an outage
    /// of the database gets out.
    /// </summary>
    /// <param name="claimed">By one worker; at least one.</param>
    /// <param name="transport">The worker's own.</param>
    /// <param name="stoppingToken">No further message is sent.</param>
    /// <param name="lastMoment">Breaks off what is on its way.</param>
    /// <returns>How many were handed to the server; the others need no sending, or were given back.</returns>
    public async Task<int> RunAsync(
        IReadOnlyList<ClaimedMessage> claimed, IMailTransport transport, CancellationToken stoppingToken, CancellationToken lastMoment)
    {
        var leaseEnds = clock.GetUtcNow() + OutboxDelivery.Lease;
        var begun = await delivery.BeginAsync(claimed, lastMoment);
        if (begun.Count < claimed.Count)
        {
            logger.LogInformation("{Count} mails are somebody else's by now.", claimed.Count - begun.Count);
        }

        var events = await prepare.ReadAsync(begun, lastMoment);
        List<(ClaimedMessage Message, byte[] Bytes)> ready = [];
        foreach (var message in begun)
        {
            await GuardAsync(message, async () =>
            {
                if (await prepare.RunAsync(message, events, lastMoment) is { } bytes)
                {
                    ready.Add((message, bytes));
                }
            });
        }

        var sent = new Sent();
        var (turnEnds, tried) = (clock.GetUtcNow() + LongestTurn, 0);
        try
        {
            foreach (var (message, bytes) in ready)
            {
                // An attempt must have ended before its lease does: another worker takes the message then.
                var now = clock.GetUtcNow();
                var isOver = now > turnEnds || now + options.Value.Patience > leaseEnds;
                if (stoppingToken.IsCancellationRequested || (isOver && tried > 0))
                {
                    break;
                }

                tried++;
                await GuardAsync(message, () => SendAsync(message, bytes, transport, sent, lastMoment));
            }
        }
        finally
        {
            // Recorded even while stopping: these mails have left.
            await RecordAsync(sent);
        }

        if (tried < ready.Count)
        {
            await delivery.TakeBackAsync([.. ready.Skip(tried).Select(one => one.Message)], CancellationToken.None);
        }

        return tried;
    }

    /// <summary>Whether the database is away, which is no message's fault.</summary>
    internal static bool IsOutage(Exception exception) =>
        exception is NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException or System.Net.Sockets.SocketException };

    private async Task SendAsync(ClaimedMessage message, byte[] bytes, IMailTransport transport, Sent sent, CancellationToken cancellationToken)
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
            logger.LogInformation("Mail {OutboxId} of kind {Kind} was accepted.", message.OutboxId, message.Kind);
            sent.Add(new SentMessage(message, receipt.Words), clock);
            if (sent.Age(clock) > LongestUnrecorded)
            {
                await RecordAsync(sent);
            }

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

    private async Task GuardAsync(ClaimedMessage message, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (!IsOutage(exception) && exception is not OperationCanceledException)
        {
            logger.LogError("Mail {OutboxId} of kind {Kind} failed with {Error}.", message.OutboxId, message.Kind, exception.GetType().Name);
            var failure = new DeliveryFailure { Words = $"{exception.GetType().Name}: {exception.Message}" };
            await delivery.MarkFailedAsync(message, failure, CancellationToken.None);
        }
    }

    private async Task RecordAsync(Sent sent)
    {
        if (sent.Take() is { Count: > 0 } messages)
        {
            await delivery.MarkSentAsync(messages, CancellationToken.None);
        }
    }

    // What was accepted and is not on record yet, and since when.
    private sealed class Sent
    {
        private List<SentMessage> _messages = [];
        private long _since;

        public void Add(SentMessage message, TimeProvider clock)
        {
            _since = _messages.Count == 0 ? clock.GetTimestamp() : _since;
            _messages.Add(message);
        }

        public TimeSpan Age(TimeProvider clock) => clock.GetElapsedTime(_since);

        public IReadOnlyList<SentMessage> Take()
        {
            var messages = _messages;
            _messages = [];
            return messages;
        }
    }
}
