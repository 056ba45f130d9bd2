using System.Globalization;
using System.Text;

namespace Booking.Jobs.Inbox;

/// <summary>The two transfer encodings of RFC 2045, read from mails that may be broken: whatever is no encoding is left out or taken as it is.</summary>
internal static class TransferDecoding
{
    public static byte[] Base64(ReadOnlySpan<byte> body)
    {
        var digits = new StringBuilder(body.Length);
        foreach (var octet in body)
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'+' or (byte)'/')
            {
                digits.Append((char)octet);
            }
        }

        // A lone digit at the end holds no whole octet.
        digits.Length -= digits.Length % 4 == 1 ? 1 : 0;
        digits.Append('=', (4 - (digits.Length % 4)) % 4);
        return Convert.FromBase64String(digits.ToString());
    }

    public static byte[] QuotedPrintable(ReadOnlySpan<byte> body)
    {
        List<byte> octets = new(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != '=')
            {
                octets.Add(body[i]);
            }
            else if (SoftBreak(body[(i + 1)..]) is > 0 and var length)
            {
                i += length;
            }
            else if (i + 2 < body.Length
                && byte.TryParse(Encoding.ASCII.GetString(body.Slice(i + 1, 2)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                octets.Add(octet);
                i += 2;
            }
            else
            {
                octets.Add(body[i]);
            }
        }

        return [.. octets];
    }

    private static int SoftBreak(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("\r\n"u8) ? 2 : rest.StartsWith("\n"u8) ? 1 : 0;
}
