using System.Text;

namespace Booking.Jobs.Mail;

/// <summary>One part of a mail, or the whole of it.</summary>
public sealed record MimePart
{
    /// <summary>Headers in their order, unfolded and still encoded.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The body as it stands, still encoded.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>One header's value with its encoded words read, or an empty text.</summary>
    public string this[string name] => MimeReader.DecodeWords(Raw(name));

    /// <summary>One header's value as it stands, or an empty text.</summary>
    public string Raw(string name) =>
        Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";

    /// <summary>The type without its parameters, in lower case.</summary>
    public string MediaType => Raw("Content-Type").Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>One parameter of the content type, or an empty text.</summary>
    public string Parameter(string name) =>
        Raw("Content-Type").Split(';').Skip(1)
            .Select(parameter => parameter.Split('=', 2))
            .FirstOrDefault(parts => parts[0].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))?[^1].Trim().Trim('"') ?? "";
}

/// <summary>Reads mails as <see cref="MimeComposer"/> writes them. Not for mail from elsewhere.</summary>
public static class MimeReader
{
    /// <summary>Splits a mail, or a part of one, into headers and body.</summary>
    /// <exception cref="FormatException">There is no empty line after the headers.</exception>
    public static MimePart Read(ReadOnlyMemory<byte> bytes)
    {
        var end = bytes.Span.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            throw new FormatException("No empty line ends the headers of this mail.");
        }

        List<KeyValuePair<string, string>> headers = [];
        foreach (var line in Encoding.ASCII.GetString(bytes.Span[..end]).Split("\r\n"))
        {
            if (line.StartsWith(' ') && headers.Count > 0)
            {
                headers[^1] = new(headers[^1].Key, $"{headers[^1].Value} {line.Trim()}");
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add(colon > 0
                ? new(line[..colon], line[(colon + 1)..].Trim())
                : throw new FormatException("A line among the headers of this mail is no header."));
        }

        return new MimePart { Headers = headers, Body = bytes[(end + 4)..] };
    }

    /// <summary>The parts of a multipart mail, in order.</summary>
    public static IReadOnlyList<MimePart> Parts(MimePart mail)
    {
        var body = Encoding.ASCII.GetString(mail.Body.Span);
        return [.. body.Split($"--{mail.Parameter("boundary")}").Skip(1)
            .TakeWhile(part => part.StartsWith("\r\n", StringComparison.Ordinal))
            .Select(part => Read(Encoding.ASCII.GetBytes(part[2..^2])))];
    }

    /// <summary>The decoded body of a part.</summary>
    public static byte[] Content(MimePart part)
    {
        var body = Encoding.ASCII.GetString(part.Body.Span);
        return part.Raw("Content-Transfer-Encoding").ToLowerInvariant() switch
        {
            "base64" => Convert.FromBase64String(body),
            "quoted-printable" => FromQuotedPrintable(body),
            _ => part.Body.ToArray(),
        };
    }

    /// <summary>The decoded body of a part of text.</summary>
    public static string Text(MimePart part) => Encoding.UTF8.GetString(Content(part));

    internal static string DecodeWords(string value)
    {
        var text = new StringBuilder();
        var isAfterWord = false;
        foreach (var token in value.Split(' '))
        {
            var isWord = token.StartsWith("=?utf-8?B?", StringComparison.OrdinalIgnoreCase)
                && token.EndsWith("?=", StringComparison.Ordinal);
            // White space between two encoded words is not part of the text.
            text.Append(text.Length > 0 && !(isWord && isAfterWord) ? " " : "");
            text.Append(isWord ? Encoding.UTF8.GetString(Convert.FromBase64String(token[10..^2])) : token);
            isAfterWord = isWord;
        }

        return text.ToString();
    }

    private static byte[] FromQuotedPrintable(string body)
    {
        List<byte> octets = new(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != '=')
            {
                octets.Add((byte)body[i]);
            }
            else if (body[i + 1] == '\r')
            {
                i += 2;
            }
            else
            {
                octets.Add(Convert.ToByte(body.Substring(i + 1, 2), 16));
                i += 2;
            }
        }

        return [.. octets];
    }
}
