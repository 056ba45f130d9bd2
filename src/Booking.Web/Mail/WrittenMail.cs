using System.Text;
using System.Text.RegularExpressions;
using Booking.Jobs.Mail;

namespace Booking.Web.Mail;

/// <summary>One mail, read for the screen.</summary>
public sealed partial record WrittenMail
{
    private static readonly string[] ShownHeaders = ["From", "To", "Date", "Subject", "Message-ID", "Auto-Submitted"];

    /// <summary>The file's name.</summary>
    public required string Name { get; init; }

    /// <summary>The subject.</summary>
    public required string Subject { get; init; }

    /// <summary>The recipient.</summary>
    public required string To { get; init; }

    /// <summary>When it was made, as the mail says it.</summary>
    public required string Date { get; init; }

    /// <summary><c>da</c> or <c>en</c>.</summary>
    public required string Language { get; init; }

    /// <summary>The headers that a mail client shows on request.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The text part.</summary>
    public required string Text { get; init; }

    /// <summary>The HTML part.</summary>
    public required string Html { get; init; }

    /// <summary>The calendar part.</summary>
    public EventCard? Event { get; init; }

    /// <summary>Reads one mail of the folder, or null when it has none of that name.</summary>
    public static WrittenMail? Find(MailFolder folder, string name)
    {
        // A name, never a path: what stands in the address must not lead out of the folder.
        var file = Path.Combine(folder.Path, Path.GetFileName(name));
        if (Path.GetFileName(name) != name || Path.GetExtension(name) != ".eml" || !File.Exists(file))
        {
            return null;
        }

        return Read(name, File.ReadAllBytes(file));
    }

    /// <summary>Reads a mail as it was rendered.</summary>
    /// <param name="name">What the screen knows it by.</param>
    /// <param name="bytes">The whole mail.</param>
    public static WrittenMail Read(string name, byte[] bytes)
    {
        var mail = MimeReader.Read(bytes);
        var parts = MimeReader.Parts(mail).ToDictionary(part => part.MediaType, StringComparer.Ordinal);
        return new WrittenMail
        {
            Name = name,
            Subject = mail["Subject"],
            To = mail["To"],
            Date = mail["Date"],
            Language = mail["Content-Language"],
            Headers = [.. ShownHeaders.Select(header => KeyValuePair.Create(header, mail[header]))],
            Text = MimeReader.Text(parts["text/plain"]),
            Html = MimeReader.Text(parts["text/html"]),
            Event = parts.TryGetValue("text/calendar", out var calendar) ? EventCard.Read(calendar) : null,
        };
    }

    /// <summary>The same mail with its personal links made useless, for eyes that are not the recipient's.</summary>
    public WrittenMail WithoutTokens() => this with
    {
        Text = Token().Replace(Text, "…"),
        Html = Token().Replace(Html, "…"),
        Event = Event is null ? null : Event with
        {
            Lines = [.. Event.Lines.Select(line => KeyValuePair.Create(line.Key, Token().Replace(line.Value, "…")))],
        },
    };

    // The last step of a personal link's path: 32 random bytes in base64url.
    [GeneratedRegex("(?<=/)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])", RegexOptions.None, 1000)]
    private static partial Regex Token();
}

/// <summary>What a calendar makes of a mail's calendar part.</summary>
/// <param name="Method">REQUEST or CANCEL.</param>
/// <param name="Lines">The event's properties, by name.</param>
public sealed record EventCard(string Method, IReadOnlyList<KeyValuePair<string, string>> Lines)
{
    /// <summary>Reads a calendar part.</summary>
    public static EventCard Read(MimePart part)
    {
        var text = MimeReader.Text(part).Replace("\r\n ", "", StringComparison.Ordinal);
        var lines = text.Split("\r\n").SkipWhile(line => line != "BEGIN:VEVENT").Skip(1).TakeWhile(line => line != "END:VEVENT");
        return new EventCard(part.Parameter("method"), [.. lines.Select(Property)]);
    }

    private static KeyValuePair<string, string> Property(string line)
    {
        var isQuoted = false;
        var colon = 0;
        while (colon < line.Length && (isQuoted || line[colon] != ':'))
        {
            isQuoted ^= line[colon] == '"';
            colon++;
        }

        return KeyValuePair.Create(line[..colon], Unescape(line[Math.Min(colon + 1, line.Length)..]));
    }

    private static string Unescape(string value)
    {
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length)
            {
                i++;
                text.Append(value[i] is 'n' or 'N' ? '\n' : value[i]);
            }
            else
            {
                text.Append(value[i]);
            }
        }

        return text.ToString();
    }
}
