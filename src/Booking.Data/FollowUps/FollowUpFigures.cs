namespace Booking.Data.FollowUps;

/// <summary>What HR sees of the answers of one plan year: groups of five or more, and sums over those only.</summary>
public sealed record FollowUpFigures
{
    private FollowUpFigures(IReadOnlyList<FollowUpGroup> groups) => Groups = groups;

    /// <summary>All groups, those with too few answers without any.</summary>
    public IReadOnlyList<FollowUpGroup> Groups { get; }

    /// <summary>The figures of some groups as they are in the database.</summary>
    /// <param name="groups">With all their answers.</param>
    public static FollowUpFigures Of(IEnumerable<FollowUpGroup> groups) => new([.. groups.Select(group => group.Guarded())]);

    /// <summary>
    /// The shown groups of one kind taken together; null when there is none. A group that is not shown is not in it, neither its
    /// answers nor whom it asked: taking the shown groups from the sum leaves nothing.
    /// </summary>
    /// <param name="kind">One of <see cref="FollowUpKinds"/>.</param>
    /// <param name="days">1, 30, 60 or 90.</param>
    public FollowUpGroup? Total(string kind, int days)
    {
        var shown = Groups.Where(group => group.Kind == kind && group.Days == days && group.IsShown).ToList();
        return shown.Count == 0
            ? null
            : new FollowUpGroup
            {
                CourseCode = "",
                CourseTitle = "",
                Kind = kind,
                Days = days,
                Asked = shown.Sum(group => group.Asked),
                Answered = shown.Sum(group => group.Answered),
                Scales = new FollowUpScales
                {
                    Overall = Sum(shown, group => group.Scales.Overall),
                    Relevance = Sum(shown, group => group.Scales.Relevance),
                    Goals = Sum(shown, group => group.Scales.Goals),
                    Recommends = Sum(shown, group => group.Scales.Recommends),
                    Frequency = Sum(shown, group => group.Scales.Frequency),
                },
                Barriers = Sum(shown, group => group.Barriers),
                Shared = Sum(shown, group => group.Shared),
            };
    }

    private static int[] Sum(IReadOnlyList<FollowUpGroup> groups, Func<FollowUpGroup, int[]> counts) =>
        [.. counts(groups[0]).Select((_, index) => groups.Sum(group => counts(group)[index]))];
}
