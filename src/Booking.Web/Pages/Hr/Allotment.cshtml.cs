using System.Globalization;
using Booking.Data.Allotments;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Hr;

/// <summary>The arithmetic by which a run's seats were shared among the departments.</summary>
/// <param name="allotments">The arithmetic as it was written when the seats were shared.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class AllotmentModel(AllotmentRepository allotments) : PageModel
{
    /// <summary>The run and its rounds.</summary>
    public RunArithmetic Run { get; private set; } = null!;

    /// <summary>Shows the arithmetic, also of a draft (which has none yet).</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancellationToken)
    {
        var run = await allotments.FindArithmeticAsync(code, cancellationToken);
        if (run is null)
        {
            return NotFound();
        }

        Run = run;
        return Page();
    }

    /// <summary>A fraction of seats with three decimals.</summary>
    /// <param name="seats">The fraction.</param>
    public static string Decimals(Fraction seats) => seats.Round(3).ToString("0.000", CultureInfo.CurrentCulture);

    /// <summary>A carry with its sign: plus is owed to the department, minus is what it is ahead.</summary>
    /// <param name="carry">The fraction.</param>
    public static string WithSign(Fraction carry) => carry.Round(3).ToString("+0.000;−0.000;0.000", CultureInfo.CurrentCulture);
}
