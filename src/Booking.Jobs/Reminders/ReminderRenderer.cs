using System.Text.Json;
using Booking.Data.Bookings;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;

namespace Booking.Jobs.Reminders;

/// <summary>Renders the reminders before a run, with what the participant must know to get there.</summary>
public sealed class ReminderRenderer(MailFactsRepository facts, RunWords runWords, MailWriter writer, SiteAddress address, TimeProvider clock)
    : IMailRenderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<string> Kinds { get; } = [OutboxKinds.BookingReminder];

    /// <summary>Why a reminder need not be sent any more, or null; asked before every attempt.</summary>
    public async Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var booking = await BookingAsync(message, cancellationToken);
        var run = await facts.GetRunAsync(booking.RunId, cancellationToken);
        return booking.Status == "booked" && run.StartsAt > clock.GetUtcNow()
            ? null
            : "The seat was given up or the run had begun before the mail left.";
    }

    /// <inheritdoc />
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var words = await runWords.ReadAsync(message, cancellationToken);
        using var payload = JsonDocument.Parse(message.Payload);
        var days = payload.RootElement.GetProperty("days").GetInt32();
        var token = LinkToken.Create();
        words.With("name", message.RecipientName)
            .With("is_tomorrow", MailWords.Flag(days == 1))
            .With("is_in_time", MailWords.Flag(words.Run.CancellationDeadlineAt > clock.GetUtcNow()))
            .With("run_link", address.Of($"/runs/{Uri.EscapeDataString(words.RunCode)}"))
            .With("manage_link", address.Of($"/bookings/manage/{token}"));
        return new RenderedMessage
        {
            Bytes = writer.Write(message, message.RecipientName, words.Values),
            Link = new PersonalLink
            {
                TokenHash = LinkToken.Hash(token),
                Purpose = LinkPurposes.BookingManage,
                BookingId = message.BookingId,
                ExpiresAt = words.Run.StartsAt,
            },
        };
    }

    private async Task<BookingFacts> BookingAsync(ClaimedMessage message, CancellationToken cancellationToken) =>
        (await facts.ListBookingsAsync([message.BookingId!.Value], cancellationToken)).Single();
}
