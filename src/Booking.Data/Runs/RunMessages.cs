using System.Globalization;
using System.Text.Json;
using Booking.Data.Bookings;
using Booking.Data.Outbox;

namespace Booking.Data.Runs;

/// <summary>The mails that decisions about a whole run owe, as outbox rows.</summary>
internal static class RunMessages
{
    /// <summary>To somebody who had a seat, waited for one, or was about to get one: the run will not take place.</summary>
    public static OutboxMessage Cancelled(long runId, CancelledFor what, long personId, long? departmentId, Recipient person, DateTimeOffset now) =>
        New(OutboxKinds.RunCancelled, $"{OutboxKinds.RunCancelled}/{runId}/p{personId}", runId, person, now) with
        {
            Payload = Payload(what, departmentId),
        };

    /// <summary>To somebody from outside who had not confirmed yet. Behind the link that asks for it, so that it comes after.</summary>
    public static OutboxMessage CancelledSignUp(SignUpRow signUp, DateTimeOffset now) =>
        New(
            OutboxKinds.RunCancelled,
            $"{OutboxKinds.RunCancelled}/{signUp.RunId}/s{signUp.SignUpId}",
            signUp.RunId,
            new Recipient(signUp.Email, signUp.Name, signUp.Language),
            now) with
        {
            Queue = OutboxMessage.SignUpQueue(signUp.SignUpId),
            SignUpId = signUp.SignUpId,
            Payload = Payload(CancelledFor.SignUp, departmentId: null),
        };

    /// <summary>To the instructor: the run will not take place.</summary>
    public static OutboxMessage CancelledInstructor(long runId, string instructor, DateTimeOffset now) =>
        New(OutboxKinds.RunCancelled, $"{OutboxKinds.RunCancelled}/{runId}/i", runId, Recipient.OfAddress(instructor), now) with
        {
            Payload = Payload(CancelledFor.Instructor, departmentId: null),
        };

    /// <summary>To the instructor: the run has other times or another place.</summary>
    public static OutboxMessage Moved(long runId, string instructor, DateTimeOffset now) =>
        New(OutboxKinds.RunMoved, $"{OutboxKinds.RunMoved}/{runId}/{now.ToUnixTimeMilliseconds()}", runId, Recipient.OfAddress(instructor), now);

    /// <summary>To a secretary who held seats without names on a run that will not take place.</summary>
    public static OutboxMessage CancelledHeld(long runId, HoldingSecretary secretary, DateTimeOffset now) =>
        New(
            OutboxKinds.RunCancelledHeld,
            $"{OutboxKinds.RunCancelledHeld}/{runId}/{secretary.Email}",
            runId,
            Recipient.OfAddress(secretary.Email),
            now) with
        {
            Payload = JsonSerializer.Serialize(new { seats = secretary.Seats }),
        };

    /// <summary>To a leader who was asked for a yes: no answer is needed. Behind the question, so that it comes after.</summary>
    public static OutboxMessage ApprovalVoid(long runId, VoidApproval approval, DateTimeOffset now) =>
        New(
            OutboxKinds.ApprovalVoid,
            $"{OutboxKinds.ApprovalVoid}/{approval.ApprovalId}",
            runId,
            Recipient.OfAddress(approval.LeaderEmail),
            now) with
        {
            Queue = string.Create(CultureInfo.InvariantCulture, $"{OutboxKinds.ApprovalAsked}/{approval.ApprovalId}"),
            BookingId = approval.BookingId,
            Payload = JsonSerializer.Serialize(new { approval = approval.ApprovalId }),
        };

    /// <summary>To HR: the sign-up stop has passed, and the run has too few participants.</summary>
    public static OutboxMessage MinimumWarning(MinimumWarning warning, DateTimeOffset now) =>
        New(OutboxKinds.RunMinimumWarning, $"{warning.Key}", warning.RunId, Recipient.OfAddress(warning.Email), now);

    private static string Payload(CancelledFor what, long? departmentId) =>
        JsonSerializer.Serialize(new { @as = what.ToString(), department = departmentId });

    private static OutboxMessage New(string kind, FormattableString key, long runId, Recipient recipient, DateTimeOffset now)
    {
        var text = key.ToString(CultureInfo.InvariantCulture);
        return new OutboxMessage
        {
            Key = text,
            Kind = kind,
            Queue = text,
            RunId = runId,
            RecipientEmail = recipient.Email,
            RecipientName = recipient.Name,
            Language = recipient.Language,
            CreatedAt = now,
        };
    }
}

/// <summary>What somebody had on a run that was cancelled: the mail has its own words for each.</summary>
public enum CancelledFor
{
    /// <summary>A seat.</summary>
    Booked,

    /// <summary>A seat that waited for the leader's yes.</summary>
    Approval,

    /// <summary>A place on the waiting list, or an offer from it.</summary>
    Waiting,

    /// <summary>A seat that was held until the link in a mail was used.</summary>
    SignUp,

    /// <summary>Nothing: it was to be taught.</summary>
    Instructor,
}
