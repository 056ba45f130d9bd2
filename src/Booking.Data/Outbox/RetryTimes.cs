namespace Booking.Data.Outbox;

/// <summary>How long a message waits after each failed attempt before it is tried again.</summary>
public static class RetryTimes
{
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(6),
        TimeSpan.FromHours(12),
        TimeSpan.FromHours(24),
    ];

    /// <summary>The wait after the given attempt, or null when that was the last one.</summary>
    /// <param name="attempt">1 for the first attempt.</param>
    public static TimeSpan? AfterAttempt(int attempt) => attempt <= Waits.Length ? Waits[attempt - 1] : null;
}

/// <summary>Why an attempt failed.</summary>
public sealed record DeliveryFailure
{
    /// <summary>The mail server's own words, or the error's; shown to the administrator.</summary>
    public required string Words { get; init; }

    /// <summary>The server refused this message for good: no further attempt.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Whether the message may have been taken all the same: the connection broke before the answer came.</summary>
    public bool IsUnclear { get; init; }
}
