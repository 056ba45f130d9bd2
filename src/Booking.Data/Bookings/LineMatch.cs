using Booking.Data.People;

namespace Booking.Data.Bookings;

/// <summary>A pasted line and the employees that fit it.</summary>
/// <param name="Line">The line.</param>
/// <param name="Found">Nobody, the one who is meant, or several.</param>
internal sealed record LineMatch(PastedLine Line, IReadOnlyList<Employee> Found)
{
    /// <summary>Finds each line's employees among those that were looked up for all of them.</summary>
    public static IReadOnlyList<LineMatch> Of(IReadOnlyList<PastedLine> lines, IReadOnlyList<Employee> employees) =>
        [.. lines.Select(line => new LineMatch(line, [.. employees.Where(employee => Fits(line, employee))]))];

    /// <summary>The people that lines mean without doubt, in the order of the lines.</summary>
    public static IReadOnlyList<long> People(IEnumerable<LineMatch> matches) =>
        [.. matches.Where(match => match.Found.Count == 1).Select(match => match.Found[0].PersonId).Distinct()];

    /// <summary>One result for each line: that of its person, or why it has none.</summary>
    public static IReadOnlyList<LineResult> Results(IReadOnlyList<LineMatch> matches, Func<PastedLine, Employee, LineResult> ofPerson)
    {
        var seen = new HashSet<long>();
        return [.. matches.Select(match => match.Found switch
        {
            [] => new LineResult { Line = match.Line.Text, Outcome = LineOutcome.NotFound },
            [var employee] when !seen.Add(employee.PersonId) =>
                new LineResult { Line = match.Line.Text, Outcome = LineOutcome.Repeated, Employee = employee },
            [var employee] => ofPerson(match.Line, employee),
            _ => new LineResult { Line = match.Line.Text, Outcome = LineOutcome.Ambiguous },
        })];
    }

    private static bool Fits(PastedLine line, Employee employee) =>
        line.Email is not null ? string.Equals(employee.Email, line.Email, StringComparison.OrdinalIgnoreCase)
        : line.EmployeeNumber is not null ? employee.EmployeeNumber == line.EmployeeNumber
        : string.Equals(employee.Name, line.Name, StringComparison.OrdinalIgnoreCase);
}
