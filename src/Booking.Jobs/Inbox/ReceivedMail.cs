using System.Text;

namespace Booking.Jobs.Inbox;

/// <summary>Reads mails from elsewhere (RFC 5322 and RFC 2045 to 2046), also broken ones.</summary>
public static class ReceivedMail
{
    /// <summary>The largest mail that is read, in octets; reports hold at most the mail they are about.</summary>
    public const int MostOctets = 4 * 1024 * 1024;

    private const int MostDepth = 8;
    private const int MostParts = 64;
    private const int MostHeaders = 1_000;

    /// <summary>Reads a mail.</summary>
    /// <param name="bytes">The mail with CRLF or LF.</param>
    /// <exception cref="FormatException">It is larger than <see cref="MostOctets"/>, or of more parts than any report has.</exception>
    public static ReceivedPart Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MostOctets)
        {
            throw new FormatException("The mail is larger than any report.");
        }

        var count = 0;
        return Read(bytes, depth: 0, ref count);
    }

    private static ReceivedPart Read(ReadOnlyMemory<byte> bytes, int depth, ref int count)
    {
        if (depth > MostDepth || ++count > MostParts)
        {
            throw new FormatException("The mail has more parts than any report.");
        }

        var lines = new Lines(bytes);
        var headers = ReadHeaders(lines);
        var body = bytes[lines.Position..];
        var part = new ReceivedPart(headers, body.ToArray(), []);
        List<ReceivedPart> parts = [];
        if (part.MediaType.StartsWith("multipart/", StringComparison.Ordinal) && part.Parameter("boundary") is { Length: > 0 } boundary)
        {
            foreach (var inner in Split(body, boundary))
            {
                parts.Add(Read(inner, depth + 1, ref count));
            }
        }
        else if (part.MediaType is "message/rfc822" or "message/global" or "text/rfc822-headers" or "message/rfc822-headers")
        {
            parts.Add(Read(part.Content(), depth + 1, ref count));
        }

        return parts.Count == 0 ? part : new ReceivedPart(headers, [], parts);
    }

    /// <summary>Blocks of headers, as in a body of the type message/delivery-status; an empty line ends each.</summary>
    internal static IReadOnlyList<Dictionary<string, string>> ReadBlocks(ReadOnlyMemory<byte> body)
    {
        List<Dictionary<string, string>> blocks = [];
        var lines = new Lines(body);
        while (!lines.IsAtEnd && blocks.Count < MostParts)
        {
            if (ReadHeaders(lines) is { Count: > 0 } block)
            {
                blocks.Add(block);
            }
        }

        return blocks;
    }

    private static Dictionary<string, string> ReadHeaders(Lines lines)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        string? latest = null;
        for (var read = 0; lines.Next() is { Length: > 0 } line && read < MostHeaders; read++)
        {
            if (line[0] is ' ' or '\t')
            {
                if (latest is not null)
                {
                    headers[latest] = $"{headers[latest]} {line.Trim()}";
                }

                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            // A line that is no header, such as the "From " of a mailbox file, is passed over.
            latest = colon > 0 && headers.TryAdd(line[..colon].Trim(), line[(colon + 1)..].Trim()) ? line[..colon].Trim() : null;
        }

        return headers;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> body, string boundary)
    {
        var (lines, delimiter) = (new Lines(body), $"--{boundary}");
        var start = -1;
        for (var at = 0; lines.Next() is { } line; at = lines.Position)
        {
            if (!line.StartsWith(delimiter, StringComparison.Ordinal))
            {
                continue;
            }

            if (start >= 0)
            {
                yield return body[start..at];
            }

            start = lines.Position;
            if (line.AsSpan(delimiter.Length).StartsWith("--"))
            {
                yield break;
            }
        }

        // A last part whose end is missing is a part all the same.
        if (start >= 0 && start < body.Length)
        {
            yield return body[start..];
        }
    }

    /// <summary>Lines that end with CRLF or LF; octets beyond ASCII are kept apart by Latin-1.</summary>
    private sealed class Lines(ReadOnlyMemory<byte> bytes)
    {
        public int Position { get; private set; }

        public bool IsAtEnd => Position >= bytes.Length;

        /// <summary>The next line without its end; null after the last.</summary>
        public string? Next()
        {
            if (IsAtEnd)
            {
                return null;
            }

            var rest = bytes.Span[Position..];
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            Position = end < 0 ? bytes.Length : Position + end + 1;
            return Encoding.Latin1.GetString(line).TrimEnd('\r');
        }
    }
}
