namespace Booking.Data.Outbox;

/// <summary>One attempt at sending a mail.</summary>
public sealed record MailAttempt
{
    /// <summary>When it began.</summary>
    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>When it ended; null while it is under way, or when its worker died.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>One of <see cref="AttemptOutcomes"/>; null as long as it has no end.</summary>
    public string? Outcome { get; init; }

    /// <summary>The mail server's own words, or the error's.</summary>
    public string? Words { get; init; }
}

/// <summary>How an attempt ended, as stored.</summary>
public static class AttemptOutcomes
{
    /// <summary>The mail server took the mail.</summary>
    public const string Accepted = "accepted";

    /// <summary>The mail server refused the recipient for good.</summary>
    public const string Refused = "refused";

    /// <summary>The mail has certainly not left.</summary>
    public const string TryAgain = "try_again";

    /// <summary>The connection broke before the answer came: the mail may have left.</summary>
    public const string Unclear = "unclear";

    /// <summary>There was nothing to tell any more.</summary>
    public const string Discarded = "discarded";

    internal static string Of(DeliveryFailure failure) =>
        failure.IsFinal ? Refused : failure.IsUnclear ? Unclear : TryAgain;
}
