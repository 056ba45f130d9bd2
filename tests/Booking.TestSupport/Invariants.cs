using Booking.Data.Invariants;

namespace Booking.TestSupport;

/// <summary>What must hold over the whole database after every race and history: the product's own audit.</summary>
public static class Invariants
{
    /// <summary>Looks at every rule as the verb <c>audit</c> does, but without patience: nothing is left to a sweep.</summary>
    public static Task<InvariantReport> CheckAsync(TestDatabase database) =>
        new CheckInvariants(database.DataSource, database.Clock).RunAsync(TimeSpan.Zero, progress: null, CancellationToken.None);

    /// <summary>Fails with what is broken.</summary>
    /// <param name="database">The database.</param>
    /// <param name="message">What the test knows about how it came to this.</param>
    public static async Task AssertHoldAsync(TestDatabase database, string message = "")
    {
        var report = await CheckAsync(database);
        if (!report.IsClean)
        {
            throw new InvalidOperationException($"{Describe(report)}\n{message}");
        }
    }

    /// <summary>The names of the rules that do not hold: what a negative control looks at.</summary>
    public static async Task<IReadOnlyList<string>> BrokenAsync(TestDatabase database) =>
        [.. (await CheckAsync(database)).Findings.Select(finding => finding.Rule)];

    private static string Describe(InvariantReport report) => string.Join('\n', report.Findings.Select(finding =>
        $"{finding.Rule} ({finding.Count}): {string.Join("; ", finding.Examples.Select(e => $"run {e.RunId}, booking {e.BookingId}, {e.What}"))}"));
}
