using Booking.Data.Inbox;

namespace Booking.Jobs.Inbox;

/// <summary>No mailbox is read.</summary>
public sealed class NoInbox : IMailInbox
{
    /// <inheritdoc />
    public IAsyncEnumerable<InboxMail> ReadAsync(InboxPosition? after, CancellationToken cancellationToken) => AsyncEnumerable.Empty<InboxMail>();
}
