namespace Booking.Data.Plans;

/// <summary>What an import is busy with.</summary>
public enum PlanImportStep
{
    /// <summary>Reading departments, courses and runs.</summary>
    ReadingFiles,

    /// <summary>Reading the employees for the first time, for their faults.</summary>
    CheckingEmployees,

    /// <summary>Waiting for another import to end.</summary>
    WaitingForTurn,

    /// <summary>Comparing and writing departments and courses.</summary>
    WritingCourses,

    /// <summary>Comparing and writing runs.</summary>
    WritingRuns,

    /// <summary>Dividing the seats of new runs.</summary>
    PublishingRuns,

    /// <summary>Copying the employees to the database.</summary>
    CopyingEmployees,

    /// <summary>Merging the copied employees with those there are.</summary>
    MergingEmployees,
}

/// <summary>How far an import has come.</summary>
public sealed record PlanImportProgress
{
    /// <summary>What it is busy with.</summary>
    public required PlanImportStep Step { get; init; }

    /// <summary>Rows done in this step.</summary>
    public int Done { get; init; }

    /// <summary>Share of the step that is done, from 0 to 1; null when unknown.</summary>
    public double? Share { get; init; }
}
