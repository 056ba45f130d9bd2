using System.Globalization;

namespace Booking.Data.Catalogue;

/// <summary>The order of the catalogue's list.</summary>
public enum CatalogueSort
{
    /// <summary>The best match of the words first; without words the same as <see cref="NextRun"/>.</summary>
    Relevance,

    /// <summary>The course whose next run starts first.</summary>
    NextRun,

    /// <summary>Title, in Danish order.</summary>
    Title,

    /// <summary>Most seats left for the viewer first.</summary>
    SeatsLeft,
}

/// <summary>What is looked for. Several values of one filter mean any of them; filters are combined by "and".</summary>
public sealed record CatalogueFilter
{
    /// <summary>Courses on one page.</summary>
    public const int PageSize = 20;

    /// <summary>Words; each must begin a word of the course.</summary>
    public string Text { get; init; } = "";

    /// <summary>Focus areas, as stored.</summary>
    public IReadOnlyList<string> FocusAreas { get; init; } = [];

    /// <summary>Forms, as stored.</summary>
    public IReadOnlyList<string> Forms { get; init; } = [];

    /// <summary>Sectors that the course is also for, as stored.</summary>
    public IReadOnlyList<string> Sectors { get; init; } = [];

    /// <summary>Months in which a run starts, each by its first day.</summary>
    public IReadOnlyList<DateOnly> Months { get; init; } = [];

    /// <summary>Towns in which a run is held.</summary>
    public IReadOnlyList<string> Towns { get; init; } = [];

    /// <summary>Only courses with a run that has a seat for the viewer.</summary>
    public bool OnlyWithSeats { get; init; }

    /// <summary>The order.</summary>
    public CatalogueSort Sort { get; init; }

    /// <summary>Page number from 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Whether anything but order and page is asked for.</summary>
    public bool IsNarrowed =>
        Text.Length > 0 || FocusAreas.Count > 0 || Forms.Count > 0 || Sectors.Count > 0 || Months.Count > 0 || Towns.Count > 0
        || OnlyWithSeats;

    /// <summary>One text per question: filters that ask the same have the same.</summary>
    public string ToKey()
    {
        string[][] lists =
        [
            [.. FocusAreas.Order(StringComparer.Ordinal)],
            [.. Forms.Order(StringComparer.Ordinal)],
            [.. Sectors.Order(StringComparer.Ordinal)],
            [.. Months.Order().Select(m => m.ToString("yyyy-MM", CultureInfo.InvariantCulture))],
            [.. Towns.Order(StringComparer.Ordinal)],
        ];
        return string.Join(
            '\n',
            [Text, .. lists.Select(list => string.Join('\t', list)), $"{OnlyWithSeats}", $"{Sort}", $"{Page}"]);
    }
}

/// <summary>Whose seats are counted as seats left.</summary>
public sealed record SeatViewer
{
    /// <summary>Somebody from outside: external and open seats of courses for other sectors too.</summary>
    public static SeatViewer Stranger { get; } = new();

    /// <summary>The departments whose guaranteed seats count, beside the open ones; empty for a stranger.</summary>
    public IReadOnlyList<long> DepartmentIds { get; init; } = [];

    /// <summary>Whether the viewer belongs to no department.</summary>
    public bool IsStranger => DepartmentIds.Count == 0;

    /// <summary>The pools beside the departments' whose seats count.</summary>
    internal string[] SharedPools => IsStranger ? ["external", "open"] : ["open"];

    /// <summary>One text per viewer that sees the same numbers.</summary>
    public string ToKey() => string.Join(',', DepartmentIds.Order().Select(id => id.ToString(CultureInfo.InvariantCulture)));
}
