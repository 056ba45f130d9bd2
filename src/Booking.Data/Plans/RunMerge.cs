using Booking.Data.Plans.Reading;

namespace Booking.Data.Plans;

/// <summary>
/// What an import wants of a stored run: only what the plan has changed since the last import. What HR has changed on a page
/// and the plan has not stays; where both have, the page's value stays and the plan's is refused by name.
/// </summary>
internal sealed class RunMerge
{
    private const string BothChanged = "er også rettet på holdets side siden sidste import; gør planen og siden ens";

    private readonly TimeZoneInfo _zone;
    private readonly (RunValues Stored, RunValues Imported, RunValues Planned) _three;
    private readonly HashSet<RunField> _left = [];
    private readonly List<RunRefusal> _refusals = [];

    /// <param name="stored">The run as it is.</param>
    /// <param name="imported">As the last import wrote it.</param>
    /// <param name="planned">As the files have it.</param>
    /// <param name="zone">The zone of times in refusals.</param>
    public RunMerge(RunValues stored, RunValues imported, RunValues planned, TimeZoneInfo zone)
    {
        _zone = zone;
        _three = (stored, imported, planned);
        Wanted = stored;
        foreach (var field in Of(RunFieldGroup.Single))
        {
            Decide([field]);
        }

        Decide(Of(RunFieldGroup.Place));
        DecidePoint();
        DecideTimes();
    }

    /// <summary>The run as it is to be.</summary>
    public RunValues Wanted { get; private set; }

    /// <summary>What the plan changed and is not taken, because it was changed on a page too.</summary>
    public IReadOnlyList<RunRefusal> Refusals => _refusals;

    /// <summary>Whether anything has to be changed, refused or remembered.</summary>
    public bool HasWork =>
        _refusals.Count > 0
        || RunFields.Different(_three.Stored, Wanted).Count > 0
        || RunFields.Different(_three.Imported, Written(Wanted)).Count > 0;

    /// <summary>What is remembered as written by this import.</summary>
    /// <param name="accepted">The run as it is after the import.</param>
    public RunValues Written(RunValues accepted) => RunFields.All.Where(field => !_left.Contains(field))
        .Aggregate(_three.Imported, (values, field) => field.Take(values, accepted));

    private static List<RunField> Of(RunFieldGroup group) => [.. RunFields.All.Where(field => field.Group == group)];

    // Fields that make sense together only are taken or left together.
    private void Decide(IReadOnlyList<RunField> fields)
    {
        if (!fields.Any(ChangedInPlan))
        {
            Leave(fields);
        }
        else if (fields.Any(ChangedOnPage))
        {
            Refuse(fields, BothChanged);
        }
        else
        {
            Take(fields);
        }
    }

    // HR moves a run to another address without a point on the map; the plan's point is right where its address is.
    private void DecidePoint()
    {
        if (Of(RunFieldGroup.Place).Where(field => field.Column != "sted").All(field => field.Same(Wanted, _three.Planned)))
        {
            Take(Of(RunFieldGroup.Point));
        }
        else
        {
            Leave(Of(RunFieldGroup.Point));
        }
    }

    private void DecideTimes()
    {
        var times = Of(RunFieldGroup.Times);
        var sessions = times.Single(field => field.Column == RunFields.Sessions);
        if (ChangedInPlan(sessions) && ChangedOnPage(sessions) && !sessions.Same(_three.Stored, _three.Planned))
        {
            // Deadlines follow the sessions.
            Refuse(times, BothChanged);
            return;
        }

        var before = (Wanted, Left: _left.ToHashSet(), Refusals: _refusals.Count);
        foreach (var field in times)
        {
            Decide([field]);
        }

        if (!Fits(Wanted.Run))
        {
            Wanted = before.Wanted;
            _left.IntersectWith(before.Left);
            _refusals.RemoveRange(before.Refusals, _refusals.Count - before.Refusals);
            Refuse(times, "passer ikke sammen med de tider, der er rettet på holdets side");
        }
    }

    private void Take(IEnumerable<RunField> fields) =>
        Wanted = fields.Aggregate(Wanted, (values, field) => field.Take(values, _three.Planned));

    private void Leave(IEnumerable<RunField> fields) => _left.UnionWith(Differing(fields));

    private void Refuse(IReadOnlyList<RunField> fields, string reason)
    {
        Leave(fields);
        _refusals.AddRange(Differing(fields).Where(ChangedInPlan).Select(field => new RunRefusal(
            field.Column, $"«{Show(field, _three.Planned)}» i stedet for «{Show(field, _three.Stored)}»", reason)));
    }

    private IEnumerable<RunField> Differing(IEnumerable<RunField> fields) =>
        fields.Where(field => !field.Same(_three.Stored, _three.Planned));

    private bool ChangedInPlan(RunField field) => !field.Same(_three.Planned, _three.Imported);

    private bool ChangedOnPage(RunField field) => !field.Same(_three.Stored, _three.Imported);

    private string Show(RunField field, RunValues values) => field.Show(values.Run, _zone);

    // As the file is checked, and as the database demands.
    private static bool Fits(PlanRun run) =>
        run.SignUpOpensAt < run.SignUpClosesAt
        && new[] { run.SignUpClosesAt, run.ReleaseAt, run.CancellationDeadlineAt }.All(at => at <= run.Sessions[0].StartsAt);
}
