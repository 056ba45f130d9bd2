using System.Text.Json;
using Booking.Data.Bookings;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Data.Runs;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;

namespace Booking.Jobs.Bookings;

/// <summary>Renders the mail that asks a leader for a yes to one booking, and the one that says that no answer is needed.</summary>
public sealed class ApprovalMailRenderer(
    MailFactsRepository facts, RunMailRepository runs, RunWords runWords, MailWriter writer, SiteAddress address, TimeProvider clock) : IMailRenderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<string> Kinds { get; } = [OutboxKinds.ApprovalAsked, OutboxKinds.ApprovalVoid];

    /// <summary>Why the leader need not be asked any more, or told that no answer is needed; or null.</summary>
    public async Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var approval = await ApprovalAsync(message, cancellationToken);
        if (message.Kind == OutboxKinds.ApprovalVoid)
        {
            return await facts.WasAskedAsync(approval.ApprovalId, cancellationToken) ? null : "The leader was never asked.";
        }

        return approval.Status == "pending" && approval.ExpiresAt > clock.GetUtcNow()
            ? null
            : "The leader need not answer any more.";
    }

    /// <inheritdoc />
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var words = await runWords.ReadAsync(message, cancellationToken);
        var approval = await ApprovalAsync(message, cancellationToken);
        var booking = (await facts.ListBookingsAsync([approval.BookingId], cancellationToken)).Single();
        words.With("participant", booking.PersonName)
            .With("department", booking.DepartmentName ?? "")
            .With("until", words.Times.Moment(approval.ExpiresAt));
        if (message.Kind == OutboxKinds.ApprovalVoid)
        {
            words.With("reason", (await runs.GetAsync(message.RunId!.Value, cancellationToken)).Reason);
            return new RenderedMessage { Bytes = writer.Write(message, message.RecipientName, words.Values) };
        }

        var token = LinkToken.Create();
        words.With("approval_link", address.Of($"/approvals/{token}"));
        return new RenderedMessage
        {
            Bytes = writer.Write(message, message.RecipientName, words.Values),
            Link = new PersonalLink
            {
                TokenHash = LinkToken.Hash(token),
                Purpose = LinkPurposes.ApprovalDecide,
                ApprovalId = approval.ApprovalId,
                ExpiresAt = approval.ExpiresAt,
            },
        };
    }

    private async Task<ApprovalFacts> ApprovalAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        using var payload = JsonDocument.Parse(message.Payload);
        return await facts.GetApprovalAsync(payload.RootElement.GetProperty("approval").GetInt64(), cancellationToken);
    }
}
