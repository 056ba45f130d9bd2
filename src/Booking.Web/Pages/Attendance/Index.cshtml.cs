using Booking.Data.Attendance;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Attendance;

/// <summary>The runs that the signed-in instructor teaches, each with the way to its attendance.</summary>
/// <param name="attendance">The runs.</param>
/// <param name="clock">Now.</param>
[Authorize(Policy = Policies.Instructor)]
public sealed class IndexModel(AttendanceRepository attendance, TimeProvider clock) : PageModel
{
    /// <summary>Runs that lie ahead or can still be marked, the next first.</summary>
    public IReadOnlyList<TaughtRun> Current { get; private set; } = [];

    /// <summary>The others, the latest first.</summary>
    public IReadOnlyList<TaughtRun> Past { get; private set; } = [];

    /// <summary>Shows them.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var over = clock.GetUtcNow() - AttendanceRules.InstructorTime;
        var runs = await attendance.ListTaughtAsync(SignedInPerson.From(User)!.Email, cancellationToken);
        Current = [.. runs.Where(run => run.EndsAt > over).Reverse()];
        Past = [.. runs.Where(run => run.EndsAt <= over)];
    }
}
