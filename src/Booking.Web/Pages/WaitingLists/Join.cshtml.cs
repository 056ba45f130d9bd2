using Booking.Data.Bookings;
using Booking.Data.Runs;
using Booking.Data.WaitingLists;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.WaitingLists;

/// <summary>A secretary puts employees of the own department on a run's waiting list, and sees those who are on it.</summary>
/// <param name="runs">The run, the secretary's departments and the seats they may take.</param>
/// <param name="joinLines">Puts people on the list.</param>
/// <param name="places">Who waits.</param>
/// <param name="clock">Now.</param>
/// <param name="localizer">The reader's language.</param>
[Authorize(Policy = Policies.Secretary)]
public sealed class JoinModel(
    RunRepository runs, JoinLines joinLines, WaitingPlaceRepository places, TimeProvider clock, IStringLocalizer<Strings> localizer)
    : PageModel
{
    /// <summary>The run.</summary>
    public RunForBooking Run { get; private set; } = null!;

    /// <summary>The seats that could be reserved instead.</summary>
    public FreeSeats Left { get; private set; } = null!;

    /// <summary>The secretary's departments.</summary>
    public IReadOnlyList<DepartmentName> Departments { get; private set; } = [];

    /// <summary>Whose employees are meant.</summary>
    [BindProperty(SupportsGet = true, Name = "department")]
    public long? DepartmentId { get; set; }

    /// <summary>Lines as pasted: one person each.</summary>
    [BindProperty]
    public string? Lines { get; set; }

    /// <summary>Employees by number: those who were ticked, or who found no seat.</summary>
    [BindProperty]
    public string[] Picked { get; set; } = [];

    /// <summary>What became of each line; null before anything was asked for.</summary>
    public IReadOnlyList<WaitingLineResult>? Results { get; private set; }

    /// <summary>Those of the secretary's departments who wait for this run.</summary>
    public IReadOnlyList<WaitingPlace> Places { get; private set; } = [];

    /// <summary>Whether anybody can join now.</summary>
    public SignUpState State => BookingRules.SignUp(Run.Times, clock.GetUtcNow());

    private SignedInPerson Person => SignedInPerson.From(User)!;

    /// <summary>Shows the form and the list.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(code, cancellationToken))
        {
            return NotFound();
        }

        Places = await places.ListLiveAsync(EntryScope.Of(null, Person.DepartmentIds), Run.RunId, cancellationToken);
        return Page();
    }

    /// <summary>Puts people on the list and shows what became of each line; lines that need a hand stay in the box.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string code, CancellationToken cancellationToken)
    {
        if ((DepartmentId is { } asked && !Person.DepartmentIds.Contains(asked)) || !await LoadAsync(code, cancellationToken))
        {
            return NotFound();
        }

        var lines = PastedLine.Parse(string.Join('\n', Picked.Append(Lines)));
        if (lines.Count is 0 or > JoinLines.MaximumLines)
        {
            ModelState.AddModelError(
                nameof(Lines), lines.Count == 0 ? localizer["Reserve.NothingTyped"] : localizer["Reserve.TooManyLines", JoinLines.MaximumLines]);
        }
        else
        {
            Results = await joinLines.RunAsync(
                Run.RunId, DepartmentId!.Value, lines, Person.ToActor(Roles.Secretary), cancellationToken);
            Left = await runs.CountFreeSeatsAsync(Run.RunId, [DepartmentId!.Value], cancellationToken);
            ModelState.Remove(nameof(Lines));
            Lines = string.Join('\n', Results
                .Where(result => result.Outcome is WaitingLineOutcome.NotFound or WaitingLineOutcome.Ambiguous)
                .Select(result => result.Line));
        }

        Places = await places.ListLiveAsync(EntryScope.Of(null, Person.DepartmentIds), Run.RunId, cancellationToken);
        return Page();
    }

    private async Task<bool> LoadAsync(string code, CancellationToken cancellationToken)
    {
        if (await runs.FindToReserveAsync(code, Person.DepartmentIds, cancellationToken) is not { } found)
        {
            return false;
        }

        (Run, Departments) = (found.Run, found.Departments);
        DepartmentId = (Departments.FirstOrDefault(department => department.DepartmentId == DepartmentId) ?? Departments[0]).DepartmentId;
        Left = found.Left(DepartmentId.Value);
        return true;
    }
}
