using System.Text.Json;
using Booking.Data.Attendance;
using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Booking.Data.Runs;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;

namespace Booking.Jobs.Attendance;

/// <summary>Renders the mails to instructors: the link that takes attendance, and the two questions when marks are lacking.</summary>
public sealed class AttendanceMailRenderer(AttendanceRepository attendance, RunWords runWords, MailWriter writer, SiteAddress address, TimeProvider clock)
    : IMailRenderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<string> Kinds { get; } = [OutboxKinds.AttendanceLink, OutboxKinds.AttendanceAsked];

    /// <summary>Why a mail need not be sent any more, or null; asked before every attempt.</summary>
    public async Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var (run, now) = (await RunAsync(message, cancellationToken), clock.GetUtcNow());
        if (run.Status != RunStatuses.Published || !run.IsTaughtBy(message.RecipientEmail))
        {
            return "The run does not take place, or somebody else teaches it.";
        }

        if (message.Kind == OutboxKinds.AttendanceLink)
        {
            return run.EndsAt > now ? null : "The run was over before the mail left.";
        }

        // A run that was moved is asked about when it has ended; a settled one is not asked about any more.
        var isOpen = run.EndsAt <= now && now < run.EndsAt + AttendanceRules.InstructorTime && run.SettledAt is null;
        return isOpen && await attendance.IsLackingAsync(run.RunId, cancellationToken) ? null : "No mark was lacking any more.";
    }

    /// <inheritdoc />
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var words = await runWords.ReadAsync(message, cancellationToken);
        var run = await RunAsync(message, cancellationToken);
        using var payload = JsonDocument.Parse(message.Payload);
        var isLast = payload.RootElement.GetProperty("ask") is { ValueKind: JsonValueKind.Number } ask && ask.GetInt32() > 1;
        var token = LinkToken.Create();
        var expires = run.EndsAt + AttendanceRules.InstructorTime;
        words.With("participants", MailWords.Number(run.Participants))
            .With("is_last", MailWords.Flag(isLast))
            .With("until", words.Times.Moment(expires))
            .With("attendance_link", address.Of($"/attendance/{token}"));
        return new RenderedMessage
        {
            Bytes = writer.Write(message, message.RecipientName, words.Values),
            Link = new PersonalLink
            {
                TokenHash = LinkToken.Hash(token),
                Purpose = LinkPurposes.AttendanceMark,
                RunId = run.RunId,
                ExpiresAt = expires,
            },
        };
    }

    private async Task<AttendanceRun> RunAsync(ClaimedMessage message, CancellationToken cancellationToken) =>
        await attendance.FindAsync(message.RunId ?? 0, cancellationToken)
        ?? throw new InvalidOperationException("The outbox row names no run that exists.");
}
