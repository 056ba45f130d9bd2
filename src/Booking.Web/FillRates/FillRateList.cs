using Booking.Data.FillRates;

namespace Booking.Web.FillRates;

/// <summary>What the page and the file both show: the runs asked for, in the order asked for.</summary>
public sealed record FillRateList
{
    /// <summary>How many runs stand on a page.</summary>
    public const int PageSize = 100;

    /// <summary>Years to choose from, newest first.</summary>
    public required IReadOnlyList<PlanYear> Years { get; init; }

    /// <summary>The year shown; null when there is no plan at all.</summary>
    public required int? Year { get; init; }

    /// <summary>Every run of the filters, whatever the view: what the sums and the chart are made of.</summary>
    public required IReadOnlyList<FillRateRow> All { get; init; }

    /// <summary>The runs of the view, sorted.</summary>
    public required IReadOnlyList<FillRateRow> Shown { get; init; }

    /// <summary>Sums over <see cref="All"/>.</summary>
    public required FillRateSummary Summary { get; init; }

    /// <summary>Number of pages, at least one.</summary>
    public int Pages => Math.Max(1, (Shown.Count + PageSize - 1) / PageSize);

    /// <summary>The rows of one page.</summary>
    /// <param name="page">From 1.</param>
    public IEnumerable<FillRateRow> PageOf(int page) => Shown.Skip((page - 1) * PageSize).Take(PageSize);

    /// <summary>Reads it.</summary>
    /// <param name="fillRates">Where from.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="now">The instant that days are counted from.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public static async Task<FillRateList> LoadAsync(
        FillRateRepository fillRates, FillRateQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fillRates);
        ArgumentNullException.ThrowIfNull(query);
        var years = await fillRates.ListYearsAsync(now, cancellationToken);
        var year = query.Year ?? PlanYear.Default(years);
        var all = year is null ? [] : await fillRates.ListAsync(query.ToFilter(year.Value), now, cancellationToken);
        return new FillRateList
        {
            Years = years,
            Year = year,
            All = all,
            Shown = query.Order.Sort(all.Where(r => IsIn(query, r)), query.Days),
            Summary = FillRateSummary.Of(all, query.Days),
        };
    }

    private static bool IsIn(FillRateQuery query, FillRateRow row) => query.View switch
    {
        FillRateView.All => true,
        FillRateView.WillNotFill => row.WillNotFill(query.Days),
        FillRateView.Unused => row.HasUnused,
    };
}
