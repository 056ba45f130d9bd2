using System.Globalization;
using Booking.Data.FillRates;
using Booking.Web.Csv;
using Booking.Web.FillRates;
using Booking.Web.Localisation;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.FillRates;

/// <summary>The fill rate list as a file for Danish Excel, with the page's filters and order, all pages in one.</summary>
/// <param name="fillRates">The figures.</param>
/// <param name="texts">The texts.</param>
/// <param name="clock">The time.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class CsvModel(FillRateRepository fillRates, IStringLocalizer<Strings> texts, TimeProvider clock) : PageModel
{
    /// <summary>Sends the file.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var list = await FillRateList.LoadAsync(fillRates, FillRateQuery.Parse(Request.Query), clock.GetUtcNow(), cancellationToken);
        CultureInfo.CurrentUICulture = Languages.Danish;
        return File(FillRateCsv.Write(list.Shown, texts), DanishCsv.ContentType, $"fyldningsgrader-{list.Year}.csv");
    }
}
