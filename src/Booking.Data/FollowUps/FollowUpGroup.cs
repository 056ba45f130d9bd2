namespace Booking.Data.FollowUps;

/// <summary>
/// What was asked about one course in one plan year, by one kind of form after so many days. Every answer is in one group only, and no
/// page cuts the same answers in another way: that is what keeps somebody from finding a small group as the difference of two large ones.
/// </summary>
public sealed record FollowUpGroup
{
    /// <summary>The fewest answers that are shown.</summary>
    public const int FewestShown = 5;

    /// <summary>The course's code.</summary>
    public required string CourseCode { get; init; }

    /// <summary>Its title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>One of <see cref="FollowUpKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>1, 30, 60 or 90.</summary>
    public required int Days { get; init; }

    /// <summary>How many were asked.</summary>
    public required int Asked { get; init; }

    /// <summary>How many answered; null when they are fewer than <see cref="FewestShown"/>.</summary>
    public int? Answered { get; init; }

    /// <summary>How many chose 1 to 5 for each scale; empty when the group is not shown.</summary>
    public FollowUpScales Scales { get; init; } = new();

    /// <summary>How many named each barrier, in the order of <see cref="FollowUpAnswer.KnownBarriers"/>; empty when not asked or not shown.</summary>
    public int[] Barriers { get; init; } = [];

    /// <summary>How many shared it, in the order of <see cref="FollowUpAnswer.KnownShared"/>; empty when not asked or not shown.</summary>
    public int[] Shared { get; init; } = [];

    /// <summary>Whether enough have answered.</summary>
    public bool IsShown => Answered is not null;

    /// <summary>The same as anybody may see it: nothing of fewer answers than <see cref="FewestShown"/>, not even how many.</summary>
    public FollowUpGroup Guarded() => Answered >= FewestShown
        ? this
        : this with
        {
            Answered = null,
            Scales = new FollowUpScales(),
            Barriers = [],
            Shared = [],
        };
}

/// <summary>Five counts, of the points 1 to 5, for each scale; empty for a scale that is not asked or not shown.</summary>
public sealed record FollowUpScales
{
    /// <summary>The course as a whole.</summary>
    public int[] Overall { get; init; } = [];

    /// <summary>Relevance for the work.</summary>
    public int[] Relevance { get; init; } = [];

    /// <summary>Whether the learning goals were reached.</summary>
    public int[] Goals { get; init; } = [];

    /// <summary>Whether it is recommended.</summary>
    public int[] Recommends { get; init; } = [];

    /// <summary>How often it is used, by participants or as leaders see it.</summary>
    public int[] Frequency { get; init; } = [];

    /// <summary>The mean of five counts; null when there are none.</summary>
    /// <param name="counts">How many chose 1 to 5.</param>
    public static decimal? Mean(IReadOnlyList<int> counts) =>
        counts.Sum() is > 0 and var total ? (decimal)counts.Select((count, index) => count * (index + 1)).Sum() / total : null;
}
