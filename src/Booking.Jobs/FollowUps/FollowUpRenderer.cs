using System.Text.Json;
using Booking.Data.Bookings;
using Booking.Data.FollowUps;
using Booking.Data.Outbox;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;

namespace Booking.Jobs.FollowUps;

/// <summary>Renders the mails after a course, each with a personal link to its form.</summary>
public sealed class FollowUpRenderer(FollowUpMailRepository followUps, RunWords runWords, MailWriter writer, SiteAddress address, TimeProvider clock)
    : IMailRenderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<string> Kinds { get; } = [OutboxKinds.FollowUpEvaluation, OutboxKinds.FollowUpUse, OutboxKinds.FollowUpLeader];

    /// <summary>Why a follow-up need not be sent any more, or null; asked before every attempt.</summary>
    public async Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken) =>
        await followUps.GetAsync(FormOf(message), message.RecipientEmail, cancellationToken) switch
        {
            { IsAnswered: true } => "It was answered before the mail left.",
            { IsAttended: false } => "The participant counts as absent.",
            { IsRecipient: false } => "Nobody is to be asked at this address any more.",
            { IsTurnedOff: true } => "The recipient has turned such mails off.",
            _ => null,
        };

    /// <inheritdoc />
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var words = await runWords.ReadAsync(message, cancellationToken);
        var followUp = await followUps.GetAsync(FormOf(message), message.RecipientEmail, cancellationToken);
        using var payload = JsonDocument.Parse(message.Payload);
        var token = LinkToken.Create();
        var mailLink = address.Of($"/follow-up/{token}/mail");
        words.With("name", message.RecipientName)
            .With("participant", followUp.PersonName)
            .With("days", MailWords.Number(followUp.Days))
            .With("is_reminder", MailWords.Flag(payload.RootElement.GetProperty("reminder").GetBoolean()))
            // The last whole day.
            .With("until", words.Times.Day(clock.GetUtcNow() + FollowUpTimes.LinkLife - TimeSpan.FromDays(1)))
            .With("form_link", address.Of($"/follow-up/{token}"))
            .With("mail_link", mailLink);
        return new RenderedMessage
        {
            Bytes = writer.Write(message, message.RecipientName, words.Values, unsubscribe: mailLink),
            Link = new PersonalLink
            {
                TokenHash = LinkToken.Hash(token),
                Purpose = LinkPurposes.FollowUpAnswer,
                FormId = followUp.FormId,
                ExpiresAt = clock.GetUtcNow() + FollowUpTimes.LinkLife,
            },
        };
    }

    private static long FormOf(ClaimedMessage message)
    {
        using var payload = JsonDocument.Parse(message.Payload);
        return payload.RootElement.GetProperty("form").GetInt64();
    }
}
