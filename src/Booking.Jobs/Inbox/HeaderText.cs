namespace Booking.Jobs.Inbox;

/// <summary>Headers of mails from elsewhere.</summary>
internal static class HeaderText
{
    /// <summary>One parameter of a header such as Content-Type, without its quotes; an empty text when it is not there.</summary>
    public static string Parameter(string value, string name)
    {
        foreach (var parameter in Split(value).Skip(1))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && parameter.AsSpan(0, equals).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return parameter[(equals + 1)..].Trim().Trim('"');
            }
        }

        return "";
    }

    /// <summary>The address in "Name &lt;address&gt;", "address", "rfc822; address" or "mailto:address"; an empty text when there is none.</summary>
    public static string Address(string value)
    {
        var text = value[(value.LastIndexOf(';') + 1)..];
        var (open, close) = (text.LastIndexOf('<'), text.LastIndexOf('>'));
        text = (open >= 0 && close > open ? text[(open + 1)..close] : text).Trim();
        text = text.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? text["mailto:".Length..] : text;
        return Mail.Mailbox.IsAddress(text) ? text : "";
    }

    // Semicolons between quotes separate nothing.
    private static IEnumerable<string> Split(string value)
    {
        var (start, isQuoted) = (0, false);
        for (var i = 0; i < value.Length; i++)
        {
            isQuoted ^= value[i] == '"';
            if (value[i] == ';' && !isQuoted)
            {
                yield return value[start..i];
                start = i + 1;
            }
        }

        yield return value[start..];
    }
}
