using Booking.Data.Bookings;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Approvals;

/// <summary>Where a leader's link leads. Opening it changes nothing: mail scanners open every link; the buttons answer.</summary>
/// <param name="approvals">Finds the question.</param>
/// <param name="decide">Takes the answer.</param>
/// <param name="clock">Now.</param>
[AllowAnonymous]
public sealed class IndexModel(ApprovalRepository approvals, DecideApproval decide, TimeProvider clock) : PageModel
{
    /// <summary>The question; null when there is no such link.</summary>
    public ApprovalView? Approval { get; private set; }

    /// <summary>What the page says: what the button did, or why there is nothing to answer; null while there is.</summary>
    public ApprovalOutcome? Outcome { get; private set; }

    /// <summary>Shows the question, or what became of it.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(string token, CancellationToken cancellationToken)
    {
        await LoadAsync(token, cancellationToken);
        Outcome = Approval switch
        {
            null => ApprovalOutcome.NotFound,
            { Status: "void" } => ApprovalOutcome.NotNeeded,
            { Status: "expired" } => ApprovalOutcome.Expired,
            { Status: "pending" } when Approval.ExpiresAt > clock.GetUtcNow() => null,
            { Status: "pending" } => ApprovalOutcome.Expired,
            _ => ApprovalOutcome.AlreadyDecided,
        };
    }

    /// <summary>Answers; anything but a yes or a no asks again.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="answer"><c>yes</c> or <c>no</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string token, [FromForm] string? answer, CancellationToken cancellationToken)
    {
        if (answer is not ("yes" or "no"))
        {
            // Written out: a route made by name is put into lower case, and the token with it.
            return LocalRedirect($"/approvals/{Uri.EscapeDataString(token)}");
        }

        Outcome = await decide.RunAsync(token, answer == "yes", cancellationToken);
        await LoadAsync(token, cancellationToken);
        return Page();
    }

    private async Task LoadAsync(string token, CancellationToken cancellationToken) =>
        Approval = await approvals.FindViewAsync(LinkToken.Hash(token), cancellationToken);
}
