using Booking.Data.FillRates;
using Booking.Web.FillRates;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.FillRates;

/// <summary>HR's one page: which runs will not fill, and who does not use their seats.</summary>
/// <param name="fillRates">The figures.</param>
/// <param name="clock">The time.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class IndexModel(FillRateRepository fillRates, TimeProvider clock) : PageModel
{
    /// <summary>What was asked for.</summary>
    public FillRateQuery Query { get; private set; } = new();

    /// <summary>The runs and their sums.</summary>
    public FillRateList List { get; private set; } = null!;

    /// <summary>The runs of this page.</summary>
    public IReadOnlyList<FillRateRow> Rows { get; private set; } = [];

    /// <summary>The columns of the table, in their order.</summary>
    public static IReadOnlyList<FillRateColumn> Columns { get; } =
    [
        FillRateColumn.Start, FillRateColumn.Capacity, FillRateColumn.Taken, FillRateColumn.Department, FillRateColumn.External,
        FillRateColumn.Open, FillRateColumn.Rate, FillRateColumn.Unused, FillRateColumn.FreeOpen, FillRateColumn.Minimum,
        FillRateColumn.Release, FillRateColumn.Cancelled,
    ];

    /// <summary>The address of this page with a change.</summary>
    /// <param name="query">The changed query.</param>
    public static string UrlOf(FillRateQuery query) => query.ToUrl("/hr/fill-rates");

    /// <summary>What a column's head tells a screen reader.</summary>
    /// <param name="column">The column.</param>
    public string? AriaSort(FillRateColumn column) =>
        Query.Order.Column != column ? null : Query.Order.IsDescending ? "descending" : "ascending";

    /// <summary>Shows the list.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Query = FillRateQuery.Parse(Request.Query);
        List = await FillRateList.LoadAsync(fillRates, Query, clock.GetUtcNow(), cancellationToken);
        Query = Query with { Page = Math.Min(Query.Page, List.Pages) };
        Rows = [.. List.PageOf(Query.Page)];
    }
}
