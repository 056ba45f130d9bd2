namespace Booking.Data.Outbox;

/// <summary>What an outbox row tells. Who emits which, and with what: docs/outbox-messages.md.</summary>
public static class OutboxKinds
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. typeof(OutboxKinds).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];

    /// <summary>To the participant: your seat, and one session's calendar invitation. One per session.</summary>
    public const string BookingInvitation = "booking.invitation";

    /// <summary>To the participant: one session's calendar cancellation. One per session, in the invitation's queue.</summary>
    public const string BookingCancellation = "booking.cancellation";

    /// <summary>To the secretary: what became of one reservation. Payload <c>{"bookings": [1, 2]}</c>.</summary>
    public const string BookingReceipt = "booking.receipt";

    /// <summary>To the participant's leader: an employee of yours has a seat.</summary>
    public const string BookingNotice = "booking.notice";

    /// <summary>To the secretary: a booking was cancelled.</summary>
    public const string BookingCancelledReceipt = "booking.cancelled_receipt";

    /// <summary>To the secretary: somebody else has the seat now. Payload <c>{"replaced": 1}</c>: the booking that ended.</summary>
    public const string BookingSubstitutedReceipt = "booking.substituted_receipt";

    /// <summary>To the secretary: a person is on another run of the course now. Payload <c>{"replaced": 1}</c>: the booking that ended.</summary>
    public const string BookingMovedReceipt = "booking.moved_receipt";

    /// <summary>To the participant: the run begins in seven days, or tomorrow. Payload <c>{"days": 7}</c>.</summary>
    public const string BookingReminder = "booking.reminder";

    /// <summary>
    /// To the secretary who took the seat: the participant's address refuses mail. Payload <c>{"address": "...", "words": "..."}</c>.
    /// </summary>
    public const string BookingUndelivered = "booking.undelivered";

    /// <summary>To a participant whose calendar declined the invitation: is the seat to be released?</summary>
    public const string BookingDeclined = "booking.declined";

    /// <summary>To each HR person, every Monday: what needs them this week.</summary>
    public const string HrDigest = "hr.digest";

    /// <summary>To whoever attended, the day after: how was it? With a link. Payload <c>{"form": 1, "days": 1, "reminder": false}</c>.</summary>
    public const string FollowUpEvaluation = "follow_up.evaluation";

    /// <summary>To whoever attended, after 30, 60 and 90 days: what was of use? With a link. Payload as of <see cref="FollowUpEvaluation"/>.</summary>
    public const string FollowUpUse = "follow_up.use";

    /// <summary>To the leader of whoever attended, after 60 days, with a link. Payload as of <see cref="FollowUpEvaluation"/>.</summary>
    public const string FollowUpLeader = "follow_up.leader";

    /// <summary>To the secretaries of a department that is asked for a swap of seats. Payload <c>{"swap": 1}</c>.</summary>
    public const string SwapProposed = "swap.proposed";

    /// <summary>To the secretaries of the department that proposed a swap: yes, no, or no answer in time. Payload <c>{"swap": 1}</c>.</summary>
    public const string SwapAnswered = "swap.answered";

    /// <summary>To the secretaries of a department that was asked: the proposal was taken back. Payload <c>{"swap": 1}</c>.</summary>
    public const string SwapWithdrawn = "swap.withdrawn";

    /// <summary>To the secretaries of both departments: a run of their proposal is cancelled, and the proposal with it. Payload <c>{"swap": 1}</c>.</summary>
    public const string SwapRunCancelled = "swap.run_cancelled";

    /// <summary>To an external person: please confirm in time, with a link.</summary>
    public const string SignUpConfirm = "sign_up.confirm";

    /// <summary>To an external person: you have a seat already, or your department books for you.</summary>
    public const string SignUpAlready = "sign_up.already";

    /// <summary>To an external person: the link was not used in time and the seat was released.</summary>
    public const string SignUpExpired = "sign_up.expired";

    /// <summary>To somebody who waits: your place, and the rule of order. Payload <c>{"entry": 1}</c>.</summary>
    public const string WaitingListJoined = "waiting_list.joined";

    /// <summary>To somebody who waits: a seat is held for you until then, with a link. Payload <c>{"entry": 1}</c>.</summary>
    public const string WaitingListOffer = "waiting_list.offer";

    /// <summary>To somebody who did not answer an offer in time. Payload <c>{"entry": 1}</c>.</summary>
    public const string WaitingListOfferExpired = "waiting_list.offer_expired";

    /// <summary>To somebody who waited until the sign-up stop. Payload <c>{"entry": 1}</c>.</summary>
    public const string WaitingListClosed = "waiting_list.closed";

    /// <summary>To a secretary: seats are held without names. Payload <c>{"department": 1, "seats": 2}</c>.</summary>
    public const string HeldReceipt = "held.receipt";

    /// <summary>To each of a department's secretaries: seats without names will be released. Payload <c>{"department": 1}</c>.</summary>
    public const string HeldWarning = "held.warning";

    /// <summary>To each of a department's secretaries: seats without names were released. Payload <c>{"department": 1, "seats": 2}</c>.</summary>
    public const string HeldReleased = "held.released";

    /// <summary>To each of a department's secretaries: unused seats will be released, with links that decide. Payload <c>{"department": 1}</c>.</summary>
    public const string ReleaseWarning = "release.warning";

    /// <summary>To a leader: please say yes or no to one booking, with a link. Payload <c>{"approval": 1}</c>.</summary>
    public const string ApprovalAsked = "approval.asked";

    /// <summary>To the person and the secretary: the leader said no, or did not answer in time. Payload <c>{"approval": 1}</c>.</summary>
    public const string NotApproved = "approval.not_given";

    /// <summary>To a leader who was asked: the run is cancelled, no answer is needed. Payload <c>{"approval": 1}</c>.</summary>
    public const string ApprovalVoid = "approval.void";

    /// <summary>To everybody who had a seat or waited for one: the run is cancelled. Payload <c>{"as": "Booked", "department": 1}</c>.</summary>
    public const string RunCancelled = "run.cancelled";

    /// <summary>To a secretary: seats that were held without names are gone with the run. Payload <c>{"seats": 2}</c>.</summary>
    public const string RunCancelledHeld = "run.cancelled_held";

    /// <summary>To the instructor: the run has other times or another place.</summary>
    public const string RunMoved = "run.moved";

    /// <summary>To the instructor: the run begins tomorrow, with the link that takes attendance.</summary>
    public const string AttendanceLink = "attendance.link";

    /// <summary>To the instructor: marks are lacking. Payload <c>{"ask": 1}</c>: the first or the second time.</summary>
    public const string AttendanceAsked = "attendance.asked";

    /// <summary>To HR: the sign-up stop has passed with fewer participants than the run needs.</summary>
    public const string RunMinimumWarning = "run.minimum_warning";
}
