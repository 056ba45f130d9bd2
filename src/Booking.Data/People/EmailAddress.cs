using System.Net.Mail;

namespace Booking.Data.People;

/// <summary>The form of an e-mail address as people type it and mail servers take it.</summary>
public static class EmailAddress
{
    /// <summary>Longest address that SMTP takes. Source: RFC 5321, section 4.5.3.1.3.</summary>
    public const int MaximumLength = 254;

    /// <summary>The bare address, trimmed; null when it is not one mailbox in a domain with a dot, or not ASCII: few mail servers take others.</summary>
    /// <param name="text">What was typed.</param>
    public static string? Parse(string? text)
    {
        var trimmed = (text ?? "").Trim();
        return trimmed.Length is > 0 and <= MaximumLength
            && !trimmed.Any(c => c > '~' || char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';' or '"' or '(' or ')')
            && MailAddress.TryCreate(trimmed, out var address)
            && address.Address == trimmed
            && address.Host.Split('.') is { Length: >= 2 } labels
            && labels.All(label => label.Length > 0 && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            ? trimmed
            : null;
    }
}
