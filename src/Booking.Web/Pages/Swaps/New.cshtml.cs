using System.Globalization;
using Booking.Data.Runs;
using Booking.Data.Swaps;
using Booking.Web.Localisation;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Swaps;

/// <summary>A secretary proposes a swap: first to whom, then which seats for which.</summary>
/// <param name="runs">The secretary's departments.</param>
/// <param name="seats">What there is to swap.</param>
/// <param name="proposeSwap">Asks the other department.</param>
/// <param name="clock">Now.</param>
/// <param name="localizer">The reader's language.</param>
[Authorize(Policy = Policies.Secretary)]
public sealed class NewModel(
    RunRepository runs, SwapSeatRepository seats, ProposeSwap proposeSwap, TimeProvider clock, IStringLocalizer<Strings> localizer) : PageModel
{
    /// <summary>Whose seats are offered.</summary>
    [BindProperty(SupportsGet = true)]
    public long? From { get; set; }

    /// <summary>Who is asked.</summary>
    [BindProperty(SupportsGet = true)]
    public long? To { get; set; }

    /// <summary>The run whose seats are offered.</summary>
    [BindProperty]
    public string? OfferedRun { get; set; }

    /// <summary>How many.</summary>
    [BindProperty]
    public string? OfferedSeats { get; set; }

    /// <summary>The run whose seats are wanted; empty for nothing.</summary>
    [BindProperty]
    public string? WantedRun { get; set; }

    /// <summary>How many.</summary>
    [BindProperty]
    public string? WantedSeats { get; set; }

    /// <summary>The secretary's departments.</summary>
    public IReadOnlyList<DepartmentName> Departments { get; private set; } = [];

    /// <summary>The other departments.</summary>
    public IReadOnlyList<DepartmentName> Others { get; private set; } = [];

    /// <summary>Runs with unused seats of the own department.</summary>
    public IReadOnlyList<UnusedSeats> Own { get; private set; } = [];

    /// <summary>Runs with unused seats of the other department.</summary>
    public IReadOnlyList<UnusedSeats> Theirs { get; private set; } = [];

    /// <summary>The other department's name.</summary>
    public string ToName => Others.First(department => department.DepartmentId == To).Name;

    /// <summary>The own departments to choose.</summary>
    public IEnumerable<SelectListItem> FromOptions => Departments.Select(Option);

    /// <summary>The other departments to choose.</summary>
    public IEnumerable<SelectListItem> ToOptions => Others.Select(Option);

    /// <summary>Own seats to offer.</summary>
    public IEnumerable<SelectListItem> OwnOptions => Own.Select(Option);

    /// <summary>Seats to ask for, or nothing.</summary>
    public IEnumerable<SelectListItem> TheirOptions => Theirs.Select(Option).Prepend(new SelectListItem(localizer["Swaps.Nothing"], ""));

    private SignedInPerson Person => SignedInPerson.From(User)!;

    /// <summary>Asks to whom, then shows what there is to swap.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        await LoadAsync(cancellationToken) ? Page() : NotFound();

    /// <summary>Proposes the swap.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!await LoadAsync(cancellationToken) || To is null)
        {
            return NotFound();
        }

        var (offered, wanted) = (Count(nameof(OfferedSeats), OfferedSeats), string.IsNullOrEmpty(WantedRun) ? 0 : Count(nameof(WantedSeats), WantedSeats));
        if (string.IsNullOrEmpty(OfferedRun))
        {
            ModelState.AddModelError(nameof(OfferedRun), localizer["ProposeOutcome.OfferedRunClosed"]);
        }

        if (!ModelState.IsValid)
        {
            return Page();
        }

        var outcome = await proposeSwap.RunAsync(
            new ProposeRequest
            {
                FromDepartmentId = From!.Value,
                ToDepartmentId = To.Value,
                OfferedRun = OfferedRun!,
                OfferedSeats = offered,
                WantedRun = string.IsNullOrEmpty(WantedRun) ? null : WantedRun,
                WantedSeats = wanted,
                Actor = Person.ToActor(Roles.Secretary),
            },
            cancellationToken);
        return outcome switch
        {
            ProposeOutcome.Proposed => RedirectToPage("/Swaps/Index", new { proposed = true }),
            ProposeOutcome.UnknownDepartment => Refuse("", outcome),
            ProposeOutcome.OfferedRunClosed => Refuse(nameof(OfferedRun), outcome),
            ProposeOutcome.WantedRunClosed => Refuse(nameof(WantedRun), outcome),
            ProposeOutcome.TooFewOwnSeats => Refuse(nameof(OfferedSeats), outcome),
            ProposeOutcome.TooFewTheirSeats => Refuse(nameof(WantedSeats), outcome),
            ProposeOutcome.NothingToSwap => Refuse(nameof(WantedRun), outcome),
        };
    }

    private PageResult Refuse(string field, ProposeOutcome outcome)
    {
        ModelState.AddModelError(field, localizer[$"ProposeOutcome.{outcome}"]);
        return Page();
    }

    private int Count(string field, string? text)
    {
        if (int.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 999)
        {
            return count;
        }

        ModelState.AddModelError(field, localizer["Swaps.CountInvalid"]);
        return 0;
    }

    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        Departments = await runs.ListDepartmentsAsync(Person.DepartmentIds, cancellationToken);
        From ??= Departments[0].DepartmentId;
        Others = await seats.ListOthersAsync([From.Value], cancellationToken);
        if (!Person.DepartmentIds.Contains(From.Value) || (To is not null && Others.All(department => department.DepartmentId != To)))
        {
            return false;
        }

        if (To is { } to)
        {
            Own = await seats.ListUnusedAsync([From.Value], clock.GetUtcNow(), cancellationToken);
            Theirs = await seats.ListUnusedAsync([to], clock.GetUtcNow(), cancellationToken);
        }

        return true;
    }

    private static SelectListItem Option(DepartmentName department) =>
        new(department.Name, department.DepartmentId.ToString(CultureInfo.InvariantCulture));

    private SelectListItem Option(UnusedSeats unused) => new(
        $"{unused.CourseTitle}, {DisplayFormat.Current.Date(unused.StartsAt, unused.TimeZone)}: {localizer[unused.Seats == 1 ? "Swaps.OneSeat" : "Swaps.Seats", unused.Seats]}",
        unused.RunCode);
}
