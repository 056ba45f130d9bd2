using System.Text;

namespace Booking.Jobs.Mail;

/// <summary>The two transfer encodings of RFC 2045.</summary>
internal static class MimeEncoding
{
    private const int LineLength = 76;

    /// <summary>Lines of 76 characters, without a line end after the last.</summary>
    public static string Base64(byte[] bytes) =>
        string.Join("\r\n", Convert.ToBase64String(bytes).Chunk(LineLength).Select(line => new string(line)));

    /// <summary>Readable where the text is ASCII; lines of at most 76 characters with CRLF.</summary>
    public static string QuotedPrintable(string text)
    {
        var encoded = new StringBuilder();
        foreach (var (index, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            encoded.Append(index > 0 ? "\r\n" : "");
            AppendLine(encoded, Encoding.UTF8.GetBytes(line));
        }

        return encoded.ToString();
    }

    private static void AppendLine(StringBuilder encoded, byte[] line)
    {
        var length = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var octet = line[i];
            var isPlain = octet is >= 33 and <= 126 and not (byte)'=' || (octet == ' ' && i < line.Length - 1);
            if (length == 0)
            {
                // A dot and "From " at the beginning of a line mean something to mail servers, "--" ends a part.
                isPlain &= octet is not ((byte)'.' or (byte)'F') && !(octet == '-' && i + 1 < line.Length && line[i + 1] == '-');
            }

            var token = isPlain ? ((char)octet).ToString() : $"={octet:X2}";
            if (length + token.Length > LineLength - 1)
            {
                encoded.Append("=\r\n");
                length = 0;
                i--;
                continue;
            }

            encoded.Append(token);
            length += token.Length;
        }
    }
}
