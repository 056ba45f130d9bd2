using System.Globalization;
using Booking.Data.Audit;
using Booking.Web.Audit;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Audit;

/// <summary>What happened to one run, newest first, in words.</summary>
/// <param name="trail">The audit trail.</param>
/// <param name="words">Its entries in words.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class RunModel(AuditListRepository trail, AuditWords words) : PageModel
{
    private const int PageSize = 50;

    /// <summary>The run.</summary>
    public AuditedRun Run { get; private set; } = null!;

    /// <summary>The entries of this page.</summary>
    public IReadOnlyList<AuditLine> Lines { get; private set; } = [];

    /// <summary>The entries in words.</summary>
    public AuditWords Words => words;

    /// <summary>Where this page begins; null for the newest.</summary>
    public long? Before { get; private set; }

    /// <summary>Where the next page begins; null on the last.</summary>
    public long? OlderThan { get; private set; }

    /// <summary>Shows a page of the trail.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="before">Only entries older than this one.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, string? before, CancellationToken cancellationToken)
    {
        if (code.Any(char.IsControl) || await trail.FindRunAsync(code, cancellationToken) is not { } run)
        {
            return NotFound();
        }

        Run = run;
        Before = long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        // One more than shown: it tells whether there is an older page.
        var lines = await trail.ListByRunAsync(run.RunId, Before, PageSize + 1, cancellationToken);
        Lines = [.. lines.Take(PageSize)];
        OlderThan = lines.Count > PageSize ? Lines[^1].AuditId : null;
        return Page();
    }
}
