using Booking.Data.Audit;

namespace Booking.Data.Plans;

/// <summary>What an import notes down while it goes: the result for the caller and the audit rows of each change.</summary>
internal sealed class PlanReport
{
    private readonly Dictionary<PlanEntity, PlanEntityResult> _entities = [];
    private readonly List<PlanRefusal> _refusals = [];
    private readonly List<AuditEntry> _entries = [];

    public IReadOnlyList<PlanEntityResult> Entities => [.. _entities.Values.OrderBy(entity => entity.Entity)];

    public IReadOnlyList<PlanRefusal> Refusals => _refusals;

    public IReadOnlyList<AuditEntry> AuditEntries => _entries;

    public void Add(PlanEntityResult result) =>
        _entities[result.Entity] = result with { Changes = [.. result.Changes.Take(PlanEntityResult.KeptChanges)] };

    public void Refuse(string code, string column, string asked, string reason) =>
        _refusals.Add(new PlanRefusal { Code = code, Column = column, Asked = asked, Reason = reason });

    public void Refuse(string code, IEnumerable<RunRefusal> refusals)
    {
        foreach (var refusal in refusals)
        {
            Refuse(code, refusal.Column, refusal.Asked, refusal.Reason);
        }
    }

    public void Audit(AuditEntry entry) => _entries.Add(entry);
}

/// <summary>One import on its way: what every step needs.</summary>
internal sealed record PlanImportContext
{
    public required Reading.PlanFiles Files { get; init; }

    public required PlanReport Report { get; init; }

    public required Actor Actor { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>IANA name of the zone that new runs are held in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The same, found.</summary>
    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    public IProgress<PlanImportProgress>? Progress { get; init; }

    /// <summary>Ids of the departments in the file, by code; filled by the first step.</summary>
    public Dictionary<string, long> DepartmentIds { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Ids of the courses in the file, by code; filled by the second step.</summary>
    public Dictionary<string, long> CourseIds { get; } = new(StringComparer.OrdinalIgnoreCase);

    public void Tell(PlanImportStep step, int done = 0, double? share = null) =>
        Progress?.Report(new PlanImportProgress { Step = step, Done = done, Share = share });

    public AuditEntry Entry(string action, IReadOnlyDictionary<string, object?> details) =>
        new() { At = Now, Actor = Actor, Action = action, Details = details };

    public AuditEntry RunChanged(long runId, IReadOnlyList<string> fields) =>
        Entry("run.changed", new Dictionary<string, object?> { ["fields"] = fields }) with { RunId = runId };
}

/// <summary>Names the fields in which a row differs from the plan.</summary>
internal sealed class FieldComparison
{
    private readonly List<string> _fields = [];

    public IReadOnlyList<string> Fields => _fields;

    public FieldComparison Add<T>(string field, T stored, T planned)
    {
        if (!EqualityComparer<T>.Default.Equals(stored, planned))
        {
            _fields.Add(field);
        }

        return this;
    }

    public FieldComparison AddList<T>(string field, IEnumerable<T> stored, IEnumerable<T> planned)
    {
        if (!stored.SequenceEqual(planned))
        {
            _fields.Add(field);
        }

        return this;
    }
}
