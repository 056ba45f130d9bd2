using System.Globalization;
using System.Text.Json;
using Booking.Data.Outbox;

namespace Booking.Data.WaitingLists;

/// <summary>The mails that waiting lists owe, as outbox rows. One queue per entry, so that they arrive in their order.</summary>
internal static class WaitingListMessages
{
    public static OutboxMessage Joined(WaitingEntry entry, DateTimeOffset now) => New(OutboxKinds.WaitingListJoined, entry, now);

    /// <summary>A seat is held for you. A person may get a second offer after joining again: that is another entry.</summary>
    public static OutboxMessage Offer(WaitingEntry entry, long bookingId, DateTimeOffset now) =>
        New(OutboxKinds.WaitingListOffer, entry, now) with { BookingId = bookingId };

    /// <summary>The offer was not answered in time.</summary>
    public static OutboxMessage OfferExpired(WaitingEntry entry, DateTimeOffset now) =>
        New(OutboxKinds.WaitingListOfferExpired, entry, now);

    /// <summary>The sign-up stop has passed, and no seat came.</summary>
    public static OutboxMessage Closed(WaitingEntry entry, DateTimeOffset now) => New(OutboxKinds.WaitingListClosed, entry, now);

    /// <summary>Where the person stands, or what is offered, told anew because the person asked anew.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="asked">What was asked: the same twice is told once.</param>
    /// <param name="now">Now.</param>
    public static OutboxMessage Again(WaitingEntry entry, string asked, DateTimeOffset now)
    {
        var message = entry.Status == WaitingListStatuses.Offered
            ? New(OutboxKinds.WaitingListOffer, entry, now) with { BookingId = entry.BookingId }
            : New(OutboxKinds.WaitingListJoined, entry, now);
        return message with { Key = $"{message.Key}/{asked}" };
    }

    private static OutboxMessage New(string kind, WaitingEntry entry, DateTimeOffset now) => new()
    {
        Key = string.Create(CultureInfo.InvariantCulture, $"{kind}/{entry.EntryId}"),
        Kind = kind,
        Queue = string.Create(CultureInfo.InvariantCulture, $"w{entry.EntryId}"),
        RunId = entry.RunId,
        RecipientEmail = entry.PersonEmail,
        RecipientName = entry.PersonName,
        Language = entry.Language,
        Payload = JsonSerializer.Serialize(new { entry = entry.EntryId }),
        CreatedAt = now,
    };
}
