using System.Globalization;
using Booking.Data.Site;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Mail;

/// <summary>Where mails are written when no mail server is configured, and how their files are named.</summary>
public sealed class MailFolder(IOptions<SiteOptions> site)
{
    /// <summary>The folder; it may not exist yet.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(site.Value.DataFolder, "mail"));

    /// <summary>The files' names, newest first.</summary>
    public IReadOnlyList<string> List() =>
        Directory.Exists(Path)
            ? [.. Directory.EnumerateFiles(Path, "*.eml").Select(file => System.IO.Path.GetFileName(file)).OrderDescending(StringComparer.Ordinal)]
            : [];
}

/// <summary>Writes mails as .eml files: whole or not at all, and named so that they sort by time.</summary>
public sealed class FileMailTransport(MailFolder folder, TimeProvider clock) : IMailTransport
{
    /// <inheritdoc />
    public async Task<MailReceipt> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmssfff}-{mail.OutboxId:D10}.eml");
        var target = Path.Combine(folder.Path, name);
        try
        {
            Directory.CreateDirectory(folder.Path);
            var written = $"{target}.{Guid.NewGuid():n}.tmp";
            await File.WriteAllBytesAsync(written, mail.Message, cancellationToken);
            File.Move(written, target, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new MailReceipt(MailOutcome.TryAgain, exception.Message);
        }

        return new MailReceipt(MailOutcome.Accepted, $"written as {name}");
    }

    /// <inheritdoc />
    public Task RestAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task CloseAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
