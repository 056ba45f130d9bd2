using System.Globalization;
using Booking.Data.Runs;
using Booking.Data.WaitingLists;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.WaitingLists;

/// <summary>HR sees a run's whole waiting list, and sets how it is served.</summary>
/// <param name="runs">The run.</param>
/// <param name="places">Who waits.</param>
/// <param name="changeRule">Sets the rule.</param>
/// <param name="localizer">The reader's language.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class RunModel(
    RunRepository runs, WaitingPlaceRepository places, ChangeWaitingListRule changeRule, IStringLocalizer<Strings> localizer) : PageModel
{
    /// <summary>The run.</summary>
    public RunForBooking Run { get; private set; } = null!;

    /// <summary>Everybody who waits or has an offer, in the order of the list.</summary>
    public IReadOnlyList<WaitingPlace> Places { get; private set; } = [];

    /// <summary>One of <see cref="WaitingListModes"/>.</summary>
    [BindProperty]
    public string? Mode { get; set; }

    /// <summary>For how many working hours an offer stands, as typed.</summary>
    [BindProperty]
    public string? Hours { get; set; }

    /// <summary>What became of a new rule; null before there was one.</summary>
    public WaitingListRuleOutcome? Outcome { get; private set; }

    /// <summary>Shows the list and the rule.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(code, cancellationToken))
        {
            return NotFound();
        }

        Mode = Run.WaitingListMode;
        Hours = Run.OfferWorkingHours.ToString(CultureInfo.InvariantCulture);
        return Page();
    }

    /// <summary>Sets the rule.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string code, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(code, cancellationToken))
        {
            return NotFound();
        }

        if (!int.TryParse(Hours?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || hours is < 1 or > ChangeWaitingListRule.MaximumHours)
        {
            ModelState.AddModelError(nameof(Hours), localizer["Waiting.HoursInvalid", ChangeWaitingListRule.MaximumHours]);
            return Page();
        }

        var actor = SignedInPerson.From(User)!.ToActor(Roles.Hr);
        Outcome = await changeRule.RunAsync(new WaitingListRuleRequest(Run.RunId, Mode ?? "", hours, actor), cancellationToken);
        return await LoadAsync(code, cancellationToken) ? Page() : NotFound();
    }

    private async Task<bool> LoadAsync(string code, CancellationToken cancellationToken)
    {
        if (await runs.FindForBookingAsync(code, cancellationToken) is not { } run)
        {
            return false;
        }

        Run = run;
        Places = await places.ListLiveAsync(EntryScope.All, run.RunId, cancellationToken);
        return true;
    }
}
