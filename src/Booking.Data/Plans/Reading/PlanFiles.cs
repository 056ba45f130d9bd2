namespace Booking.Data.Plans.Reading;

/// <summary>The plan as the four files have it. Employees are read anew each time they are asked for.</summary>
public sealed class PlanFiles
{
    private readonly PlanSource _source;
    private readonly PlanReading _reading;

    private PlanFiles(PlanSource source, PlanReading reading)
    {
        (_source, _reading) = (source, reading);
        Departments = DepartmentSheet.Read(source, reading);
        Courses = CourseSheet.Read(source, reading);
        Runs = RunSheet.Read(source, reading);
        EmployeeCount = EmployeeSheet.Check(source, reading);
    }

    /// <summary>The departments, in the file's order.</summary>
    public IReadOnlyList<PlanDepartment> Departments { get; }

    /// <summary>The courses, in the file's order.</summary>
    public IReadOnlyList<PlanCourse> Courses { get; }

    /// <summary>The runs, in the file's order.</summary>
    public IReadOnlyList<PlanRun> Runs { get; }

    /// <summary>How many employees the file lists.</summary>
    public int EmployeeCount { get; }

    /// <summary>Everything that is wrong. A plan with faults holds made-up values and may not be imported.</summary>
    public PlanFaultList Faults => _reading.Faults;

    /// <summary>Hexadecimal SHA-256 of each file by its name.</summary>
    public IReadOnlyDictionary<string, string> Sha256ByFile => _reading.Sha256ByFile;

    /// <summary>Reads and checks the four files.</summary>
    /// <param name="source">Where they come from.</param>
    /// <param name="settings">How they are read.</param>
    /// <param name="progress">Told how far the reading has come.</param>
    public static PlanFiles Read(PlanSource source, PlanReadSettings settings, IProgress<PlanImportProgress>? progress = null) =>
        new(source, new PlanReading(settings, progress));

    /// <summary>Streams the employees. A file that changed since it was checked adds to <see cref="Faults"/>.</summary>
    public IEnumerable<PlanEmployee> Employees() => EmployeeSheet.Stream(_source, _reading);
}

/// <summary>How the plan's files are read.</summary>
public sealed record PlanReadSettings
{
    /// <summary>IANA name of the zone that the files' times are local to.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Sign-up closes at noon this many days before the first session, unless the file says when.</summary>
    public int SignUpClosesDaysBefore { get; init; } = 3;

    /// <summary>Days to add to every date; clock times stay.</summary>
    public int ShiftDays { get; init; }
}
