using System.Globalization;
using Booking.Data.Catalogue;

namespace Booking.Web.Catalogue;

/// <summary>
/// The catalogue's address and its filter, in both directions. What an address asks for and nobody knows is left out
/// without a word: addresses are typed, cut and shared.
/// </summary>
public static class CatalogueQuery
{
    private const int LongestText = 100;
    private const int LongestTown = 60;
    private const int MostValues = 24;
    private const int LastPage = 10_000;

    /// <summary>Focus areas in the order in which the strategy has them.</summary>
    public static IReadOnlyList<string> FocusAreas { get; } =
        ["assessment", "substance_use", "care", "involvement", "leadership", "introduction", "career"];

    /// <summary>Forms.</summary>
    public static IReadOnlyList<string> Forms { get; } = ["onsite", "online", "hybrid"];

    /// <summary>Sectors.</summary>
    public static IReadOnlyList<string> Sectors { get; } = ["municipality", "general_practice", "somatic_hospital", "other"];

    /// <summary>The filter that a query asks for.</summary>
    /// <param name="query">A request's query.</param>
    public static CatalogueFilter Read(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var text = Clean(query["q"].FirstOrDefault(), LongestText);
        return new CatalogueFilter
        {
            Text = text,
            FocusAreas = Known(query["focus"], FocusAreas),
            Forms = Known(query["form"], Forms),
            Sectors = Known(query["sector"], Sectors),
            Months = [.. Values(query["month"]).Select(ParseMonth).OfType<DateOnly>().Distinct().Take(MostValues)],
            Towns = [.. Values(query["town"]).Select(t => Clean(t, LongestTown)).Where(t => t.Length > 0).Distinct().Take(MostValues)],
            OnlyWithSeats = query["seats"].FirstOrDefault() == "1",
            Sort = query["sort"].FirstOrDefault() switch
            {
                "date" => CatalogueSort.NextRun,
                "title" => CatalogueSort.Title,
                "seats" => CatalogueSort.SeatsLeft,
                _ => text.Length > 0 ? CatalogueSort.Relevance : CatalogueSort.NextRun,
            },
            Page = int.TryParse(query["page"].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var page)
                ? Math.Clamp(page, 1, LastPage)
                : 1,
        };
    }

    /// <summary>The address of a filter; a filter and its address say the same.</summary>
    /// <param name="filter">What is looked for.</param>
    /// <param name="path">The page.</param>
    public static string Url(CatalogueFilter filter, string path = "/courses")
    {
        ArgumentNullException.ThrowIfNull(filter);
        List<KeyValuePair<string, string?>> pairs =
        [
            .. filter.Text.Length > 0 ? new[] { Pair("q", filter.Text) } : [],
            .. filter.FocusAreas.Select(v => Pair("focus", v)),
            .. filter.Forms.Select(v => Pair("form", v)),
            .. filter.Sectors.Select(v => Pair("sector", v)),
            .. filter.Months.Select(v => Pair("month", Month(v))),
            .. filter.Towns.Select(v => Pair("town", v)),
        ];
        if (filter.OnlyWithSeats)
        {
            pairs.Add(Pair("seats", "1"));
        }

        if (SortName(filter) is { } sort)
        {
            pairs.Add(Pair("sort", sort));
        }

        if (filter.Page > 1)
        {
            pairs.Add(Pair("page", filter.Page.ToString(CultureInfo.InvariantCulture)));
        }

        return path + QueryString.Create(pairs).ToUriComponent();
    }

    /// <summary>How an order stands in the address; null for the one that needs no saying.</summary>
    /// <param name="filter">What is looked for.</param>
    public static string? SortName(CatalogueFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return filter.Sort switch
        {
            CatalogueSort.Relevance => null,
            CatalogueSort.NextRun => filter.Text.Length > 0 ? "date" : null,
            CatalogueSort.Title => "title",
            CatalogueSort.SeatsLeft => "seats",
        };
    }

    /// <summary>A month as it stands in the address: <c>2027-03</c>.</summary>
    /// <param name="month">Its first day.</param>
    public static string Month(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>The first day of a month written as <c>2027-03</c>, or null.</summary>
    /// <param name="text">The text.</param>
    public static DateOnly? ParseMonth(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) ? month : null;

    /// <summary>Typed text without characters that no title has and PostgreSQL refuses, cut to a length.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="longest">Most characters.</param>
    internal static string Clean(string? text, int longest)
    {
        var clean = string.Concat((text ?? "").Where(c => !char.IsControl(c) && !char.IsSurrogate(c))).Trim();
        return clean.Length <= longest ? clean : clean[..longest].TrimEnd();
    }

    /// <summary>A code from an address; what no code can be is the empty code, which nothing has.</summary>
    /// <param name="code">What stands in the address.</param>
    internal static string CleanCode(string? code) =>
        code is { Length: > 0 and <= LongestText } && !code.Any(c => char.IsControl(c) || char.IsSurrogate(c)) ? code : "";

    private static IEnumerable<string> Values(IEnumerable<string?> values) => values.OfType<string>().Take(MostValues * 2);

    private static IReadOnlyList<string> Known(IEnumerable<string?> values, IReadOnlyList<string> known) =>
        [.. known.Where(values.Contains)];

    private static KeyValuePair<string, string?> Pair(string key, string value) => new(key, value);
}
