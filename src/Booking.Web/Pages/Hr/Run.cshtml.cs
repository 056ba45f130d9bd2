using Booking.Data.Runs;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Hr;

/// <summary>What HR did to the run just now; the page says so.</summary>
public enum HrRunDone
{
    /// <summary>It has more seats.</summary>
    Raised,

    /// <summary>It has fewer seats.</summary>
    Lowered,

    /// <summary>It is cancelled.</summary>
    Cancelled,

    /// <summary>It is moved.</summary>
    Moved,

    /// <summary>It goes ahead below its minimum.</summary>
    GoesAhead,

    /// <summary>Leaders are asked from now on, or not any more.</summary>
    ApprovalChanged,
}

/// <summary>HR's page of one run: who has its seats, and what can be decided about it.</summary>
/// <param name="runs">The run.</param>
/// <param name="keepRun">The decision that it goes ahead.</param>
/// <param name="askForApproval">The rule about the leader's yes.</param>
/// <param name="clock">Now.</param>
[Authorize(Policy = Policies.Hr)]
public sealed class RunModel(HrRunRepository runs, KeepRun keepRun, AskForApproval askForApproval, TimeProvider clock) : PageModel
{
    /// <summary>The run.</summary>
    public HrRun Run { get; private set; } = null!;

    /// <summary>What was done just now; null when nothing was.</summary>
    public HrRunDone? Done { get; private set; }

    /// <summary>Whether it can be changed.</summary>
    public bool IsOpen => Run.IsOpen(clock.GetUtcNow());

    /// <summary>Whether HR must say what becomes of it.</summary>
    public bool AwaitsDecision => Run.AwaitsDecision(clock.GetUtcNow());

    /// <summary>Where a run's page is, saying what was done.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="done">What was done.</param>
    public static string AddressOf(string code, HrRunDone done) => $"/hr/runs/{Uri.EscapeDataString(code)}?done={done}";

    /// <summary>Shows the run.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="done">What was done just now.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, string? done, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(code, cancellationToken) is not { } run)
        {
            return NotFound();
        }

        Run = run;
        Done = Enum.TryParse<HrRunDone>(done, out var known) && Enum.IsDefined(known) ? known : null;
        return Page();
    }

    /// <summary>The run goes ahead below its minimum.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostGoesAheadAsync(string code, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(code, cancellationToken) is not { } run)
        {
            return NotFound();
        }

        var actor = SignedInPerson.From(User)!.ToActor(Roles.Hr);
        return await keepRun.RunAsync(run.RunId, actor, cancellationToken) switch
        {
            KeepRunOutcome.GoesAhead => Redirect(AddressOf(run.RunCode, HrRunDone.GoesAhead)),
            // Somebody else decided, or it has started: the page says how it is.
            KeepRunOutcome.NothingToDecide => Redirect($"/hr/runs/{Uri.EscapeDataString(run.RunCode)}"),
        };
    }

    /// <summary>Leaders are asked for their yes from now on, or not any more.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="isAsked">Whether they are asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostApprovalAsync(string code, [FromForm] bool isAsked, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(code, cancellationToken) is not { } run)
        {
            return NotFound();
        }

        var isChanged = await askForApproval.RunAsync(
            run.RunId, isAsked, SignedInPerson.From(User)!.ToActor(Roles.Hr), cancellationToken);
        return Redirect(isChanged
            ? AddressOf(run.RunCode, HrRunDone.ApprovalChanged)
            : $"/hr/runs/{Uri.EscapeDataString(run.RunCode)}");
    }
}
