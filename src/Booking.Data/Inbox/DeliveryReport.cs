namespace Booking.Data.Inbox;

/// <summary>What a mail server reports about a mail of ours (RFC 3464).</summary>
public sealed record DeliveryReport
{
    /// <summary>The Message-ID of our mail, with its angle brackets.</summary>
    public required string MessageId { get; init; }

    /// <summary>The addresses that it could not be delivered to, for good. Empty when it is only late, or was delivered.</summary>
    public required IReadOnlyList<FailedAddress> Failed { get; init; }
}

/// <summary>An address that a mail could not be delivered to.</summary>
public sealed record FailedAddress
{
    /// <summary>The address that we wrote to, as far as the server kept it; otherwise the one it was forwarded to.</summary>
    public required string Address { get; init; }

    /// <summary>The enhanced status code, such as <c>5.1.1</c>; empty when the report has none.</summary>
    public required string Status { get; init; }

    /// <summary>The server's own words, at most 500 characters; empty when it said nothing.</summary>
    public required string Words { get; init; }
}
