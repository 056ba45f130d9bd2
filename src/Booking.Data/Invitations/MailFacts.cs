namespace Booking.Data.Invitations;

/// <summary>What a mail says of a run, read when the mail is rendered.</summary>
public sealed record RunFacts
{
    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>The run's code, such as <c>H2704</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary><c>draft</c>, <c>published</c>, <c>cancelled</c> or <c>completed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The zone the run is held in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Where it is held.</summary>
    public required string VenueName { get; init; }

    /// <summary>Street and number.</summary>
    public string? VenueAddress { get; init; }

    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>Town.</summary>
    public string? Town { get; init; }

    /// <summary>Where one takes part online; told to booked people only.</summary>
    public string? OnlineLink { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Until when one can cancel without it being late.</summary>
    public required DateTimeOffset CancellationDeadlineAt { get; init; }

    /// <summary>All sessions, in order.</summary>
    public IReadOnlyList<SessionFacts> Sessions { get; init; } = [];

    /// <summary>Sessions that were taken out of the run while they stood in somebody's calendar.</summary>
    public IReadOnlyList<SessionFacts> CancelledSessions { get; init; } = [];
}

/// <summary>One meeting of a run.</summary>
public sealed record SessionFacts
{
    /// <summary>The session.</summary>
    public required long SessionId { get; init; }

    /// <summary>1 for the run's first; null for a cancelled one.</summary>
    public int? Number { get; init; }

    /// <summary>When it starts.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset EndsAt { get; init; }
}

/// <summary>What a mail says of a booking.</summary>
public sealed record BookingFacts
{
    /// <summary>The booking.</summary>
    public required long BookingId { get; init; }

    /// <summary>The run it is on.</summary>
    public required long RunId { get; init; }

    /// <summary>The booking's status.</summary>
    public required string Status { get; init; }

    /// <summary>The participant's name; empty for a seat that is held without one.</summary>
    public required string PersonName { get; init; }

    /// <summary>The department the seat is taken for; null for external people.</summary>
    public string? DepartmentName { get; init; }

    /// <summary>Whether it was cancelled after the deadline.</summary>
    public required bool IsLateCancellation { get; init; }

    /// <summary>One of <see cref="BookingChange"/>, or null.</summary>
    public string? Change { get; init; }
}

/// <summary>How a booking came to be or ended, where that is another booking's doing.</summary>
public static class BookingChange
{
    /// <summary>The booking has the seat of somebody who gave it over.</summary>
    public const string Substitute = "substitute";

    /// <summary>Somebody else has the seat now.</summary>
    public const string GivenOver = "given_over";

    /// <summary>The person is on another run of the course now.</summary>
    public const string MovedAway = "moved_away";
}

/// <summary>The calendar event of one booking and one session.</summary>
public sealed record EventFacts
{
    /// <summary>Whose event it is.</summary>
    public required long BookingId { get; init; }

    /// <summary>Which session it is.</summary>
    public required long SessionId { get; init; }

    /// <summary>Stable for the event's whole life.</summary>
    public required Guid Uid { get; init; }

    /// <summary>The event's version; the higher one wins in every calendar.</summary>
    public required int Sequence { get; init; }

    /// <summary><c>active</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The highest sequence that the mail server took, or null.</summary>
    public int? SentSequence { get; init; }

    /// <summary>Whether some attempt at the invitation may have reached the participant.</summary>
    public required bool MayHaveLeft { get; init; }
}

/// <summary>What a mail says of an external person's sign-up.</summary>
public sealed record SignUpFacts
{
    /// <summary>The sign-up.</summary>
    public required long SignUpId { get; init; }

    /// <summary>The run it is for.</summary>
    public required long RunId { get; init; }

    /// <summary>The name as typed.</summary>
    public required string Name { get; init; }

    /// <summary><c>pending</c>, <c>confirmed</c> or <c>expired</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Whether it asks for a place on the waiting list and not for a seat.</summary>
    public required bool IsForWaitingList { get; init; }

    /// <summary>Until when it can be confirmed; for so long its seat is held, if it has one.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What a mail says of a leader's yes that a booking waits for.</summary>
public sealed record ApprovalFacts
{
    /// <summary>The approval.</summary>
    public required long ApprovalId { get; init; }

    /// <summary>The booking that it is about.</summary>
    public required long BookingId { get; init; }

    /// <summary><c>pending</c>, <c>approved</c>, <c>refused</c>, <c>expired</c> or <c>void</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Until when the leader can answer.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
