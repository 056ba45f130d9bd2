using System.Globalization;
using Booking.Data.Invariants;

namespace Booking.Web.Verbs;

/// <summary>What an audit found, as plain lines.</summary>
internal static class AuditReport
{
    /// <summary>A line per rule that does not hold, with the first few places below it, and a verdict.</summary>
    public static IEnumerable<string> Lines(InvariantReport report) =>
        [.. report.Findings.SelectMany(FindingLines), Verdict(report)];

    private static IEnumerable<string> FindingLines(InvariantFinding finding)
    {
        var hidden = finding.Count - finding.Examples.Count;
        return
        [
            $"{finding.Rule} ({Number(finding.Count)}): {finding.Fault}",
            .. finding.Examples.Select(example => $"    {Where(example)}"),
            .. hidden > 0 ? [$"    and {Number(hidden)} more"] : (string[])[],
        ];
    }

    private static string Where(InvariantExample example) => string.Join(
        ", ",
        new[]
        {
            example.RunId is { } run ? $"run {run}" : null,
            example.BookingId is { } booking ? $"booking {booking}" : null,
            example.What,
        }.Where(part => part is not null));

    private static string Verdict(InvariantReport report)
    {
        var seconds = report.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var looked = $"{report.Rules} rules over {Number(report.Bookings)} bookings in {seconds} s";
        return report.IsClean ? $"All is well: {looked}." : $"{report.Findings.Count} of {looked} do not hold.";
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>Tells on the error output which rule is looked at, when it takes longer than a moment.</summary>
internal sealed class AuditProgressLine(TimeProvider clock, TextWriter output) : IProgress<InvariantProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private long _last = clock.GetTimestamp();

    /// <inheritdoc />
    public void Report(InvariantProgress value)
    {
        if (clock.GetElapsedTime(_last) >= Interval)
        {
            _last = clock.GetTimestamp();
            output.WriteLine($"{value.Number} of {value.Of}: {value.Rule}");
        }
    }
}
