using Booking.Data.Outbox;
using Booking.Data.Site;
using Booking.Jobs.Mail;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Outbox;

/// <summary>Makes the bytes of one mail from its template and its values.</summary>
public sealed class MailWriter(IOptions<MailOptions> mail, IOptions<SiteOptions> site, TimeProvider clock)
{
    /// <summary>The site's mailbox: sender of every mail and organizer of every event.</summary>
    public Mailbox Sender { get; } = new(mail.Value.From, mail.Value.FromName.Length > 0 ? mail.Value.FromName : site.Value.Name);

    internal byte[] Write(ClaimedMessage message, string recipientName, MailValues values, CalendarPart? calendar = null, string? unsubscribe = null)
    {
        var template = MailTemplate.Get(message.Kind, message.Language);
        var subject = template.Subject(values);
        var blocks = template.Blocks(values);
        return MimeComposer.Compose(new MailDraft
        {
            Key = message.Key,
            From = Sender,
            To = new Mailbox(message.RecipientEmail, recipientName),
            Date = clock.GetUtcNow(),
            Language = message.Language,
            Subject = subject,
            Text = MailBody.Text(blocks),
            Html = MailBody.Html(blocks, message.Language, subject, site.Value.Color),
            Calendar = calendar,
            Unsubscribe = unsubscribe,
        });
    }
}
