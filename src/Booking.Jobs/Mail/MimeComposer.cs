using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Booking.Jobs.Invitations;

namespace Booking.Jobs.Mail;

/// <summary>
/// Makes the bytes of a mail (RFC 5322, 2045 to 2047, 6047): the same draft always gives the same bytes, and no text in it can
/// become a header or a part.
/// </summary>
public static class MimeComposer
{
    /// <summary>Composes one mail: multipart/alternative with text, HTML and, last, the calendar message.</summary>
    public static byte[] Compose(MailDraft draft)
    {
        var boundary = $"part-{Hash("boundary", draft.Key)}";
        var mail = new StringBuilder();
        Line($"Date: {draft.Date.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture)} +0000");
        Line($"From: {MimeHeader.Address("From", draft.From)}");
        Line($"To: {MimeHeader.Address("To", draft.To)}");
        Line($"Subject: {MimeHeader.Text("Subject", draft.Subject)}");
        Line($"Message-ID: {MessageId(draft.Key, draft.From)}");
        Line("Auto-Submitted: auto-generated");
        Line("X-Auto-Response-Suppress: OOF, AutoReply");
        if (draft.Unsubscribe is { } unsubscribe)
        {
            Line($"List-Unsubscribe: <{new Uri(unsubscribe).AbsoluteUri}>");
            Line("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
        }

        Line($"Content-Language: {draft.Language}");
        Line("MIME-Version: 1.0");
        Line($"Content-Type: multipart/alternative;\r\n boundary={boundary}");
        Line("");
        Part("text/plain; charset=utf-8", "quoted-printable", MimeEncoding.QuotedPrintable(draft.Text));
        Part("text/html; charset=utf-8", "quoted-printable", MimeEncoding.QuotedPrintable(draft.Html));
        if (draft.Calendar is { } calendar)
        {
            // Base64, because a gateway that touches white space or long lines must not reach a calendar.
            Part(
                $"text/calendar; charset=utf-8; method={CalendarText.Name(calendar.Method)}",
                "base64",
                MimeEncoding.Base64(calendar.Bytes));
        }

        Line($"--{boundary}--");
        return Encoding.ASCII.GetBytes(mail.ToString());

        void Line(string line) => mail.Append(line).Append("\r\n");

        void Part(string type, string encoding, string body)
        {
            Line($"--{boundary}");
            Line($"Content-Type: {type}");
            Line($"Content-Transfer-Encoding: {encoding}");
            Line("");
            Line(body);
        }
    }

    /// <summary>The Message-ID of the mail with an outbox key, with its angle brackets.</summary>
    /// <param name="key">The key.</param>
    /// <param name="from">The sender.</param>
    public static string MessageId(string key, Mailbox from) => $"<{Hash("message", key)}@{from.Domain}>";

    private static string Hash(string what, string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{what}:{key}")))[..32];
}
