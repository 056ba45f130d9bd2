using System.Text;
using Booking.TestSupport;

namespace Booking.WebTests.Verbs;

/// <summary>A row of the outbox beside what mail servers took of it.</summary>
internal sealed record StoredMail
{
    public required string Key { get; init; }

    public required string Kind { get; init; }

    public required string Queue { get; init; }

    public required string Status { get; init; }

    public byte[]? Message { get; init; }
}

/// <summary>Compares what was taken, in its order, with what the outbox says; each method lists what is wrong.</summary>
internal static class MailRecord
{
    /// <summary>Mails that count as sent and were never taken.</summary>
    public static IReadOnlyList<string> FindLost(IReadOnlyList<StoredMail> stored, IReadOnlyList<TakenMail> taken)
    {
        var arrived = taken.Select(mail => mail.Message).ToHashSet(StringComparer.Ordinal);
        return [.. stored.Where(mail => mail.Status == "sent" && !arrived.Contains(Text(mail.Message))).Select(mail => $"{mail.Key} never arrived")];
    }

    /// <summary>Mails taken whose bytes are not exactly those of a row.</summary>
    public static IReadOnlyList<string> FindChanged(IReadOnlyList<StoredMail> stored, IReadOnlyList<TakenMail> taken)
    {
        var known = stored.Select(mail => Text(mail.Message)).ToHashSet(StringComparer.Ordinal);
        return [.. taken.Where(mail => !known.Contains(mail.Message)).Select(mail => $"a mail to {mail.EnvelopeTo} has other bytes")];
    }

    /// <summary>Cancellations taken without their invitation before, and invitations taken after the cancellation.</summary>
    public static IReadOnlyList<string> FindUnordered(IReadOnlyList<StoredMail> stored, IReadOnlyList<TakenMail> taken)
    {
        var rows = stored.Where(mail => mail.Message is not null).ToDictionary(mail => Text(mail.Message), StringComparer.Ordinal);
        List<string> faults = [];
        foreach (var queue in taken.Where(mail => rows.ContainsKey(mail.Message)).Select(mail => rows[mail.Message]).GroupBy(row => row.Queue))
        {
            var kinds = queue.Select(row => row.Kind).ToList();
            var first = kinds.IndexOf("booking.cancellation");
            if (first == 0 || (first > 0 && kinds.LastIndexOf("booking.invitation") > first))
            {
                faults.Add($"{queue.Key}: {string.Join(", ", kinds)}");
            }
        }

        return faults;
    }

    private static string Text(byte[]? message) => message is null ? "" : Encoding.Latin1.GetString(message);
}
