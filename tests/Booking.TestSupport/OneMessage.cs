using Booking.Data.Outbox;

namespace Booking.TestSupport;

/// <summary>What a worker does with batches, for tests that look at one message.</summary>
public static class OneMessage
{
    /// <summary>Begins an attempt; whether the message was still the worker's.</summary>
    public static async Task<bool> BeginAsync(this OutboxDelivery delivery, ClaimedMessage message, CancellationToken cancellationToken) =>
        (await delivery.BeginAsync([message], cancellationToken)).Count == 1;

    /// <summary>Records that it was accepted; whether the message was still the worker's.</summary>
    public static async Task<bool> MarkSentAsync(this OutboxDelivery delivery, ClaimedMessage message, string words, CancellationToken cancellationToken) =>
        await delivery.MarkSentAsync([new SentMessage(message, words)], cancellationToken) == 1;
}
