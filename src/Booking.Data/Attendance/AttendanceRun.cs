namespace Booking.Data.Attendance;

/// <summary>A run whose attendance is taken.</summary>
public sealed record AttendanceRun
{
    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>Its code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>One of <see cref="Runs.RunStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The zone its times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Where it takes place.</summary>
    public required string VenueName { get; init; }

    /// <summary>Who teaches it; null when the plan does not say.</summary>
    public string? Instructor { get; init; }

    /// <summary>When nobody needed to be asked any more; null while marks are lacking.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Whether somebody counts as attended whom nobody has marked.</summary>
    public required bool IsAssumed { get; init; }

    /// <summary>Participants: bookings with a person that were not cancelled.</summary>
    public required int Participants { get; init; }

    /// <summary>Its sessions, in order.</summary>
    public IReadOnlyList<AttendanceSession> Sessions { get; init; } = [];

    /// <summary>Whether an address is the instructor's.</summary>
    /// <param name="email">The address.</param>
    public bool IsTaughtBy(string email) => string.Equals(Instructor, email, StringComparison.OrdinalIgnoreCase);

    /// <summary>The session to show when nobody chose: the latest one that can be marked, otherwise the first.</summary>
    /// <param name="now">The time.</param>
    public AttendanceSession? SessionAt(DateTimeOffset now) =>
        Sessions.LastOrDefault(session => session.StartsAt - AttendanceRules.OpensBefore <= now) ?? (Sessions.Count > 0 ? Sessions[0] : null);
}

/// <summary>One session of it.</summary>
public sealed record AttendanceSession
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

/// <summary>A participant and the mark of one session.</summary>
public sealed record AttendancePerson
{
    /// <summary>The booking, as forms name it.</summary>
    public required Guid Reference { get; init; }

    /// <summary>The person's name.</summary>
    public required string Name { get; init; }

    /// <summary>The department, or where somebody from outside works.</summary>
    public string? Organisation { get; init; }

    /// <summary>Whether the person was there; null while nobody has said.</summary>
    public bool? IsPresent { get; init; }
}

/// <summary>A run in the list of its instructor.</summary>
public sealed record TaughtRun
{
    /// <summary>The run's code.</summary>
    public required string RunCode { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>The zone its times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Where it takes place.</summary>
    public required string VenueName { get; init; }

    /// <summary>The venue's town.</summary>
    public string? Town { get; init; }

    /// <summary>Participants.</summary>
    public required int Participants { get; init; }

    /// <summary>Participants without any mark.</summary>
    public required int Unmarked { get; init; }

    /// <summary>Whether nobody needs to be asked any more.</summary>
    public required bool IsSettled { get; init; }

    /// <summary>Whether somebody counts as attended whom nobody has marked.</summary>
    public required bool IsAssumed { get; init; }
}
