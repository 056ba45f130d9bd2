using System.Globalization;
using Booking.Data.Allotments;
using Booking.Data.Bookings;
using Booking.Data.Runs;

namespace Booking.Web.Desk;

/// <summary>What a department can do with its seats on a run, for the two pages that offer it.</summary>
/// <param name="Runs">The secretary's departments, and the run.</param>
/// <param name="Held">Until when seats may be without names.</param>
/// <param name="Hold">Holds seats.</param>
/// <param name="Name">Names them.</param>
/// <param name="HandBack">Hands unused ones back.</param>
public sealed record DeskUseCases(RunRepository Runs, HeldSeatRepository Held, HoldSeats Hold, NameHeldSeats Name, HandBackSeats HandBack)
{
    /// <summary>More seats than this are not held in one go.</summary>
    public const int MaximumSeats = 99;

    /// <summary>A number of seats as typed; null when it is none, or more than allowed.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="most">The highest number allowed.</param>
    public static int? Count(string? text, int most) =>
        int.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= most ? count : null;
}

/// <summary>What became of lines that were to name seats.</summary>
/// <param name="Lines">One result for each line.</param>
public sealed record LineResultList(IReadOnlyList<LineResult> Lines)
{
    /// <summary>The department, for the form that asks again.</summary>
    public long? DepartmentId { get; init; }

    /// <summary>The seat, for the form that asks again.</summary>
    public Guid? Booking { get; init; }

    /// <summary>How many seats have a name now.</summary>
    public int Named => Lines.Count(line => line.Outcome is LineOutcome.Booked or LineOutcome.AwaitsApproval);

    /// <summary>The lines that still need a hand.</summary>
    public string Left => Text(LineOutcome.NotFound, LineOutcome.Ambiguous, LineOutcome.NoSeatLeft, LineOutcome.SignUpClosed);

    /// <summary>The lines of those who are at another course at that time.</summary>
    public string Overlapping => Text(LineOutcome.Overlaps);

    private string Text(params LineOutcome[] outcomes) =>
        string.Join('\n', Lines.Where(line => outcomes.Contains(line.Outcome)).Select(line => line.Line));
}
