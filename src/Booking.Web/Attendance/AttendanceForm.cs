using Booking.Data.Attendance;

namespace Booking.Web.Attendance;

/// <summary>What a button of the page posts: all of it as typed, because anybody can post anything.</summary>
public sealed record AttendanceForm
{
    private static readonly Dictionary<string, Mark> Marks = new(StringComparer.Ordinal)
    {
        ["present"] = Data.Attendance.Mark.Present,
        ["absent"] = Data.Attendance.Mark.Absent,
        ["rest"] = Data.Attendance.Mark.RestPresent,
        ["not-present"] = Data.Attendance.Mark.NotPresent,
        ["not-absent"] = Data.Attendance.Mark.NotAbsent,
    };

    /// <summary>What is said: <c>present</c>, <c>absent</c>, <c>rest</c>, <c>not-present</c> or <c>not-absent</c>.</summary>
    public string? Mark { get; init; }

    /// <summary>Of whom.</summary>
    public string?[] Booking { get; init; } = [];

    /// <summary>What is said; null when it is none of the above.</summary>
    internal Mark? Wanted => Mark is not null && Marks.TryGetValue(Mark, out var mark) ? mark : null;

    /// <summary>The bookings; what names none is passed over.</summary>
    internal IReadOnlyList<Guid> Bookings =>
        [.. Booking.Select(text => Guid.TryParse(text, out var reference) ? reference : Guid.Empty).Where(reference => reference != Guid.Empty)];
}
