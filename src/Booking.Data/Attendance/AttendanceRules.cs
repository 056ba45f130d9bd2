using Booking.Data.Audit;
using Booking.Data.Runs;

namespace Booking.Data.Attendance;

/// <summary>Whether marks of a session may be set now.</summary>
public enum MarkTiming
{
    /// <summary>They may.</summary>
    Open,

    /// <summary>The session is still more than an hour away.</summary>
    NotYet,

    /// <summary>The instructor's time is over; HR may still correct.</summary>
    TooLate,

    /// <summary>The run is a draft or cancelled.</summary>
    NotHeld,
}

/// <summary>When marks may be set, and by whom: pure, from what was read and the clock.</summary>
public static class AttendanceRules
{
    /// <summary>So long before a session the first participants may be there.</summary>
    public static readonly TimeSpan OpensBefore = TimeSpan.FromHours(1);

    /// <summary>So long after the last session the instructor may mark and correct, and so long the mailed links work.</summary>
    public static readonly TimeSpan InstructorTime = TimeSpan.FromDays(14);

    /// <summary>Whether marks of a session may be set at <paramref name="now"/>. HR may for as long as the run is kept.</summary>
    /// <param name="runStatus">One of <see cref="RunStatuses"/>.</param>
    /// <param name="runEndsAt">End of the last session.</param>
    /// <param name="sessionStartsAt">Start of the session.</param>
    /// <param name="role">Who asks: one of <see cref="ActorRoles"/>.</param>
    /// <param name="now">The time.</param>
    public static MarkTiming Timing(
        string runStatus, DateTimeOffset runEndsAt, DateTimeOffset sessionStartsAt, string role, DateTimeOffset now)
    {
        return runStatus switch
        {
            not (RunStatuses.Published or RunStatuses.Completed) => MarkTiming.NotHeld,
            _ when now < sessionStartsAt - OpensBefore => MarkTiming.NotYet,
            _ when role != ActorRoles.Hr && now >= runEndsAt + InstructorTime => MarkTiming.TooLate,
            _ => MarkTiming.Open,
        };
    }
}
