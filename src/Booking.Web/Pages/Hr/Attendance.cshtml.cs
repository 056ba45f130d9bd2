using Booking.Data.FillRates;
using Booking.Data.Runs;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Hr;

/// <summary>Late cancellations and absences of a year, by department.</summary>
/// <param name="fillRates">The years that have a plan.</param>
/// <param name="bookings">The counts.</param>
/// <param name="clock">Now.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class AttendanceModel(FillRateRepository fillRates, HrBookingRepository bookings, TimeProvider clock) : PageModel
{
    /// <summary>The year that is shown; null when there is no plan.</summary>
    public int? Year { get; private set; }

    /// <summary>All years, newest first.</summary>
    public IReadOnlyList<int> Years { get; private set; } = [];

    /// <summary>One row a department.</summary>
    public IReadOnlyList<AttendanceRow> Rows { get; private set; } = [];

    /// <summary>Shows a year.</summary>
    /// <param name="year">The year; one that has no plan is taken as none.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(string? year, CancellationToken cancellationToken)
    {
        var years = await fillRates.ListYearsAsync(clock.GetUtcNow(), cancellationToken);
        Years = [.. years.Select(known => known.Year)];
        Year = int.TryParse(year, out var asked) && Years.Contains(asked) ? asked : PlanYear.Default(years);
        Rows = Year is { } shown ? await bookings.CountAsync(shown, cancellationToken) : [];
    }
}
