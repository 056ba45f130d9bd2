using Booking.Data.Bookings;
using Booking.Data.People;
using Booking.Data.Runs;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Bookings;

/// <summary>A secretary reserves seats of one run: picks employees of the own department, or pastes lines.</summary>
/// <param name="runs">The run, the secretary's departments and the seats they may take.</param>
/// <param name="people">Employees to pick.</param>
/// <param name="reserveLines">Reserves what was pasted or picked.</param>
/// <param name="clock">Now.</param>
/// <param name="localizer">The reader's language.</param>
[Authorize(Policy = Policies.Secretary)]
public sealed class ReserveModel(
    RunRepository runs, PersonRepository people, ReserveLines reserveLines, TimeProvider clock, IStringLocalizer<Strings> localizer)
    : PageModel
{
    private const int MaximumHits = 50;

    /// <summary>The run.</summary>
    public RunForBooking Run { get; private set; } = null!;

    /// <summary>The seats that can be taken now.</summary>
    public FreeSeats Left { get; private set; } = null!;

    /// <summary>The secretary's departments.</summary>
    public IReadOnlyList<DepartmentName> Departments { get; private set; } = [];

    /// <summary>Whose seats and employees are meant.</summary>
    [BindProperty(SupportsGet = true, Name = "department")]
    public long? DepartmentId { get; set; }

    /// <summary>What employees are searched by.</summary>
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Search { get; set; }

    /// <summary>Lines as pasted: one person each.</summary>
    [BindProperty]
    public string? Lines { get; set; }

    /// <summary>The employees that were ticked, by number.</summary>
    [BindProperty]
    public string[] Picked { get; set; } = [];

    /// <summary>Whether the secretary knows who is at another course at that time, and books all the same.</summary>
    [BindProperty]
    public bool AcceptsOverlap { get; set; }

    /// <summary>The lines of those who are at another course at that time: asked about apart from the box.</summary>
    public string Overlapping => string.Join('\n', (Results ?? [])
        .Where(result => result.Outcome is LineOutcome.Overlaps).Select(result => result.Line));

    /// <summary>Employees that fit the search.</summary>
    public IReadOnlyList<Employee> Hits { get; private set; } = [];

    /// <summary>What became of each line; null before anything was asked for.</summary>
    public IReadOnlyList<LineResult>? Results { get; private set; }

    /// <summary>Whether seats can be taken now.</summary>
    public SignUpState State => BookingRules.SignUp(Run.Times, clock.GetUtcNow());

    private SignedInPerson Person => SignedInPerson.From(User)!;

    /// <summary>Shows the run, the search and its hits.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(code, cancellationToken))
        {
            return NotFound();
        }

        Search = Search?.Replace("\0", "", StringComparison.Ordinal);
        if (!string.IsNullOrWhiteSpace(Search))
        {
            Hits = await people.SearchAsync([DepartmentId!.Value], Search, MaximumHits, cancellationToken);
        }

        return Page();
    }

    /// <summary>Reserves and shows what became of each line; lines without a seat stay in the box.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string code, CancellationToken cancellationToken)
    {
        if (DepartmentId is { } asked && !Person.DepartmentIds.Contains(asked))
        {
            return NotFound();
        }

        if (!await LoadAsync(code, cancellationToken))
        {
            return NotFound();
        }

        var lines = PastedLine.Parse(string.Join('\n', Picked.Append(Lines)));
        if (lines.Count is 0 or > ReserveLines.MaximumLines)
        {
            ModelState.AddModelError(
                nameof(Lines), lines.Count == 0 ? localizer["Reserve.NothingTyped"] : localizer["Reserve.TooManyLines", ReserveLines.MaximumLines]);
            return Page();
        }

        Results = await reserveLines.RunAsync(
            Run.RunId, DepartmentId!.Value, lines, Person.ToActor(Roles.Secretary), AcceptsOverlap, cancellationToken);
        // The box keeps what still needs a hand; posting the page again books nobody twice.
        ModelState.Remove(nameof(Lines));
        Search = null;
        Lines = string.Join('\n', Results
            .Where(result => result.Outcome is LineOutcome.NotFound or LineOutcome.Ambiguous or LineOutcome.NoSeatLeft or LineOutcome.SignUpClosed)
            .Select(result => result.Line));
        Left = await runs.CountFreeSeatsAsync(Run.RunId, [DepartmentId!.Value], cancellationToken);
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
