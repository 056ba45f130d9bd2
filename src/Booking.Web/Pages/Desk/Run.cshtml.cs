using Booking.Data.Allotments;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Desk;
using Booking.Data.Runs;
using Booking.Web.Audit;
using Booking.Web.Desk;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Desk;

/// <summary>One run as one department sees it: its seats one by one with what happened to them, held, named and handed back here.</summary>
/// <param name="desk">The run with the department's figures.</param>
/// <param name="history">The seats and their trail.</param>
/// <param name="use">What can be done.</param>
/// <param name="words">The trail in words.</param>
/// <param name="clock">Now.</param>
/// <param name="texts">The reader's language.</param>
[Authorize(Policy = Policies.Secretary)]
public sealed class RunModel(
    DeskRepository desk, SeatHistoryRepository history, DeskUseCases use, AuditWords words, TimeProvider clock, IStringLocalizer<Strings> texts)
    : PageModel
{
    private const int MaximumEvents = 500;

    /// <summary>The run with the department's figures.</summary>
    public DeskRun Run { get; private set; } = null!;

    /// <summary>The secretary's departments.</summary>
    public IReadOnlyList<DepartmentName> Departments { get; private set; } = [];

    /// <summary>Whose seats are meant.</summary>
    [BindProperty(SupportsGet = true, Name = "department")]
    public long? DepartmentId { get; set; }

    /// <summary>What is wanted: <c>hold</c>, <c>name</c> or <c>hand_back</c>.</summary>
    [BindProperty]
    public string? Do { get; set; }

    /// <summary>How many seats to hold.</summary>
    [BindProperty]
    public string? HoldCount { get; set; }

    /// <summary>How many seats to hand back.</summary>
    [BindProperty]
    public string? HandBackCount { get; set; }

    /// <summary>Names as pasted: one person each.</summary>
    [BindProperty]
    public string? Lines { get; set; }

    /// <summary>The one seat to be named; null for any.</summary>
    [BindProperty]
    public Guid? Booking { get; set; }

    /// <summary>Whether the secretary knows that somebody is elsewhere at that time.</summary>
    [BindProperty]
    public bool AcceptsOverlap { get; set; }

    /// <summary>The department's seats.</summary>
    public IReadOnlyList<DeskSeat> Seats { get; private set; } = [];

    /// <summary>What happened, by seat; under 0 what is about none.</summary>
    public ILookup<int, AuditLine> Events { get; private set; } = Array.Empty<AuditLine>().ToLookup(_ => 0);

    /// <summary>Until when seats may be held without names.</summary>
    public DateTimeOffset HeldUntil { get; private set; }

    /// <summary>What became of the wish; null before there was one.</summary>
    public string? Sentence { get; private set; }

    /// <summary>Whether anything changed.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What became of each line.</summary>
    public LineResultList? Results { get; private set; }

    /// <summary>The trail in words.</summary>
    public AuditWords Words => words;

    /// <summary>Whether seats can be taken now.</summary>
    public SignUpState State => BookingRules.SignUp(Times, clock.GetUtcNow());

    /// <summary>Whether seats can be held without names.</summary>
    public bool CanHold => State is SignUpState.Open && HeldUntil > clock.GetUtcNow();

    /// <summary>Whether unused seats can be handed back.</summary>
    public bool CanHandBack => Run is { Status: RunStatuses.Published, ReleasedAt: null, UnusedSeats: > 0 } && Run.StartsAt > clock.GetUtcNow();

    /// <summary>Whether bookings can still be changed.</summary>
    public bool IsAhead => Run.Status == RunStatuses.Published && Run.StartsAt > clock.GetUtcNow();

    private SignedInPerson Person => SignedInPerson.From(User)!;

    private RunTimes Times => new()
    {
        RunId = Run.RunId,
        RunCode = Run.RunCode,
        Status = Run.Status,
        StartsAt = Run.StartsAt,
        SignUpOpensAt = Run.SignUpOpensAt,
        SignUpClosesAt = Run.SignUpClosesAt,
        CancellationDeadlineAt = Run.CancellationDeadlineAt,
    };

    /// <summary>Shows the seats.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancellationToken) =>
        await LoadAsync(code, cancellationToken) ? Page() : NotFound();

    /// <summary>Does what is wanted and shows the seats as they are then.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string code, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(code, cancellationToken) || Do is not ("hold" or "name" or "hand_back"))
        {
            return NotFound();
        }

        await (Do switch
        {
            "hold" => HoldAsync(cancellationToken),
            "name" => NameAsync(cancellationToken),
            _ => HandBackAsync(cancellationToken),
        });
        await LoadAsync(code, cancellationToken);
        return Page();
    }

    private async Task HoldAsync(CancellationToken cancellationToken)
    {
        if (DeskUseCases.Count(HoldCount, DeskUseCases.MaximumSeats) is not { } seats)
        {
            ModelState.AddModelError(nameof(HoldCount), texts["Desk.CountNeeded", DeskUseCases.MaximumSeats]);
            return;
        }

        var result = await use.Hold.RunAsync(
            new HoldRequest(Run.RunId, DepartmentId!.Value, seats, Person.ToActor(Roles.Secretary)), cancellationToken);
        Say(result.Seats > 0, DeskSentences.Of(texts, result, Run.TimeZone), nameof(HoldCount));
    }

    private async Task HandBackAsync(CancellationToken cancellationToken)
    {
        var most = Math.Max(1, Run.UnusedSeats);
        if (DeskUseCases.Count(HandBackCount, most) is not { } seats)
        {
            ModelState.AddModelError(nameof(HandBackCount), texts["Desk.CountNeeded", most]);
            return;
        }

        var result = await use.HandBack.RunAsync(
            new HandBackRequest(Run.RunId, DepartmentId!.Value, seats, Person.ToActor(Roles.Secretary)), cancellationToken);
        Say(result.Seats > 0, DeskSentences.Of(texts, result), nameof(HandBackCount));
    }

    private async Task NameAsync(CancellationToken cancellationToken)
    {
        var lines = PastedLine.Parse(Lines);
        if (lines.Count is 0 or > ReserveLines.MaximumLines)
        {
            ModelState.AddModelError(
                nameof(Lines), lines.Count == 0 ? texts["Desk.NameNothing"] : texts["Reserve.TooManyLines", ReserveLines.MaximumLines]);
            return;
        }

        var results = await use.Name.RunAsync(
            new NameRequest(Run.RunId, DepartmentId!.Value, lines, Person.ToActor(Roles.Secretary)) { Booking = Booking, AcceptsOverlap = AcceptsOverlap },
            cancellationToken);
        Results = new LineResultList(results) { DepartmentId = DepartmentId, Booking = Booking };
        Say(Results.Named > 0, texts[Results.Named == 1 ? "Desk.OneNamed" : "Desk.ManyNamed", Results.Named], nameof(Lines));
        Lines = Results.Left;
    }

    private void Say(bool isDone, string sentence, string field)
    {
        (IsDone, Sentence) = (isDone, sentence);
        ModelState.Remove(field);
        (HoldCount, HandBackCount, Lines) = (null, null, null);
    }

    private async Task<bool> LoadAsync(string code, CancellationToken cancellationToken)
    {
        Departments = await use.Runs.ListDepartmentsAsync(Person.DepartmentIds, cancellationToken);
        DepartmentId ??= Departments[0].DepartmentId;
        if (Departments.All(department => department.DepartmentId != DepartmentId)
            || await desk.FindAsync(code, DepartmentId.Value, cancellationToken) is not { } run)
        {
            return false;
        }

        Run = run;
        HeldUntil = await use.Held.GetHeldUntilAsync(run.RunId, cancellationToken);
        Seats = await history.ListSeatsAsync(run.RunId, run.DepartmentId, cancellationToken);
        var events = await history.ListEventsAsync(run.RunId, run.DepartmentId, MaximumEvents, cancellationToken);
        Events = events.ToLookup(line => line.SeatNumber ?? 0);
        return true;
    }
}
