namespace Booking.Data.Outbox;

/// <summary>One row of the outbox as the screens show it, without its bytes.</summary>
public sealed record OutboxEntry
{
    /// <summary>Which row.</summary>
    public required long OutboxId { get; init; }

    /// <summary>One of <see cref="OutboxKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The run that is told about.</summary>
    public long? RunId { get; init; }

    /// <summary>The booking that is told about.</summary>
    public long? BookingId { get; init; }

    /// <summary>The one address the mail goes to.</summary>
    public required string RecipientEmail { get; init; }

    /// <summary><c>pending</c>, <c>sent</c>, <c>dead</c> or <c>discarded</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Attempts begun so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>When the decision was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the next attempt is due, for a pending one.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The mail server's own words at the last failed attempt, or why the message was discarded.</summary>
    public string? LastError { get; init; }

    /// <summary>When the mail server took it.</summary>
    public DateTimeOffset? SentAt { get; init; }
}

/// <summary>One mail with all that is known of it.</summary>
public sealed record OutboxDetails
{
    /// <summary>The key, which says what is told to whom.</summary>
    public required string Key { get; init; }

    /// <summary>The ordered queue it stands in.</summary>
    public required string Queue { get; init; }

    /// <summary>Its row.</summary>
    public required OutboxEntry Entry { get; init; }

    /// <summary>The mail as rendered at its first attempt; null before that, and when it left so long ago that it was removed.</summary>
    public byte[]? Message { get; init; }

    /// <summary>Whether a worker has it in hand at this moment.</summary>
    public required bool IsInHand { get; init; }

    /// <summary>The mail before it in its queue that must leave first; null when there is none.</summary>
    public long? WaitsFor { get; init; }

    /// <summary>Its attempts, in order.</summary>
    public required IReadOnlyList<MailAttempt> Attempts { get; init; }
}

/// <summary>Which mails a list shows.</summary>
public sealed record OutboxFilter
{
    /// <summary>Only this status; null for all.</summary>
    public string? Status { get; init; }

    /// <summary>Only this kind, one of <see cref="OutboxKinds"/>; null for all.</summary>
    public string? Kind { get; init; }

    /// <summary>Only mails to this address, whatever its case; null for all.</summary>
    public string? RecipientEmail { get; init; }

    /// <summary>Only rows older than this id; null begins at the newest.</summary>
    public long? Before { get; init; }
}

/// <summary>How the queue stands.</summary>
public sealed record OutboxState
{
    /// <summary>Mails that could leave now.</summary>
    public required int Due { get; init; }

    /// <summary>Mails that wait for their next attempt.</summary>
    public required int Waiting { get; init; }

    /// <summary>Mails that were given up.</summary>
    public required int Dead { get; init; }

    /// <summary>Since when the oldest of those that could leave now has been due.</summary>
    public DateTimeOffset? OldestDueAt { get; init; }

    /// <summary>Since when all mail is paused; null when it is not.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>Who paused it.</summary>
    public string? PausedBy { get; init; }
}
