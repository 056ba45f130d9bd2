namespace Booking.Data.Outbox;

/// <summary>One mail to be: written in the transaction of the decision that it tells about.</summary>
public sealed record OutboxMessage
{
    /// <summary>Says what is told, to whom, about what, once: the same key twice is one message.</summary>
    public required string Key { get; init; }

    /// <summary>One of <see cref="OutboxKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// Messages of one queue leave in the order they were added, each after the one before was accepted.
    /// <see cref="SessionQueue"/> for calendar messages, <see cref="SignUpQueue"/> for those of a sign-up; the key itself where
    /// no order is needed.
    /// </summary>
    public required string Queue { get; init; }

    /// <summary>The run that is told about.</summary>
    public long? RunId { get; init; }

    /// <summary>The booking that is told about.</summary>
    public long? BookingId { get; init; }

    /// <summary>The session of a calendar message.</summary>
    public long? SessionId { get; init; }

    /// <summary>The external sign-up that is told about.</summary>
    public long? SignUpId { get; init; }

    /// <summary>The one address the mail goes to.</summary>
    public required string RecipientEmail { get; init; }

    /// <summary>The recipient's name, or empty when it is not known.</summary>
    public string RecipientName { get; init; } = "";

    /// <summary><c>da</c> or <c>en</c>; null for the language of whoever has this address, and Danish when nobody known has it.</summary>
    public required string? Language { get; init; }

    /// <summary>Further facts as a JSON object; what each kind holds stands in docs/outbox-messages.md.</summary>
    public string Payload { get; init; } = "{}";

    /// <summary>When the decision was made. The message is due at once.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The ordered queue of one booking's calendar messages for one session.</summary>
    public static string SessionQueue(long bookingId, long sessionId) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"b{bookingId}/s{sessionId}");

    /// <summary>The ordered queue of one external sign-up: its link never leaves after the mail that says it is too late.</summary>
    public static string SignUpQueue(long signUpId) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"s{signUpId}");
}
