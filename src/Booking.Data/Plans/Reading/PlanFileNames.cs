namespace Booking.Data.Plans.Reading;

/// <summary>The four files that HR keeps the year's plan in.</summary>
public static class PlanFileNames
{
    /// <summary>Departments, their weights and secretaries.</summary>
    public const string Departments = "afdelinger.csv";

    /// <summary>The courses of the catalogue.</summary>
    public const string Courses = "kurser.csv";

    /// <summary>The runs of the courses with their sessions.</summary>
    public const string Runs = "hold.csv";

    /// <summary>All employees.</summary>
    public const string Employees = "medarbejdere.csv";

    /// <summary>All four, in the order they are read.</summary>
    public static readonly string[] All = [Departments, Courses, Runs, Employees];
}

/// <summary>Where the four files come from; each can be opened more than once.</summary>
public sealed class PlanSource
{
    private readonly Func<string, Stream?> _open;

    /// <summary>A source that opens files by name.</summary>
    /// <param name="open">Gives a fresh stream for a file name, or null when there is no such file.</param>
    public PlanSource(Func<string, Stream?> open) => _open = open;

    /// <summary>The files of one folder.</summary>
    /// <param name="directory">Path of the folder.</param>
    public static PlanSource FromDirectory(string directory) => new(name =>
    {
        var path = Path.Combine(directory, name);
        return File.Exists(path) ? File.OpenRead(path) : null;
    });

    internal Stream? Open(string name) => _open(name);
}
