using Booking.Data.Attendance;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Web.Attendance;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Attendance;

/// <summary>
/// Takes attendance by the personal link in the instructor's mail. Opening the link changes nothing, because mail scanners open
/// it, too; its buttons do.
/// </summary>
/// <param name="attendance">The run that the link is for.</param>
/// <param name="sheets">The page.</param>
/// <param name="clock">Now.</param>
[AllowAnonymous]
public sealed class LinkModel(AttendanceRepository attendance, AttendanceSheets sheets, TimeProvider clock) : PageModel
{
    /// <summary>The session that is shown or marked, by its number.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Session { get; set; }

    /// <summary>What is shown; null when the link does not work.</summary>
    public AttendanceSheet? Sheet { get; private set; }

    /// <summary>Shows a session.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(string token, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is { } run)
        {
            Sheet = await sheets.ShowAsync(run, Session, ActorRoles.Instructor, cancellationToken);
        }
    }

    /// <summary>Marks.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="form">What the button says.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task OnPostAsync(string token, [FromForm] AttendanceForm form, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is { Instructor: { } instructor } run)
        {
            var actor = new Actor { Name = instructor, Role = ActorRoles.Instructor };
            Sheet = await sheets.MarkAsync(run, Session, form, actor, cancellationToken);
        }
    }

    private Task<AttendanceRun?> FindAsync(string token, CancellationToken cancellationToken) =>
        attendance.FindByTokenAsync(LinkToken.Hash(token), clock.GetUtcNow(), cancellationToken);
}
