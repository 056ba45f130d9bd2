using System.Text;

namespace Booking.Jobs.Mail;

/// <summary>Values of mail headers, encoded and folded (RFC 2047); nothing in a value can begin another header.</summary>
internal static class MimeHeader
{
    private const int LineLength = 76;

    // "=?utf-8?B?" and "?=" leave 63 characters of base64 in an encoded word of 75: 45 octets, in whole characters.
    private const int WordOctets = 45;

    /// <summary>Free text, such as a subject.</summary>
    public static string Text(string header, string value)
    {
        var line = PlainText.OneLine(value);
        return line.All(IsPrintable) && !line.Contains("=?", StringComparison.Ordinal) && header.Length + 2 + line.Length <= LineLength
            ? line
            : Encode(line);
    }

    /// <summary>A mailbox with its name.</summary>
    public static string Address(string header, Mailbox mailbox)
    {
        if (mailbox.Name.Length == 0)
        {
            return mailbox.Address;
        }

        var isPlain = mailbox.Name.All(IsPrintable) && !mailbox.Name.Contains("=?", StringComparison.Ordinal)
            && header.Length + mailbox.Name.Length + mailbox.Address.Length + 8 <= LineLength;
        if (isPlain)
        {
            return $"\"{mailbox.Name}\" <{mailbox.Address}>";
        }

        return $"{Encode(mailbox.Name)}\r\n <{mailbox.Address}>";
    }

    private static bool IsPrintable(char c) => c is >= ' ' and <= '~';

    private static string Encode(string text)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var octets = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            // The first word shares its line with the header's name.
            if (octets + rune.Utf8SequenceLength > (words.Count == 0 ? WordOctets - 9 : WordOctets))
            {
                Close();
            }

            word.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        Close();
        return string.Join("\r\n ", words);

        void Close()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(word.ToString()))}?=");
            word.Clear();
            octets = 0;
        }
    }
}
