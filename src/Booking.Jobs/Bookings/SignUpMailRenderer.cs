using Booking.Data.Bookings;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;

namespace Booking.Jobs.Bookings;

/// <summary>Renders what somebody from outside is told before a sign-up is confirmed.</summary>
public sealed class SignUpMailRenderer(MailFactsRepository facts, RunWords runWords, MailWriter writer, SiteAddress address, TimeProvider clock)
    : IMailRenderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<string> Kinds { get; } = [OutboxKinds.SignUpConfirm, OutboxKinds.SignUpAlready, OutboxKinds.SignUpExpired];

    /// <inheritdoc />
    /// <remarks>A link that confirms is no use once the sign-up is confirmed or over, even if the sweep has not come to it yet.</remarks>
    public async Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind != OutboxKinds.SignUpConfirm)
        {
            return null;
        }

        var signUp = await SignUpAsync(message, cancellationToken);
        return signUp.Status == "pending" && signUp.ExpiresAt > clock.GetUtcNow() ? null : "The sign-up was over before the mail left.";
    }

    /// <inheritdoc />
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var words = await runWords.ReadAsync(message, cancellationToken);
        if (message.Kind == OutboxKinds.SignUpAlready)
        {
            return Rendered(message, words.With(
                "is_employee", MailWords.Flag(await facts.IsEmployeeAsync(message.RecipientEmail, cancellationToken))));
        }

        var signUp = await SignUpAsync(message, cancellationToken);
        words.With("expires", words.Times.Moment(signUp.ExpiresAt)).With("is_for_list", MailWords.Flag(signUp.IsForWaitingList));
        if (message.Kind == OutboxKinds.SignUpExpired)
        {
            return Rendered(message, words);
        }

        var token = LinkToken.Create();
        return Rendered(message, words.With("confirm_link", address.Of($"/sign-up/confirm/{token}"))) with
        {
            Link = new PersonalLink
            {
                TokenHash = LinkToken.Hash(token),
                Purpose = LinkPurposes.SignUpConfirm,
                SignUpId = signUp.SignUpId,
                ExpiresAt = signUp.ExpiresAt,
            },
        };
    }

    // The name in a sign-up is whatever somebody typed beside somebody's address: it is not sent there before it is confirmed.
    private RenderedMessage Rendered(ClaimedMessage message, MailWords words) =>
        new() { Bytes = writer.Write(message, message.SignUpId is null ? message.RecipientName : "", words.Values) };

    private Task<SignUpFacts> SignUpAsync(ClaimedMessage message, CancellationToken cancellationToken) =>
        facts.GetSignUpAsync(message.SignUpId ?? 0, cancellationToken);
}
