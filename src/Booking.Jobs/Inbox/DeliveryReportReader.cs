using Booking.Data.Inbox;

namespace Booking.Jobs.Inbox;

/// <summary>Finds in a mail what a mail server reports about a mail of ours (RFC 3464).</summary>
public static class DeliveryReportReader
{
    /// <summary>Reads a report.</summary>
    /// <param name="mail">A mail.</param>
    /// <returns>Null when it is no report.</returns>
    /// <exception cref="FormatException">It says that it is one, and does not say about which mail.</exception>
    public static DeliveryReport? Find(ReceivedPart mail)
    {
        var all = mail.All().ToList();
        if (all.Find(part => part.MediaType is "message/delivery-status" or "message/global-delivery-status") is not { } status)
        {
            return null;
        }

        // The mail itself, or only its headers, comes back behind the status; an outer Message-ID is the report's own.
        var messageId = all.Skip(1).Select(part => part["Message-ID"].Trim()).FirstOrDefault(id => id.Length > 0)
            ?? throw new FormatException("The report does not say which mail it is about.");
        return new DeliveryReport
        {
            MessageId = messageId,
            Failed = [.. ReceivedMail.ReadBlocks(status.Content())
                .Where(block => block.GetValueOrDefault("Action", "").Trim().Equals("failed", StringComparison.OrdinalIgnoreCase))
                .Select(ToFailed)
                .Where(failed => failed.Address.Length > 0)],
        };
    }

    private static FailedAddress ToFailed(Dictionary<string, string> block) => new()
    {
        Address = new[] { "Original-Recipient", "Final-Recipient" }
            .Select(name => HeaderText.Address(block.GetValueOrDefault(name, ""))).FirstOrDefault(address => address.Length > 0) ?? "",
        Status = string.Concat(block.GetValueOrDefault("Status", "").TakeWhile(c => char.IsAsciiDigit(c) || c == '.')),
        Words = Words(block.GetValueOrDefault("Diagnostic-Code", "")),
    };

    private static string Words(string diagnostic)
    {
        const int Most = 500;
        // "smtp; 550 5.1.1 unknown": the first word says only whose words follow.
        var text = diagnostic[(diagnostic.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim();
        text = string.Concat(text.Where(c => !char.IsControl(c)));
        return text.Length > Most ? text[..Most] : text;
    }
}
