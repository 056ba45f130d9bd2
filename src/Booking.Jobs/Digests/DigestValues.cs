using Booking.Data.FillRates;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;

namespace Booking.Jobs.Digests;

/// <summary>The words of HR's weekly letter in one language.</summary>
internal sealed class DigestValues(string language, SiteAddress address)
{
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal) { ["needs_something"] = "" };
    private readonly Dictionary<string, IReadOnlyList<string[]>> _tables = new(StringComparer.Ordinal);

    /// <summary>All words so far.</summary>
    public MailValues Values => new() { Words = _words, Tables = _tables };

    /// <summary>Adds a word.</summary>
    public DigestValues With(string name, string value)
    {
        _words[name] = value;
        return this;
    }

    /// <summary>
    /// Adds a list of runs: the first of them as links, <c>{has_name}</c> when there are any, and in <c>{more_name}</c> how many are left out.
    /// </summary>
    public DigestValues WithRuns(string name, IReadOnlyList<FillRateRow> runs, int most)
    {
        _tables[name] = [.. runs.Take(most).Select(ToLink)];
        _words[$"has_{name}"] = MailWords.Flag(runs.Count > 0);
        _words[$"more_{name}"] = runs.Count > most ? MailWords.Number(runs.Count - most) : "";
        if (runs.Count > 0)
        {
            _words["needs_something"] = MailWords.Flag(true);
        }

        return this;
    }

    private string[] ToLink(FillRateRow run)
    {
        var starts = new LocalTimes(language, run.TimeZone).Moment(run.StartsAt);
        var seats = language == "en"
            ? $"{MailWords.Number(run.Participants)} participants of at least {MailWords.Number(run.MinimumParticipants)}, {MailWords.Number(run.Unused)} unused guaranteed seats"
            : $"{MailWords.Number(run.Participants)} deltagere af mindst {MailWords.Number(run.MinimumParticipants)}, {MailWords.Number(run.Unused)} ubrugte garantipladser";
        return [$"{run.CourseTitle}, {starts} ({run.RunCode}): {seats}", address.Of($"/hr/runs/{Uri.EscapeDataString(run.RunCode)}")];
    }
}
