using System.Globalization;
using Booking.Data.FollowUps;
using Booking.Web.Csv;
using Booking.Web.FollowUps;
using Booking.Web.Localisation;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Hr;

/// <summary>The same figures as a file for Danish Excel, with the same rule: nothing of fewer than five answers.</summary>
/// <param name="repository">The figures.</param>
/// <param name="texts">The texts.</param>
/// <param name="clock">Now.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class FollowUpsCsvModel(FollowUpFiguresRepository repository, IStringLocalizer<Strings> texts, TimeProvider clock) : PageModel
{
    /// <summary>Sends the file.</summary>
    /// <param name="year">The year; anything unknown is the newest.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string? year, CancellationToken cancellationToken)
    {
        var shown = await FollowUpYear.LoadAsync(repository, year, clock.GetUtcNow(), cancellationToken);
        CultureInfo.CurrentUICulture = Languages.Danish;
        return File(FollowUpCsv.Write(shown, texts), DanishCsv.ContentType, $"opfoelgning-{shown.Year}.csv");
    }
}
