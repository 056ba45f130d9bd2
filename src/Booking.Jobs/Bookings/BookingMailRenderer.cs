using System.Text.Json;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Jobs.Mail;
using Booking.Jobs.Outbox;

namespace Booking.Jobs.Bookings;

/// <summary>Renders what secretaries and leaders are told of bookings that were made, cancelled or not approved.</summary>
public sealed class BookingMailRenderer(MailFactsRepository facts, RunWords runWords, MailWriter writer, SiteAddress address) : IMailRenderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<string> Kinds { get; } =
        [OutboxKinds.BookingReceipt, OutboxKinds.BookingNotice, OutboxKinds.BookingCancelledReceipt, OutboxKinds.NotApproved];

    /// <inheritdoc />
    public async Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken) =>
        message.Kind == OutboxKinds.BookingNotice && (await BookingAsync(message, cancellationToken)).Status == "cancelled"
            ? "The booking was cancelled before the mail left."
            : null;

    /// <inheritdoc />
    public async Task<RenderedMessage> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var words = await runWords.ReadAsync(message, cancellationToken);
        if (message.Kind == OutboxKinds.BookingReceipt)
        {
            await AddReceiptAsync(words, message, cancellationToken);
        }
        else
        {
            await AddBookingAsync(words, message, cancellationToken);
        }

        return new RenderedMessage { Bytes = writer.Write(message, message.RecipientName, words.Values) };
    }

    private async Task AddReceiptAsync(MailWords words, ClaimedMessage message, CancellationToken cancellationToken)
    {
        using var payload = JsonDocument.Parse(message.Payload);
        var ids = payload.RootElement.GetProperty("bookings").EnumerateArray().Select(id => id.GetInt64()).ToList();
        var bookings = await facts.ListBookingsAsync(ids, cancellationToken);
        var isDanish = message.Language != "en";
        words.With("seats", Seats(bookings.Count, isDanish))
            .With("bookings_link", address.Of("/bookings/department"))
            .WithTable("bookings", [.. bookings.Select(booking => new[]
            {
                booking.PersonName.Length > 0 ? booking.PersonName : isDanish ? "Plads uden navn" : "Seat without a name",
                booking.DepartmentName ?? "",
                Status(booking, isDanish),
            })]);
    }

    private async Task AddBookingAsync(MailWords words, ClaimedMessage message, CancellationToken cancellationToken)
    {
        var booking = await BookingAsync(message, cancellationToken);
        words.With("participant", booking.PersonName).With("department", booking.DepartmentName ?? "");
        if (message.Kind == OutboxKinds.BookingCancelledReceipt)
        {
            words.With("is_late", MailWords.Flag(booking.IsLateCancellation)).With("bookings_link", address.Of("/bookings/department"));
        }
        else if (message.Kind == OutboxKinds.NotApproved)
        {
            var isExpired = await facts.IsApprovalExpiredAsync(booking.BookingId, cancellationToken);
            words.With("is_expired", MailWords.Flag(isExpired))
                .With("is_refused", MailWords.Flag(!isExpired))
                .With("run_link", address.Of($"/runs/{words.RunCode}"));
        }
    }

    private async Task<BookingFacts> BookingAsync(ClaimedMessage message, CancellationToken cancellationToken) =>
        (await facts.ListBookingsAsync([message.BookingId ?? 0], cancellationToken)).SingleOrDefault()
        ?? throw new InvalidOperationException("The outbox row names no booking that exists.");

    private static string Seats(int count, bool isDanish) => (count, isDanish) switch
    {
        (1, true) => "1 plads",
        (1, false) => "1 seat",
        (_, true) => $"{MailWords.Number(count)} pladser",
        (_, false) => $"{MailWords.Number(count)} seats",
    };

    private static string Status(BookingFacts booking, bool isDanish) => (booking.Status, booking.PersonName.Length > 0, isDanish) switch
    {
        ("held", false, true) => "Holdt uden navn",
        ("held", false, false) => "Held without a name",
        ("held", true, true) => "Holdt, til lederen eller deltageren har svaret",
        ("held", true, false) => "Held until the leader or the participant answers",
        ("cancelled", _, true) => "Afmeldt",
        ("cancelled", _, false) => "Cancelled",
        (_, _, true) => "Tilmeldt",
        (_, _, false) => "Booked",
    };
}
