using Booking.Data.FollowUps;
using Booking.Web.FollowUps;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Hr;

/// <summary>What became of a year's courses: answers by course, only where five or more answered.</summary>
/// <param name="repository">The figures.</param>
/// <param name="clock">Now.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class FollowUpsModel(FollowUpFiguresRepository repository, TimeProvider clock) : PageModel
{
    /// <summary>The year and its figures.</summary>
    public FollowUpYear Shown { get; private set; } = null!;

    /// <summary>Shows a year.</summary>
    /// <param name="year">The year; one without runs that are over is taken as none.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(string? year, CancellationToken cancellationToken) =>
        Shown = await FollowUpYear.LoadAsync(repository, year, clock.GetUtcNow(), cancellationToken);
}
