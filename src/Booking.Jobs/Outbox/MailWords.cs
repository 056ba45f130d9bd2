using Booking.Data.Invitations;
using Booking.Jobs.Mail;

namespace Booking.Jobs.Outbox;

/// <summary>The words of a mail that come from a run and its sessions, in one language.</summary>
internal sealed class MailWords(RunFacts run, string language, string siteName)
{
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal)
    {
        ["course"] = run.CourseTitle,
        ["run"] = run.Code,
        ["place"] = Place(run),
        ["link"] = run.OnlineLink ?? "",
        ["site"] = siteName,
        ["is_series"] = Flag(run.Sessions.Count > 1),
        ["count"] = Number(run.Sessions.Count),
    };

    private readonly Dictionary<string, IReadOnlyList<string[]>> _tables = new(StringComparer.Ordinal);

    /// <summary>How instants are written.</summary>
    public LocalTimes Times { get; } = new(language, run.TimeZone);

    /// <summary>The run.</summary>
    public RunFacts Run => run;

    /// <summary>The run's code.</summary>
    public string RunCode => run.Code;

    /// <summary>All words so far.</summary>
    public MailValues Values => new() { Words = _words, Tables = _tables };

    /// <summary>Adds or replaces a word.</summary>
    public MailWords With(string name, string value)
    {
        _words[name] = value;
        return this;
    }

    /// <summary>Adds a table.</summary>
    public MailWords WithTable(string name, IReadOnlyList<string[]> rows)
    {
        _tables[name] = rows;
        return this;
    }

    /// <summary>Adds what is said of the run as a whole.</summary>
    public MailWords WithRun() =>
        With("run_when", run.Sessions.Count == 1
            ? Times.Span(run.Sessions[0].StartsAt, run.Sessions[0].EndsAt)
            : Times.Moment(run.StartsAt))
        .With("deadline", Times.Moment(run.CancellationDeadlineAt))
        .WithTable("sessions", [.. run.Sessions.Select((session, index) => new[]
        {
            $"{Number(index + 1)}/{Number(run.Sessions.Count)}",
            Times.Day(session.StartsAt),
            Times.Hours(session.StartsAt, session.EndsAt),
        })]);

    /// <summary>A yes or no for a template's condition.</summary>
    public static string Flag(bool value) => value ? "yes" : "";

    /// <summary>A number as text.</summary>
    public static string Number(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>"Psykiatriens Hus, lokale 1, Mølleparkvej 10, 9000 Aalborg".</summary>
    public static string Place(RunFacts run) => string.Join(
        ", ",
        new[] { run.VenueName, run.VenueAddress, $"{run.PostalCode} {run.Town}".Trim() }.Where(part => !string.IsNullOrWhiteSpace(part)));
}
