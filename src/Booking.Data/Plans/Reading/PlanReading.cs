namespace Booking.Data.Plans.Reading;

/// <summary>What the readers of the four files know of each other while they read.</summary>
internal sealed class PlanReading(PlanReadSettings settings, IProgress<PlanImportProgress>? progress)
{
    private const int RowsBetweenReports = 5_000;

    // Looking for the nearest of many codes is slow; a file with more unknown ones than this has one cause.
    private const int Suggestions = 100;
    private int _unknown;

    public int SignUpClosesDaysBefore => settings.SignUpClosesDaysBefore;

    public PlanFaultList Faults { get; } = new();

    public PlanClock Clock { get; } = new(TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone), settings.ShiftDays);

    public Dictionary<string, int> DepartmentLines { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, int> CourseLines { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, PlanCourse> Courses { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, string> Sha256ByFile { get; } = [];

    public void Report(PlanImportStep step, int done, double? share = null)
    {
        if (done % RowsBetweenReports == 0)
        {
            progress?.Report(new PlanImportProgress { Step = step, Done = done, Share = share });
        }
    }

    public string Unknown(string expected, string value, IEnumerable<string> candidates) =>
        (++_unknown <= Suggestions ? PlanWords.Suggestion(value, candidates.Take(5_000)) : "") + expected;

    /// <summary>To be called when a file has been read: remembers its sum and reports when it has nothing but a header.</summary>
    public void Finish(PlanSheet? sheet, string file, int rows)
    {
        if (sheet is null)
        {
            return;
        }

        Sha256ByFile[file] = sheet.Sha256;
        if (rows == 0 && Faults.CountIn(file) == 0)
        {
            Faults.Add(file, 1, "", "", "mindst én linje efter overskriften");
        }
    }
}
