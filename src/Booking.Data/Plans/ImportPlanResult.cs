using Booking.Data.Plans.Reading;

namespace Booking.Data.Plans;

/// <summary>How an import of the plan ended.</summary>
public enum ImportPlanOutcome
{
    /// <summary>Everything in the files is in the database, or would be when it was only a check.</summary>
    Imported,

    /// <summary>As <see cref="Imported"/>, but for what is named as refused.</summary>
    ImportedWithRefusals,

    /// <summary>The files have faults, and nothing was changed.</summary>
    Faulty,
}

/// <summary>What an import of the plan did, or would do.</summary>
public sealed record ImportPlanResult
{
    /// <summary>How it ended.</summary>
    public required ImportPlanOutcome Outcome { get; init; }

    /// <summary>What has to be put right in the files, by file and line; at most <see cref="PlanFaultList.KeptPerFile"/> per file.</summary>
    public IReadOnlyList<PlanFault> Faults { get; init; } = [];

    /// <summary>How many faults there are, shown or not.</summary>
    public int FaultCount { get; init; }

    /// <summary>What became of each kind of row, in the order of <see cref="PlanEntity"/>.</summary>
    public IReadOnlyList<PlanEntityResult> Entities { get; init; } = [];

    /// <summary>What was asked for and not done.</summary>
    public IReadOnlyList<PlanRefusal> Refusals { get; init; } = [];

    /// <summary>Whether the database is as it was before.</summary>
    public bool IsWithoutChange => Entities.All(entity => entity is { Added: 0, Changed: 0, Deactivated: 0 });
}

/// <summary>The kinds of rows in a plan.</summary>
public enum PlanEntity
{
    /// <summary>Departments with their secretaries.</summary>
    Departments,

    /// <summary>Weights of one plan year.</summary>
    DistributionKeys,

    /// <summary>Courses.</summary>
    Courses,

    /// <summary>Employees.</summary>
    Employees,

    /// <summary>Runs with their sessions.</summary>
    Runs,
}

/// <summary>What became of one kind of row.</summary>
public sealed record PlanEntityResult
{
    /// <summary>How many changes are listed one by one; the rest are only counted.</summary>
    public const int KeptChanges = 1_000;

    /// <summary>The kind.</summary>
    public required PlanEntity Entity { get; init; }

    /// <summary>New rows.</summary>
    public required int Added { get; init; }

    /// <summary>Rows with at least one changed field.</summary>
    public required int Changed { get; init; }

    /// <summary>Rows that were as the file has them.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Employees who are no longer listed: inactive from now on, their bookings kept.</summary>
    public int Deactivated { get; init; }

    /// <summary>Rows that are no longer in the files, and were left alone.</summary>
    public int Missing { get; init; }

    /// <summary>The rows that were changed, deactivated or missing.</summary>
    public IReadOnlyList<PlanChange> Changes { get; init; } = [];
}

/// <summary>What happened to a row.</summary>
public enum PlanChangeKind
{
    /// <summary>Some fields were changed.</summary>
    Changed,

    /// <summary>An employee is no longer listed.</summary>
    Deactivated,

    /// <summary>The row is no longer in the files.</summary>
    Missing,
}

/// <summary>One changed row.</summary>
public sealed record PlanChange
{
    /// <summary>What happened.</summary>
    public required PlanChangeKind Kind { get; init; }

    /// <summary>Code of the department, course or run, or the employee's number.</summary>
    public required string Code { get; init; }

    /// <summary>The changed columns, by the files' names.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];
}

/// <summary>Something the files ask for that would break a promise.</summary>
public sealed record PlanRefusal
{
    /// <summary>The run's code, or the employee's number.</summary>
    public required string Code { get; init; }

    /// <summary>The column in the file.</summary>
    public required string Column { get; init; }

    /// <summary>What the files ask for, in Danish.</summary>
    public required string Asked { get; init; }

    /// <summary>What stands in the way, in Danish.</summary>
    public required string Reason { get; init; }

    /// <summary>The refusal as one line.</summary>
    public override string ToString() => $"{Code}: {Column}: {Asked} — {Reason}";
}
