using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Booking.Data.Runs;

namespace Booking.Jobs.WaitingLists;

/// <summary>The rule of order of waiting lists in words: pages and mails print the same sentences from here.</summary>
public static class WaitingListOrder
{
    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> Read = new(StringComparer.Ordinal);

    /// <summary>Who gets a seat that becomes free.</summary>
    /// <param name="language"><c>da</c> or <c>en</c>.</param>
    public static string Rule(string language) => Words(language)["order"];

    /// <summary>What happens to whoever is next.</summary>
    /// <param name="mode">One of <see cref="WaitingListModes"/>.</param>
    /// <param name="workingHours">For how many working hours an offer stands.</param>
    /// <param name="language"><c>da</c> or <c>en</c>.</param>
    public static string Turn(string mode, int workingHours, string language) =>
        Words(language)[mode == WaitingListModes.Book ? "book" : "offer"]
            .Replace("{hours}", workingHours.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static IReadOnlyDictionary<string, string> Words(string language) =>
        Read.GetOrAdd(language == "en" ? "en" : "da", static code =>
        {
            using var stream = typeof(WaitingListOrder).Assembly.GetManifestResourceStream($"waiting-list/order.{code}.txt")!;
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.Split(": ", 2))
                .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        });
}
