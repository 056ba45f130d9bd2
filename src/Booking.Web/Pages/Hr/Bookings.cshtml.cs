using Booking.Data.Runs;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Hr;

/// <summary>Who is on a run, by department, with the flags that HR follows up.</summary>
/// <param name="runs">The run.</param>
/// <param name="bookings">Its bookings.</param>
/// <param name="clock">Now.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class BookingsModel(HrRunRepository runs, HrBookingRepository bookings, TimeProvider clock) : PageModel
{
    /// <summary>The run.</summary>
    public HrRun Run { get; private set; } = null!;

    /// <summary>Its bookings by department; people from outside have none.</summary>
    public IReadOnlyList<IGrouping<string?, HrBooking>> Departments { get; private set; } = [];

    /// <summary>Cancellations after the deadline.</summary>
    public int Late => Departments.Sum(department => department.Count(booking => booking.IsLateCancellation));

    /// <summary>People who did not come.</summary>
    public int Absent => Departments.Sum(department => department.Count(booking => booking.Status == "absent"));

    /// <summary>People who count as attended although nobody has marked them.</summary>
    public int Assumed => Departments.Sum(department => department.Count(booking => booking.IsAssumed));

    /// <summary>Whether bookings can still be cancelled.</summary>
    public bool IsOpen => Run.IsOpen(clock.GetUtcNow());

    /// <summary>Shows them.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(code, cancellationToken) is not { } run)
        {
            return NotFound();
        }

        Run = run;
        Departments = [.. (await bookings.ListAsync(run.RunId, cancellationToken)).GroupBy(booking => booking.DepartmentName)];
        return Page();
    }
}
