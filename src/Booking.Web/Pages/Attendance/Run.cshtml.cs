using Booking.Data.Attendance;
using Booking.Data.Audit;
using Booking.Web.Attendance;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Attendance;

/// <summary>Takes attendance at a run: for its instructor and for HR; for everybody else there is no such page.</summary>
/// <param name="attendance">The run.</param>
/// <param name="sheets">The page.</param>
[Authorize]
public sealed class RunModel(AttendanceRepository attendance, AttendanceSheets sheets) : PageModel
{
    /// <summary>The session that is shown or marked, by its number.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Session { get; set; }

    /// <summary>What is shown.</summary>
    public AttendanceSheet Sheet { get; private set; } = null!;

    /// <summary>Whether the reader is here for HR.</summary>
    public bool IsHr => Person.Has(Roles.Hr);

    private SignedInPerson Person => SignedInPerson.From(User)!;

    /// <summary>Shows a session.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancellationToken) =>
        await attendance.FindAsync(code, cancellationToken) is { } run && ActorOf(run) is { } actor
            ? Show(await sheets.ShowAsync(run, Session, actor.Role, cancellationToken))
            : NotFound();

    /// <summary>Marks.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="form">What the button says.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string code, [FromForm] AttendanceForm form, CancellationToken cancellationToken) =>
        await attendance.FindAsync(code, cancellationToken) is { } run && ActorOf(run) is { } actor
            ? Show(await sheets.MarkAsync(run, Session, form, actor, cancellationToken))
            : NotFound();

    private Actor? ActorOf(AttendanceRun run) => run switch
    {
        _ when Person.Has(Roles.Hr) => Person.ToActor(Roles.Hr),
        _ when Person.Has(Roles.Instructor) && run.IsTaughtBy(Person.Email) => Person.ToActor(Roles.Instructor),
        _ => null,
    };

    private IActionResult Show(AttendanceSheet? sheet)
    {
        Sheet = sheet!;
        return sheet is null ? NotFound() : Page();
    }
}
