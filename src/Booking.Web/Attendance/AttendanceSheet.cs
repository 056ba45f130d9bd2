using Booking.Data.Attendance;

namespace Booking.Web.Attendance;

/// <summary>The page that takes attendance, as it is shown: one session of a run.</summary>
public sealed record AttendanceSheet
{
    /// <summary>The run.</summary>
    public required AttendanceRun Run { get; init; }

    /// <summary>The session that is shown.</summary>
    public required AttendanceSession Session { get; init; }

    /// <summary>Everybody with a seat, with the marks of the session.</summary>
    public required IReadOnlyList<AttendancePerson> People { get; init; }

    /// <summary>Whether the reader may mark now.</summary>
    public required MarkTiming Timing { get; init; }

    /// <summary>What became of the reader's wish; null before there was one.</summary>
    public MarkOutcome? Outcome { get; init; }

    /// <summary>The people who were just marked all at once, so that this can be taken back at once.</summary>
    public IReadOnlyList<Guid> JustMarked { get; init; } = [];

    /// <summary>How many were there.</summary>
    public int Present => People.Count(person => person.IsPresent == true);

    /// <summary>How many were not.</summary>
    public int Absent => People.Count(person => person.IsPresent == false);

    /// <summary>How many nobody has marked.</summary>
    public int Unmarked => People.Count(person => person.IsPresent is null);

    /// <summary>From when on the session can be marked.</summary>
    public DateTimeOffset OpensAt => Session.StartsAt - AttendanceRules.OpensBefore;

    /// <summary>Whether the reader was told no.</summary>
    public bool IsRefused => Outcome is not (null or MarkOutcome.Marked or MarkOutcome.Unchanged);
}
