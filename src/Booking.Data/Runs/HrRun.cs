using Booking.Data.Allotments;

namespace Booking.Data.Runs;

/// <summary>A run as HR sees it.</summary>
public sealed record HrRun
{
    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>The run's code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>The course.</summary>
    public required long CourseId { get; init; }

    /// <summary>The course's code.</summary>
    public required string CourseCode { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary><c>onsite</c>, <c>online</c> or <c>hybrid</c>.</summary>
    public required string Form { get; init; }

    /// <summary>One of <see cref="RunStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The zone its times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Where it is held.</summary>
    public required string VenueName { get; init; }

    /// <summary>Street and number.</summary>
    public string? VenueAddress { get; init; }

    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>Town.</summary>
    public string? Town { get; init; }

    /// <summary>Where one takes part online.</summary>
    public string? OnlineLink { get; init; }

    /// <summary>All seats.</summary>
    public required int Capacity { get; init; }

    /// <summary>Seats promised to the external sectors.</summary>
    public required int ExternalSeats { get; init; }

    /// <summary>How many participants the run needs.</summary>
    public required int MinimumParticipants { get; init; }

    /// <summary>When sign-up opens.</summary>
    public required DateTimeOffset SignUpOpensAt { get; init; }

    /// <summary>The sign-up stop.</summary>
    public required DateTimeOffset SignUpClosesAt { get; init; }

    /// <summary>When unused guaranteed seats go to the open pool.</summary>
    public required DateTimeOffset ReleaseAt { get; init; }

    /// <summary>When they went.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>Until when cancelling is in time.</summary>
    public required DateTimeOffset CancellationDeadlineAt { get; init; }

    /// <summary>When the run was cancelled.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>Why, as the people were told.</summary>
    public string? CancelReason { get; init; }

    /// <summary>What HR decided about a run below its minimum: <c>goes_ahead</c>.</summary>
    public string? MinimumDecision { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? MinimumDecidedAt { get; init; }

    /// <summary>Who.</summary>
    public string? MinimumDecidedBy { get; init; }

    /// <summary>Whether a leader must say yes to each employee's booking.</summary>
    public required bool RequiresApproval { get; init; }

    /// <summary>When every mark was there, or was not waited for any longer; null before.</summary>
    public DateTimeOffset? AttendanceSettledAt { get; init; }

    /// <summary>Whether somebody counts as attended whom nobody has marked.</summary>
    public required bool IsAttendanceAssumed { get; init; }

    /// <summary>Bookings with a confirmed participant: what counts towards the minimum.</summary>
    public required int Participants { get; init; }

    /// <summary>Seats that are held: without a name, for an offer, an approval or a confirmation.</summary>
    public required int Held { get; init; }

    /// <summary>People who wait, or have an offer.</summary>
    public required int Waiting { get; init; }

    /// <summary>The sessions in their order.</summary>
    public IReadOnlyList<HrSession> Sessions { get; init; } = [];

    /// <summary>Who has the seats.</summary>
    public IReadOnlyList<SeatHolder> Holders { get; init; } = [];

    /// <summary>Whether it can be changed or cancelled: published, and its first session has not started.</summary>
    /// <param name="now">The time.</param>
    public bool IsOpen(DateTimeOffset now) => Status == RunStatuses.Published && StartsAt > now;

    /// <summary>Whether the sign-up stop has passed with too few participants and nobody has decided what then.</summary>
    /// <param name="now">The time.</param>
    public bool AwaitsDecision(DateTimeOffset now) =>
        IsOpen(now) && SignUpClosesAt <= now && Participants < MinimumParticipants && MinimumDecision is null;
}

/// <summary>One meeting of a run.</summary>
public sealed record HrSession
{
    /// <summary>The session.</summary>
    public required long SessionId { get; init; }

    /// <summary>1 for the first.</summary>
    public required int Number { get; init; }

    /// <summary>When it starts.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset EndsAt { get; init; }
}
