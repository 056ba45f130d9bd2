using System.Text.Json;
using Booking.Data.Outbox;
using Booking.Data.Runs;
using Booking.Jobs.Mail;

namespace Booking.Jobs.Outbox;

/// <summary>Renders the mails about a whole run: it is cancelled, or has too few participants.</summary>
public sealed class RunMailRenderer(RunMailRepository facts, RunWords runWords, MailWriter writer, SiteAddress address, TimeProvider clock)
    : IMailRenderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<string> Kinds { get; } =
        [OutboxKinds.RunCancelled, OutboxKinds.RunCancelledHeld, OutboxKinds.RunMoved, OutboxKinds.RunMinimumWarning];

    /// <summary>Why a mail need not be sent any more, or null.</summary>
    public async Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind != OutboxKinds.RunMinimumWarning)
        {
            return null;
        }

        var run = await facts.GetAsync(message.RunId ?? 0, cancellationToken);
        return run is { Status: RunStatuses.Published, MinimumDecision: null } && run.StartsAt > clock.GetUtcNow()
            && run.Participants < run.MinimumParticipants
            ? null
            : "There was nothing to decide any more.";
    }

    /// <inheritdoc />
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var words = await runWords.ReadAsync(message, cancellationToken);
        var run = await facts.GetAsync(message.RunId!.Value, cancellationToken);
        words.With("reason", run.Reason);
        switch (message.Kind)
        {
            case OutboxKinds.RunMinimumWarning:
                Minimum(words, run);
                break;
            case OutboxKinds.RunCancelledHeld:
                Held(words, message);
                break;
            case OutboxKinds.RunMoved:
                words.With("is_still_held", MailWords.Flag(run.Status == RunStatuses.Published));
                break;
            default:
                await CancelledAsync(words, message, cancellationToken);
                break;
        }

        // The name in a sign-up that nobody confirmed is whatever somebody typed beside somebody's address.
        var name = message.SignUpId is null ? message.RecipientName : "";
        words.With("name", name);
        return new RenderedMessage { Bytes = writer.Write(message, name, words.Values) };
    }

    private void Minimum(MailWords words, RunMailFacts run) =>
        words.With("participants", MailWords.Number(run.Participants))
            .With("minimum", MailWords.Number(run.MinimumParticipants))
            .With("closed", words.Times.Moment(run.SignUpClosesAt))
            .With("run_link", address.Of($"/hr/runs/{Uri.EscapeDataString(words.RunCode)}"));

    private static void Held(MailWords words, ClaimedMessage message)
    {
        using var payload = JsonDocument.Parse(message.Payload);
        var seats = payload.RootElement.GetProperty("seats").GetInt32();
        var isDanish = message.Language != "en";
        words.With("seats", (seats, isDanish) switch
        {
            (1, true) => "1 plads",
            (1, false) => "1 seat",
            (_, true) => $"{MailWords.Number(seats)} pladser",
            (_, false) => $"{MailWords.Number(seats)} seats",
        });
    }

    private async Task CancelledAsync(MailWords words, ClaimedMessage message, CancellationToken cancellationToken)
    {
        using var payload = JsonDocument.Parse(message.Payload);
        var what = payload.RootElement.GetProperty("as").GetString();
        var department = payload.RootElement.GetProperty("department");
        var departmentId = department.ValueKind == JsonValueKind.Null ? (long?)null : department.GetInt64();
        var others = await facts.ListOthersAsync(message.RunId!.Value, departmentId, clock.GetUtcNow(), cancellationToken);
        foreach (var kind in Enum.GetNames<CancelledFor>())
        {
            words.With($"is_{kind.ToLowerInvariant()}", MailWords.Flag(kind == what));
        }

        words.With("is_employee", MailWords.Flag(departmentId is not null))
            .With("has_others", MailWords.Flag(others.Count > 0))
            .WithTable("others", [.. others.Select(other => new[]
            {
                $"{new LocalTimes(message.Language, other.TimeZone).Span(other.StartsAt, other.EndsAt)}, {other.Town ?? other.VenueName} ({other.RunCode})",
                address.Of($"/runs/{Uri.EscapeDataString(other.RunCode)}"),
            })]);
    }
}
