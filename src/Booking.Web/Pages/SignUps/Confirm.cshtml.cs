using Booking.Data.Bookings;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.SignUps;

/// <summary>Where the link in the mail leads. Opening it changes nothing: mail scanners open every link; the button confirms.</summary>
/// <param name="signUps">Finds the sign-up.</param>
/// <param name="confirmSignUp">Confirms it.</param>
/// <param name="clock">Now.</param>
[AllowAnonymous]
public sealed class ConfirmModel(SignUpRepository signUps, ConfirmSignUp confirmSignUp, TimeProvider clock) : PageModel
{
    /// <summary>The sign-up; null when there is no such link.</summary>
    public SignUpView? SignUp { get; private set; }

    /// <summary>What the page says: what the button did, or what it would do.</summary>
    public ConfirmOutcome? Outcome { get; private set; }

    /// <summary>The other courses at that time, when the person has to say that both are wanted.</summary>
    public IReadOnlyList<Overlap> Overlaps { get; private set; } = [];

    /// <summary>Shows what is to be confirmed, or that it is too late.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(string token, CancellationToken cancellationToken)
    {
        await LoadAsync(token, cancellationToken);
        Outcome = SignUp switch
        {
            null => ConfirmOutcome.UnknownLink,
            { Status: "confirmed" } => ConfirmOutcome.AlreadyConfirmed,
            { Status: "pending" } when SignUp.ExpiresAt > clock.GetUtcNow() => null,
            _ => ConfirmOutcome.Expired,
        };
    }

    /// <summary>Confirms.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="acceptsOverlap">Whether the reader was told of the other course at that time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string token, bool acceptsOverlap, CancellationToken cancellationToken)
    {
        var result = await confirmSignUp.RunAsync(new ConfirmRequest(token, acceptsOverlap), cancellationToken);
        Outcome = result.Outcome;
        Overlaps = result.Overlaps;
        await LoadAsync(token, cancellationToken);
        return Page();
    }

    private async Task LoadAsync(string token, CancellationToken cancellationToken) =>
        SignUp = await signUps.FindByTokenAsync(LinkToken.Hash(token), cancellationToken);
}
