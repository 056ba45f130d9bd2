using System.Globalization;
using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Desk;
using Booking.Web.Desk;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Desk;

/// <summary>A secretary's start page: every run with seats or bookings of the own departments, and what can be done to many at once.</summary>
/// <param name="desk">The runs.</param>
/// <param name="handBack">Hands unused seats back.</param>
/// <param name="hold">Holds unused seats without names.</param>
/// <param name="clock">Now.</param>
/// <param name="texts">The reader's language.</param>
[Authorize(Policy = Policies.Secretary)]
public sealed class IndexModel(
    DeskRepository desk, HandBackSeats handBack, HoldSeats hold, TimeProvider clock, IStringLocalizer<Strings> texts) : PageModel
{
    private const int PageSize = 50;

    /// <summary><c>all</c> shows runs that are over or cancelled, too.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Show { get; set; }

    /// <summary>Which page of the list.</summary>
    [BindProperty(SupportsGet = true, Name = "p")]
    public int PageNumber { get; set; } = 1;

    /// <summary><c>all</c> ticks every row of the page that can be ticked.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Select { get; set; }

    /// <summary>The rows that were ticked: <c>run-department</c>.</summary>
    [BindProperty]
    public string[] Chosen { get; set; } = [];

    /// <summary>What is to be done with them: <c>hold</c> or <c>hand_back</c>.</summary>
    [BindProperty]
    public string? Do { get; set; }

    /// <summary>The list.</summary>
    public DeskPage Runs { get; private set; } = new([], 0);

    /// <summary>What became of each ticked row; null before anything was asked for.</summary>
    public IReadOnlyList<DeskOutcome>? Outcomes { get; private set; }

    /// <summary>Whether runs that are over or cancelled are shown.</summary>
    public bool ShowsAll => Show == "all";

    /// <summary>Whether every row that can be ticked is.</summary>
    public bool SelectsAll => Select == "all";

    /// <summary>How many pages the list has.</summary>
    public int Pages => Math.Max(1, (Runs.AllRows + PageSize - 1) / PageSize);

    /// <summary>Whether the secretary has several departments.</summary>
    public bool HasSeveralDepartments => Person.DepartmentIds.Count > 1;

    private SignedInPerson Person => SignedInPerson.From(User)!;

    /// <summary>What stands in a row's box.</summary>
    /// <param name="run">The row.</param>
    public static string Key(DeskRun run) => string.Create(CultureInfo.InvariantCulture, $"{run.RunId}-{run.DepartmentId}");

    /// <summary>Whether anything can be done with a row's unused seats.</summary>
    /// <param name="run">The row.</param>
    public bool CanAct(DeskRun run) => run is { Status: "published", ReleasedAt: null, UnusedSeats: > 0 } && run.StartsAt > clock.GetUtcNow();

    /// <summary>Shows the list.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        if (SelectsAll)
        {
            Chosen = [.. Runs.Runs.Where(CanAct).Select(Key)];
        }
    }

    /// <summary>Does one thing to every ticked row and says for each what became of it.</summary>
    /// <param name="cancellationToken">Gives up; what is done stays done.</param>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        var chosen = Runs.Runs.Where(run => Chosen.Contains(Key(run), StringComparer.Ordinal)).ToList();
        if (Do is not ("hold" or "hand_back") || chosen.Count < Chosen.Distinct(StringComparer.Ordinal).Count())
        {
            // A row that is not on this list is nobody's mistake but a forger's, or gone since.
            return NotFound();
        }

        if (chosen.Count == 0)
        {
            ModelState.AddModelError("", texts["Desk.NothingChosen"]);
            return Page();
        }

        List<DeskOutcome> outcomes = [];
        foreach (var run in chosen)
        {
            outcomes.Add(Do == "hold" ? await HoldAsync(run, cancellationToken) : await HandBackAsync(run, cancellationToken));
        }

        Outcomes = outcomes;
        Chosen = [];
        ModelState.Remove(nameof(Chosen));
        await LoadAsync(cancellationToken);
        return Page();
    }

    private async Task<DeskOutcome> HoldAsync(DeskRun run, CancellationToken cancellationToken)
    {
        if (run.UnusedSeats == 0)
        {
            return new DeskOutcome(run, IsDone: false, texts["Desk.HandBack.NothingUnused"]);
        }

        var result = await hold.RunAsync(
            new HoldRequest(run.RunId, run.DepartmentId, run.UnusedSeats, Person.ToActor(Roles.Secretary)) { OwnSeatsOnly = true }, cancellationToken);
        return new DeskOutcome(run, result.Seats > 0, DeskSentences.Of(texts, result, run.TimeZone));
    }

    private async Task<DeskOutcome> HandBackAsync(DeskRun run, CancellationToken cancellationToken)
    {
        var result = await handBack.RunAsync(
            new HandBackRequest(run.RunId, run.DepartmentId, Seats: null, Person.ToActor(Roles.Secretary)), cancellationToken);
        return new DeskOutcome(run, result.Seats > 0, DeskSentences.Of(texts, result));
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        PageNumber = Math.Clamp(PageNumber, 1, 10_000);
        Runs = await desk.ListAsync(
            Person.DepartmentIds, !ShowsAll, clock.GetUtcNow(), new DeskSlice(PageSize, (PageNumber - 1) * PageSize), cancellationToken);
    }
}

/// <summary>What became of one row.</summary>
/// <param name="Run">The row as it was.</param>
/// <param name="IsDone">Whether anything changed.</param>
/// <param name="Sentence">What happened, in the reader's language.</param>
public sealed record DeskOutcome(DeskRun Run, bool IsDone, string Sentence);
