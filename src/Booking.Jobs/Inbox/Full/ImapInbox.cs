using System.Runtime.CompilerServices;
using Booking.Data.Inbox;
using Booking.Jobs.Mail;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Inbox.Full;

/// <summary>Reads the mailbox with MailKit, in a folder that is opened for reading only.</summary>
public sealed class ImapInbox(IOptions<MailOptions> options) : IMailInbox
{
    private const int Timeout = 60_000;

    /// <inheritdoc />
    public async IAsyncEnumerable<InboxMail> ReadAsync(
        InboxPosition? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var settings = options.Value.Inbox;
        if (!settings.IsRead)
        {
            yield break;
        }

        using var client = new ImapClient { Timeout = Timeout };
        await client.ConnectAsync(settings.Host, settings.Port, Security(settings.Tls), cancellationToken);
        await client.AuthenticateAsync(settings.User, settings.Password, cancellationToken);
        var folder = await client.GetFolderAsync(settings.Folder, cancellationToken);
        await folder.OpenAsync(FolderAccess.ReadOnly, cancellationToken);
        var from = after?.UidValidity == folder.UidValidity ? (uint)after.Uid + 1 : 1;
        // The range ends with the newest mail, which IMAP names even when it lies before the beginning.
        var range = new UniqueIdRange(new UniqueId(from), UniqueId.MaxValue);
        var found = await folder.FetchAsync(range, MessageSummaryItems.UniqueId | MessageSummaryItems.Size, cancellationToken);
        foreach (var summary in found.Where(summary => summary.UniqueId.Id >= from).OrderBy(summary => summary.UniqueId.Id))
        {
            var at = new InboxPosition { UidValidity = folder.UidValidity, Uid = summary.UniqueId.Id };
            yield return new InboxMail(
                at, summary.Size <= ReceivedMail.MostOctets ? await BytesAsync(folder, summary.UniqueId, cancellationToken) : null);
        }

        await client.DisconnectAsync(quit: true, cancellationToken);
    }

    private static async Task<ReadOnlyMemory<byte>?> BytesAsync(IMailFolder folder, UniqueId uid, CancellationToken cancellationToken)
    {
        await using var stream = await folder.GetStreamAsync(uid, cancellationToken);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    private static SecureSocketOptions Security(MailTls tls) => tls switch
    {
        MailTls.StartTls => SecureSocketOptions.StartTls,
        MailTls.Implicit => SecureSocketOptions.SslOnConnect,
        MailTls.None => SecureSocketOptions.None,
    };
}
