using System.Globalization;
using Booking.Data.FollowUps;

namespace Booking.Web.FollowUps;

/// <summary>One plan year of answers, as HR's pages and the file show it.</summary>
/// <param name="Year">The year; null when no course is over.</param>
/// <param name="Years">All years to choose from, newest first.</param>
/// <param name="Figures">The figures of the year.</param>
public sealed record FollowUpYear(int? Year, IReadOnlyList<int> Years, FollowUpFigures Figures)
{
    /// <summary>What is asked, in the order of time.</summary>
    public static IReadOnlyList<(string Kind, int Days)> Forms { get; } =
    [
        (FollowUpKinds.Evaluation, 1), (FollowUpKinds.Use, 30), (FollowUpKinds.Use, 60), (FollowUpKinds.Leader, 60), (FollowUpKinds.Use, 90),
    ];

    /// <summary>The courses that somebody was asked about, in their order.</summary>
    public IEnumerable<IGrouping<string, FollowUpGroup>> Courses => Figures.Groups.GroupBy(group => group.CourseCode);

    /// <summary>Reads a year.</summary>
    /// <param name="repository">The figures.</param>
    /// <param name="asked">The year asked for; anything unknown is the newest.</param>
    /// <param name="now">Now.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public static async Task<FollowUpYear> LoadAsync(
        FollowUpFiguresRepository repository, string? asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var years = await repository.ListYearsAsync(now, cancellationToken);
        int? year = int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && years.Contains(wanted)
            ? wanted
            : years.Count > 0 ? years[0] : null;
        return new FollowUpYear(
            year, years, year is { } shown ? await repository.GetAsync(shown, cancellationToken) : FollowUpFigures.Of([]));
    }

    /// <summary>The scales of a form: the key of each question's text and its counts.</summary>
    /// <param name="group">The form's answers.</param>
    public static IReadOnlyList<FollowUpScale> ScalesOf(FollowUpGroup group) => group.Kind switch
    {
        FollowUpKinds.Evaluation =>
        [
            new("Overall", "Quality", group.Scales.Overall), new("Relevance", "Degree", group.Scales.Relevance),
            new("Goals", "Degree", group.Scales.Goals), new("Recommends", "Likely", group.Scales.Recommends),
        ],
        _ => [new("Frequency", "Often", group.Scales.Frequency)],
    };
}

/// <summary>One scale of a form.</summary>
/// <param name="Field">Its field.</param>
/// <param name="Texts">What stands in front of its points in the resource files.</param>
/// <param name="Counts">How many chose 1 to 5.</param>
public sealed record FollowUpScale(string Field, string Texts, IReadOnlyList<int> Counts);
