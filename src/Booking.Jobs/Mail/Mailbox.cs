using System.Globalization;
using System.Text;

namespace Booking.Jobs.Mail;

/// <summary>An address with the name shown beside it. What cannot be written into a mail safely cannot be made.</summary>
public sealed record Mailbox
{
    /// <summary>Makes one.</summary>
    /// <param name="address">Such as <c>anna@example.dk</c>; a domain with other letters than a-z is written in its ASCII form.</param>
    /// <param name="name">The name shown, or empty.</param>
    /// <exception cref="FormatException">The address cannot be written in a mail.</exception>
    public Mailbox(string address, string name = "")
    {
        Address = ToAscii(address) ?? throw new FormatException("This is not an address that mail can be sent to.");
        // Neither calendars nor every mail program can hold these two inside a quoted name.
        Name = PlainText.OneLine(name).Replace('"', '\'').Replace('\\', '/');
    }

    /// <summary>The address, ASCII only.</summary>
    public string Address { get; }

    /// <summary>The name on one line, or empty.</summary>
    public string Name { get; }

    /// <summary>The part after the @.</summary>
    public string Domain => Address[(Address.LastIndexOf('@') + 1)..];

    /// <summary>Whether mail can be sent to an address.</summary>
    public static bool IsAddress(string address) => ToAscii(address) is not null;

    private static string? ToAscii(string address)
    {
        var at = address.LastIndexOf('@');
        if (at <= 0 || address.Length > 254)
        {
            return null;
        }

        var local = address[..at];
        string domain;
        try
        {
            domain = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(address[(at + 1)..]);
        }
        catch (ArgumentException)
        {
            return null;
        }

        var isDotAtom = local.Length <= 64 && !local.StartsWith('.') && !local.EndsWith('.')
            && !local.Contains("..", StringComparison.Ordinal)
            && local.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal));
        return isDotAtom && domain.Contains('.', StringComparison.Ordinal) && !domain.EndsWith('.') ? $"{local}@{domain}" : null;
    }
}

/// <summary>Text that comes from people, made safe for one line or for a body.</summary>
internal static class PlainText
{
    /// <summary>Everything on one line: control characters and line ends become single spaces.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var isBreak = char.IsControl(c) || c is '\u2028' or '\u2029';
            if (!isBreak && c != ' ')
            {
                line.Append(c);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd();
    }
}
