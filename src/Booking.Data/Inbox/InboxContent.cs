namespace Booking.Data.Inbox;

/// <summary>What a mail in the functional mailbox turned out to be.</summary>
public abstract record InboxContent
{
    private InboxContent()
    {
    }

    /// <summary>A report that a mail of ours could not be delivered.</summary>
    /// <param name="OutboxId">Our mail.</param>
    /// <param name="Address">Whom it did not reach, and why.</param>
    public sealed record Failure(long OutboxId, FailedAddress Address) : InboxContent;

    /// <summary>A calendar's answer.</summary>
    /// <param name="Value">The answer.</param>
    public sealed record Reply(CalendarReply Value) : InboxContent;

    /// <summary>A report or reply that could not be used.</summary>
    /// <param name="Reason">Why, without anything that stood in it.</param>
    public sealed record Unusable(string Reason) : InboxContent;

    /// <summary>Nothing for the program: a letter from a person, or a report that all is well.</summary>
    public sealed record Nothing : InboxContent;
}
