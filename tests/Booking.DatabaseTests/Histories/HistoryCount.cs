namespace Booking.DatabaseTests.Histories;

/// <summary>How often each kind of step was taken, and how often it changed something: a history of refusals proves little.</summary>
internal sealed class HistoryCount
{
    private readonly Dictionary<StepKind, (int Taken, int Changed)> _steps = Enum.GetValues<StepKind>().ToDictionary(kind => kind, _ => (0, 0));

    /// <summary>All steps taken.</summary>
    public int Steps => _steps.Values.Sum(step => step.Taken);

    /// <summary>Kinds that never changed anything. A step of time changes nothing by itself.</summary>
    public IEnumerable<StepKind> Idle => _steps.Where(step => step.Value.Changed == 0 && step.Key != StepKind.Wait).Select(step => step.Key);

    public void Add(StepKind kind, bool isChange)
    {
        var (taken, changed) = _steps[kind];
        _steps[kind] = (taken + 1, changed + (isChange ? 1 : 0));
    }

    /// <inheritdoc />
    public override string ToString() => string.Join(", ", _steps.Select(step => $"{step.Key} {step.Value.Changed} of {step.Value.Taken}"));
}
