using System.Text.Json;
using Booking.Data.Invitations;
using Booking.Data.Outbox;

namespace Booking.Data.Bookings;

/// <summary>The mails that decisions about bookings owe, as outbox rows. What each says is the business of Booking.Jobs.</summary>
internal static class BookingMessages
{
    public static IEnumerable<OutboxMessage> Invitations(
        IEnumerable<InvitationKey> invitations, long runId, Recipient recipient, DateTimeOffset now) =>
        Calendar(OutboxKinds.BookingInvitation, invitations, runId, recipient, now);

    public static IEnumerable<OutboxMessage> Cancellations(
        IEnumerable<InvitationKey> invitations, long runId, Recipient recipient, DateTimeOffset now) =>
        Calendar(OutboxKinds.BookingCancellation, invitations, runId, recipient, now);

    public static OutboxMessage Notice(long bookingId, long runId, Recipient leader, DateTimeOffset now)
    {
        var key = $"{OutboxKinds.BookingNotice}/{bookingId}";
        return New(OutboxKinds.BookingNotice, key, leader, now) with { RunId = runId, BookingId = bookingId };
    }

    public static OutboxMessage Receipt(IReadOnlyList<long> bookingIds, long runId, Recipient secretary, DateTimeOffset now)
    {
        var key = $"{OutboxKinds.BookingReceipt}/{bookingIds[0]}";
        return New(OutboxKinds.BookingReceipt, key, secretary, now) with
        {
            RunId = runId,
            Payload = JsonSerializer.Serialize(new { bookings = bookingIds }),
        };
    }

    public static OutboxMessage CancelledReceipt(long bookingId, long runId, Recipient secretary, DateTimeOffset now)
    {
        var key = $"{OutboxKinds.BookingCancelledReceipt}/{bookingId}";
        return New(OutboxKinds.BookingCancelledReceipt, key, secretary, now) with { RunId = runId, BookingId = bookingId };
    }

    public static OutboxMessage SubstitutedReceipt(
        long bookingId, long replacedId, long runId, Recipient secretary, DateTimeOffset now) =>
        Replaced(OutboxKinds.BookingSubstitutedReceipt, bookingId, replacedId, runId, secretary, now);

    public static OutboxMessage MovedReceipt(
        long bookingId, long replacedId, long runId, Recipient secretary, DateTimeOffset now) =>
        Replaced(OutboxKinds.BookingMovedReceipt, bookingId, replacedId, runId, secretary, now);

    private static OutboxMessage Replaced(
        string kind, long bookingId, long replacedId, long runId, Recipient secretary, DateTimeOffset now) =>
        New(kind, $"{kind}/{bookingId}", secretary, now) with
        {
            RunId = runId,
            BookingId = bookingId,
            Payload = JsonSerializer.Serialize(new { replaced = replacedId }),
        };

    public static OutboxMessage Approval(long approvalId, long bookingId, long runId, Recipient leader, DateTimeOffset now) =>
        New(OutboxKinds.ApprovalAsked, $"{OutboxKinds.ApprovalAsked}/{approvalId}", leader, now) with
        {
            RunId = runId,
            BookingId = bookingId,
            Payload = JsonSerializer.Serialize(new { approval = approvalId }),
        };

    /// <summary>To the department's secretary: the leader said yes.</summary>
    public static OutboxMessage ApprovedReceipt(long bookingId, long runId, Recipient secretary, DateTimeOffset now) =>
        New(OutboxKinds.BookingReceipt, $"{OutboxKinds.BookingReceipt}/approved/{bookingId}", secretary, now) with
        {
            RunId = runId,
            Payload = JsonSerializer.Serialize(new { bookings = new[] { bookingId } }),
        };

    /// <summary>To the person and to the department's secretary: the leader said no, or nothing in time.</summary>
    public static IEnumerable<OutboxMessage> NotApproved(BookingForChange booking, long approvalId, DateTimeOffset now)
    {
        yield return NotApproved(booking, approvalId, "person", new Recipient(booking.PersonEmail!, booking.PersonName ?? "", booking.Language), now);
        // A secretary who booked a seat for herself is told once.
        if (booking.Source == "secretary" && !string.Equals(booking.BookedBy, booking.PersonEmail, StringComparison.OrdinalIgnoreCase))
        {
            yield return NotApproved(booking, approvalId, "secretary", Recipient.OfAddress(booking.BookedBy), now);
        }
    }

    public static OutboxMessage SignUp(string kind, string occasion, SignUpRow signUp, DateTimeOffset now)
    {
        var recipient = new Recipient(signUp.Email, signUp.Name, signUp.Language);
        return New(kind, $"{kind}/{signUp.SignUpId}{occasion}", recipient, now) with
        {
            Queue = OutboxMessage.SignUpQueue(signUp.SignUpId),
            RunId = signUp.RunId,
            SignUpId = signUp.SignUpId,
        };
    }

    private static OutboxMessage NotApproved(
        BookingForChange booking, long approvalId, string to, Recipient recipient, DateTimeOffset now) =>
        New(OutboxKinds.NotApproved, $"{OutboxKinds.NotApproved}/{approvalId}/{to}", recipient, now) with
        {
            RunId = booking.RunId,
            BookingId = booking.BookingId,
            Payload = JsonSerializer.Serialize(new { approval = approvalId }),
        };

    private static IEnumerable<OutboxMessage> Calendar(
        string kind, IEnumerable<InvitationKey> invitations, long runId, Recipient recipient, DateTimeOffset now) =>
        invitations.Select(invitation =>
            New(kind, $"{kind}/{invitation.BookingId}/{invitation.SessionId}/{invitation.Sequence}", recipient, now) with
            {
                Queue = OutboxMessage.SessionQueue(invitation.BookingId, invitation.SessionId),
                RunId = runId,
                BookingId = invitation.BookingId,
                SessionId = invitation.SessionId,
            });

    private static OutboxMessage New(string kind, string key, Recipient recipient, DateTimeOffset now) => new()
    {
        Key = key,
        Kind = kind,
        Queue = key,
        RecipientEmail = recipient.Email,
        RecipientName = recipient.Name,
        Language = recipient.Language,
        CreatedAt = now,
    };
}

/// <summary>Who gets a mail, and in which language: null for that of the person with this address, see <see cref="OutboxMessage.Language"/>.</summary>
internal sealed record Recipient(string Email, string Name, string? Language)
{
    /// <summary>Somebody of whom the decision knows an address only: a secretary.</summary>
    public static Recipient OfAddress(string email) => new(email, "", Language: null);
}
