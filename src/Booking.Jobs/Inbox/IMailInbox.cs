using Booking.Data.Inbox;

namespace Booking.Jobs.Inbox;

/// <summary>The functional mailbox. Reading it changes nothing in it: people read it, too.</summary>
public interface IMailInbox
{
    /// <summary>Mails that came after a position, in their order.</summary>
    /// <param name="after">The last mail that was taken; null for all. Counts only for the mailbox that it belongs to.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    IAsyncEnumerable<InboxMail> ReadAsync(InboxPosition? after, CancellationToken cancellationToken);
}

/// <summary>A mail in the functional mailbox.</summary>
/// <param name="At">Its place.</param>
/// <param name="Bytes">The whole mail; null when it is larger than any report.</param>
public sealed record InboxMail(InboxPosition At, ReadOnlyMemory<byte>? Bytes);
