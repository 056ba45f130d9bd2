using System.Text.Json;
using Booking.Data.Bookings;
using Booking.Data.Invitations;
using Booking.Data.Outbox;
using Booking.Data.Site;
using Booking.Jobs.Attendance;
using Booking.Jobs.Bookings;
using Booking.Jobs.Desk;
using Booking.Jobs.Digests;
using Booking.Jobs.FollowUps;
using Booking.Jobs.Inbox;
using Booking.Jobs.Mail;
using Booking.Jobs.Reminders;
using Booking.Jobs.Swaps;
using Booking.Jobs.WaitingLists;
using Microsoft.Extensions.Options;

namespace Booking.Jobs.Outbox;

/// <summary>Renders the mails that carry no calendar message.</summary>
public sealed class MailRenderer(
    MailFactsRepository facts, WaitingListMailRenderer waitingLists, ApprovalMailRenderer approvals, RunMailRenderer runMails,
    DepartmentMailRenderer departments, ReplacedReceiptRenderer replaced, SwapMailRenderer swaps, ReminderRenderer reminders,
    DigestRenderer digests, FollowUpRenderer followUps, InboxMailRenderer inbox, AttendanceMailRenderer attendance, MailWriter writer, SiteAddress address,
    IOptions<SiteOptions> site, TimeProvider clock)
{
    /// <summary>
    /// Why a message need not be sent any more, or null; asked before every attempt, also those that would send kept bytes.
    /// A link that confirms is no use once the sign-up is confirmed or over, even if the sweep has not come to it yet.
    /// </summary>
    public async Task<string?> FindReasonToDiscardAsync(ClaimedMessage message, CancellationToken cancellationToken) => message.Kind switch
    {
        OutboxKinds.SignUpConfirm => await FindReasonToDiscardConfirmAsync(message, cancellationToken),
        OutboxKinds.WaitingListJoined or OutboxKinds.WaitingListOffer => await waitingLists.FindReasonToDiscardAsync(message, cancellationToken),
        OutboxKinds.SwapProposed => await swaps.FindReasonToDiscardAsync(message, cancellationToken),
        OutboxKinds.ApprovalAsked or OutboxKinds.ApprovalVoid => await approvals.FindReasonToDiscardAsync(message, cancellationToken),
        OutboxKinds.BookingReminder => await reminders.FindReasonToDiscardAsync(message, cancellationToken),
        OutboxKinds.FollowUpEvaluation or OutboxKinds.FollowUpUse or OutboxKinds.FollowUpLeader =>
            await followUps.FindReasonToDiscardAsync(message, cancellationToken),
        OutboxKinds.BookingUndelivered or OutboxKinds.BookingDeclined => await inbox.FindReasonToDiscardAsync(message, cancellationToken),
        OutboxKinds.AttendanceLink or OutboxKinds.AttendanceAsked => await attendance.FindReasonToDiscardAsync(message, cancellationToken),
        OutboxKinds.RunMinimumWarning => await runMails.FindReasonToDiscardAsync(message, cancellationToken),
        OutboxKinds.HeldWarning or OutboxKinds.ReleaseWarning => await departments.FindReasonToDiscardAsync(message, cancellationToken),
        _ => null,
    };

    private async Task<string?> FindReasonToDiscardConfirmAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        var signUp = await SignUpAsync(message, cancellationToken);
        return signUp.Status == "pending" && signUp.ExpiresAt > clock.GetUtcNow()
            ? null
            : "The sign-up was over before the mail left.";
    }

    /// <summary>Reads afresh and renders; or says why there is nothing to tell any more.</summary>
    public async Task<RenderResult> RenderAsync(ClaimedMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind == OutboxKinds.HrDigest)
        {
            return RenderResult.Of(await digests.RenderAsync(message, cancellationToken));
        }

        var run = await facts.GetRunAsync(
            message.RunId ?? throw new InvalidOperationException("The outbox row names no run."), cancellationToken);
        var words = new MailWords(run, message.Language, site.Value.Name).WithRun();
        return message.Kind switch
        {
            OutboxKinds.BookingReceipt => await ReceiptAsync(message, words, cancellationToken),
            OutboxKinds.BookingNotice => await NoticeAsync(message, words, cancellationToken),
            OutboxKinds.BookingCancelledReceipt => await CancelledAsync(message, words, cancellationToken),
            OutboxKinds.BookingSubstitutedReceipt or OutboxKinds.BookingMovedReceipt =>
                RenderResult.Of(await replaced.RenderAsync(message, words, cancellationToken)),
            OutboxKinds.BookingReminder => RenderResult.Of(await reminders.RenderAsync(message, words, cancellationToken)),
            OutboxKinds.FollowUpEvaluation or OutboxKinds.FollowUpUse or OutboxKinds.FollowUpLeader =>
                RenderResult.Of(await followUps.RenderAsync(message, words, cancellationToken)),
            OutboxKinds.BookingUndelivered or OutboxKinds.BookingDeclined => RenderResult.Of(await inbox.RenderAsync(message, words, cancellationToken)),
            OutboxKinds.AttendanceLink or OutboxKinds.AttendanceAsked =>
                RenderResult.Of(await attendance.RenderAsync(message, words, cancellationToken)),
            OutboxKinds.SwapProposed or OutboxKinds.SwapAnswered or OutboxKinds.SwapWithdrawn or OutboxKinds.SwapRunCancelled =>
                RenderResult.Of(await swaps.RenderAsync(message, words, cancellationToken)),
            OutboxKinds.SignUpConfirm => await ConfirmAsync(message, words, cancellationToken),
            OutboxKinds.SignUpAlready => Rendered(message, words.With(
                "is_employee", MailWords.Flag(await facts.IsEmployeeAsync(message.RecipientEmail, cancellationToken)))),
            OutboxKinds.SignUpExpired => Rendered(message, WithSignUp(words, await SignUpAsync(message, cancellationToken))),
            OutboxKinds.WaitingListJoined or OutboxKinds.WaitingListOffer or OutboxKinds.WaitingListOfferExpired
                or OutboxKinds.WaitingListClosed => RenderResult.Of(await waitingLists.RenderAsync(message, words, cancellationToken)),
            OutboxKinds.ApprovalAsked or OutboxKinds.ApprovalVoid => RenderResult.Of(await approvals.RenderAsync(message, words, cancellationToken)),
            OutboxKinds.NotApproved => await NotApprovedAsync(message, words, cancellationToken),
            OutboxKinds.RunCancelled or OutboxKinds.RunCancelledHeld or OutboxKinds.RunMoved or OutboxKinds.RunMinimumWarning =>
                await runMails.RenderAsync(message, words, cancellationToken),
            OutboxKinds.HeldReceipt or OutboxKinds.HeldWarning or OutboxKinds.HeldReleased or OutboxKinds.ReleaseWarning =>
                RenderResult.Of(await departments.RenderAsync(message, words, cancellationToken)),
            _ => throw new InvalidOperationException($"Nobody knows how to render '{message.Kind}'."),
        };
    }

    private async Task<RenderResult> ReceiptAsync(ClaimedMessage message, MailWords words, CancellationToken cancellationToken)
    {
        using var payload = JsonDocument.Parse(message.Payload);
        var ids = payload.RootElement.GetProperty("bookings").EnumerateArray().Select(id => id.GetInt64()).ToList();
        var bookings = await facts.ListBookingsAsync(ids, cancellationToken);
        var isDanish = message.Language != "en";
        var seats = (bookings.Count, isDanish) switch
        {
            (1, true) => "1 plads",
            (1, false) => "1 seat",
            (var count, true) => $"{MailWords.Number(count)} pladser",
            (var count, false) => $"{MailWords.Number(count)} seats",
        };
        words.With("seats", seats)
            .With("bookings_link", address.Of("/bookings/department"))
            .WithTable("bookings", [.. bookings.Select(booking => new[]
            {
                booking.PersonName.Length > 0 ? booking.PersonName : isDanish ? "Plads uden navn" : "Seat without a name",
                booking.DepartmentName ?? "",
                Status(booking, isDanish),
            })]);
        return Rendered(message, words);
    }

    private async Task<RenderResult> NoticeAsync(ClaimedMessage message, MailWords words, CancellationToken cancellationToken)
    {
        var booking = await BookingAsync(message, cancellationToken);
        return booking.Status == "cancelled"
            ? RenderResult.Nothing("The booking was cancelled before the mail left.")
            : Rendered(message, WithParticipant(words, booking));
    }

    private async Task<RenderResult> CancelledAsync(ClaimedMessage message, MailWords words, CancellationToken cancellationToken)
    {
        var booking = await BookingAsync(message, cancellationToken);
        return Rendered(message, WithParticipant(words, booking)
            .With("is_late", MailWords.Flag(booking.IsLateCancellation))
            .With("bookings_link", address.Of("/bookings/department")));
    }

    private async Task<RenderResult> NotApprovedAsync(ClaimedMessage message, MailWords words, CancellationToken cancellationToken)
    {
        var booking = await BookingAsync(message, cancellationToken);
        var isExpired = await facts.IsApprovalExpiredAsync(booking.BookingId, cancellationToken);
        return Rendered(message, WithParticipant(words, booking)
            .With("is_expired", MailWords.Flag(isExpired))
            .With("is_refused", MailWords.Flag(!isExpired))
            .With("run_link", address.Of($"/runs/{words.Values.Words["run"]}")));
    }

    private async Task<RenderResult> ConfirmAsync(ClaimedMessage message, MailWords words, CancellationToken cancellationToken)
    {
        var signUp = await SignUpAsync(message, cancellationToken);
        var token = LinkToken.Create();
        var link = new PersonalLink
        {
            TokenHash = LinkToken.Hash(token),
            Purpose = LinkPurposes.SignUpConfirm,
            SignUpId = signUp.SignUpId,
            ExpiresAt = signUp.ExpiresAt,
        };
        return Rendered(message, WithSignUp(words, signUp).With("confirm_link", address.Of($"/sign-up/confirm/{token}")), link);
    }

    // The name in a sign-up is whatever somebody typed beside somebody's address: it is not sent there before it is confirmed.
    private RenderResult Rendered(ClaimedMessage message, MailWords words, PersonalLink? link = null) =>
        RenderResult.Of(new RenderedMessage
        {
            Bytes = writer.Write(message, message.SignUpId is null ? message.RecipientName : "", words.Values),
            Link = link,
        });

    private static MailWords WithSignUp(MailWords words, SignUpFacts signUp) =>
        words.With("expires", words.Times.Moment(signUp.ExpiresAt)).With("is_for_list", MailWords.Flag(signUp.IsForWaitingList));

    private static MailWords WithParticipant(MailWords words, BookingFacts booking) =>
        words.With("participant", booking.PersonName).With("department", booking.DepartmentName ?? "");

    private async Task<BookingFacts> BookingAsync(ClaimedMessage message, CancellationToken cancellationToken) =>
        (await facts.ListBookingsAsync([message.BookingId ?? 0], cancellationToken)).SingleOrDefault()
        ?? throw new InvalidOperationException("The outbox row names no booking that exists.");

    private Task<SignUpFacts> SignUpAsync(ClaimedMessage message, CancellationToken cancellationToken) =>
        facts.GetSignUpAsync(message.SignUpId ?? 0, cancellationToken);

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

/// <summary>A rendered mail, or the reason why none is needed.</summary>
/// <param name="Message">The mail.</param>
/// <param name="Reason">Why there is none.</param>
public sealed record RenderResult(RenderedMessage? Message, string Reason)
{
    /// <summary>A mail.</summary>
    public static RenderResult Of(RenderedMessage message) => new(message, "");

    /// <summary>No mail.</summary>
    public static RenderResult Nothing(string reason) => new(null, reason);
}
