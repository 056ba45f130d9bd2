namespace Booking.Data.Outbox;

/// <summary>A message that one worker has claimed until its lease ends.</summary>
public sealed record ClaimedMessage
{
    /// <summary>Which row of the outbox.</summary>
    public required long OutboxId { get; init; }

    /// <summary>The key, from which boundary and Message-ID are derived.</summary>
    public required string Key { get; init; }

    /// <summary>One of <see cref="OutboxKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The run that is told about.</summary>
    public long? RunId { get; init; }

    /// <summary>The booking that is told about.</summary>
    public long? BookingId { get; init; }

    /// <summary>The session of a calendar message.</summary>
    public long? SessionId { get; init; }

    /// <summary>The external sign-up that is told about.</summary>
    public long? SignUpId { get; init; }

    /// <summary>The one address the mail goes to.</summary>
    public required string RecipientEmail { get; init; }

    /// <summary>The recipient's name, or empty.</summary>
    public required string RecipientName { get; init; }

    /// <summary><c>da</c> or <c>en</c>.</summary>
    public required string Language { get; init; }

    /// <summary>Further facts, a JSON object.</summary>
    public required string Payload { get; init; }

    /// <summary>Attempts that were begun before this claim.</summary>
    public required int Attempts { get; init; }

    /// <summary>The rendered mail of an earlier attempt.</summary>
    public byte[]? Message { get; init; }

    /// <summary>Whether an earlier attempt may have reached the recipient without this side hearing of it.</summary>
    public required bool MayHaveLeft { get; init; }

    /// <summary>The worker that holds the lease.</summary>
    public required Guid LeasedBy { get; init; }
}

/// <summary>A message that the mail server took.</summary>
/// <param name="Message">The message.</param>
/// <param name="Words">The server's answer.</param>
public sealed record SentMessage(ClaimedMessage Message, string Words);

/// <summary>A mail as rendered at its first attempt; kept so that every further attempt sends the same bytes.</summary>
public sealed record RenderedMessage
{
    /// <summary>The whole mail, headers and body.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>The sequence of the calendar event inside, or null when there is none.</summary>
    public int? Sequence { get; init; }

    /// <summary>The personal link inside, or null when there is none.</summary>
    public PersonalLink? Link { get; init; }
}

/// <summary>A link that only the reader of one mail has: what of it may be stored.</summary>
public sealed record PersonalLink
{
    /// <summary>SHA-256 of the token. The token itself stands in the mail only.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>One of <see cref="LinkPurposes"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>The sign-up it confirms.</summary>
    public long? SignUpId { get; init; }

    /// <summary>The booking it manages.</summary>
    public long? BookingId { get; init; }

    /// <summary>The waiting list entry it answers for.</summary>
    public long? EntryId { get; init; }

    /// <summary>The approval it decides.</summary>
    public long? ApprovalId { get; init; }

    /// <summary>The run it is about, alone or together with the department.</summary>
    public long? RunId { get; init; }

    /// <summary>The department it speaks for.</summary>
    public long? DepartmentId { get; init; }

    /// <summary>The form after a course that it opens.</summary>
    public long? FormId { get; init; }

    /// <summary>When it stops working.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What a personal link is for.</summary>
public static class LinkPurposes
{
    /// <summary>Confirms an external sign-up: <c>/sign-up/confirm/{token}</c>.</summary>
    public const string SignUpConfirm = "sign_up.confirm";

    /// <summary>Lets the participant see and cancel the booking: <c>/bookings/manage/{token}</c>.</summary>
    public const string BookingManage = "booking.manage";

    /// <summary>Lets somebody who waits see the place, answer an offer and withdraw: <c>/waiting-list/{token}</c>.</summary>
    public const string WaitingListEntry = "waiting_list.entry";

    /// <summary>Lets a leader say yes or no to one booking: <c>/approvals/{token}</c>.</summary>
    public const string ApprovalDecide = "approval.decide";

    /// <summary>Lets a secretary keep or hand back a department's unused seats on one run: <c>/release/{token}</c>.</summary>
    public const string ReleaseDecide = "release.decide";

    /// <summary>
    /// Lets somebody who was asked after a course answer, and turn such mails off: <c>/follow-up/{token}</c>. Whether it is the
    /// participant or the leader follows from the form.
    /// </summary>
    public const string FollowUpAnswer = "follow_up.answer";

    /// <summary>Lets a run's instructor take attendance: <c>/attendance/{token}</c>.</summary>
    public const string AttendanceMark = "attendance.mark";

    /// <summary>A department's courses as a calendar: <c>/calendar/{token}.ics</c>.</summary>
    public const string DepartmentFeed = "department.feed";

    /// <summary>A person's own courses as a calendar: <c>/calendar/{token}.ics</c>.</summary>
    public const string PersonFeed = "person.feed";
}
