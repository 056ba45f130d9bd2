using System.Text.Json;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;

namespace Booking.Jobs.Bookings;

/// <summary>Renders the secretary's receipts for a seat that somebody took over, and for a person who went to another run.</summary>
public sealed class ReplacedReceiptRenderer(MailFactsRepository facts, RunWords runWords, MailWriter writer, SiteAddress address) : IMailRenderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<string> Kinds { get; } = [OutboxKinds.BookingSubstitutedReceipt, OutboxKinds.BookingMovedReceipt];

    /// <inheritdoc />
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var words = await runWords.ReadAsync(message, cancellationToken);
        using var payload = JsonDocument.Parse(message.Payload);
        var replacedId = payload.RootElement.GetProperty("replaced").GetInt64();
        var bookings = await facts.ListBookingsAsync([message.BookingId ?? 0, replacedId], cancellationToken);
        var (made, replaced) = (bookings[0], bookings[1]);
        var oldRun = await facts.GetRunAsync(replaced.RunId, cancellationToken);
        words.With("participant", made.PersonName)
            .With("replaced", replaced.PersonName)
            .With("department", made.DepartmentName ?? "")
            .With("is_awaiting", MailWords.Flag(made.Status == "held"))
            .With("is_late", MailWords.Flag(replaced.IsLateCancellation))
            .With("old_run", oldRun.Code)
            .With("old_when", words.Times.Moment(oldRun.StartsAt))
            .With("old_deadline", words.Times.Moment(oldRun.CancellationDeadlineAt))
            .With("bookings_link", address.Of("/bookings/department"));
        return new RenderedMessage { Bytes = writer.Write(message, message.RecipientName, words.Values) };
    }
}
