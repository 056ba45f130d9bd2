using Booking.Data.Bookings;
using Booking.Data.People;
using Booking.Data.Runs;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.SignUps;

/// <summary>An external person whose mail is lost has the link sent again, also when the run is full. Says the same to everybody.</summary>
/// <param name="runs">The run.</param>
/// <param name="sendLinkAgain">Sends the link, if there is one.</param>
/// <param name="localizer">The reader's language.</param>
[AllowAnonymous]
public sealed class LinkModel(RunRepository runs, SendLinkAgain sendLinkAgain, IStringLocalizer<Strings> localizer) : PageModel
{
    /// <summary>The run.</summary>
    public RunForBooking Run { get; private set; } = null!;

    /// <summary>The address that was typed.</summary>
    [BindProperty]
    public string? Email { get; set; }

    /// <summary>Whether an address was typed that a mail can go to; not whether one went.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Asks for the address.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancellationToken) =>
        await LoadAsync(code, cancellationToken) ? Page() : NotFound();

    /// <summary>Sends the link, or does nothing; the answer is the same.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string code, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(code, cancellationToken))
        {
            return NotFound();
        }

        if (EmailAddress.Parse(Email) is not { } address)
        {
            ModelState.AddModelError(nameof(Email), localizer[string.IsNullOrWhiteSpace(Email) ? "SignUp.EmailMissing" : "SignUp.EmailInvalid"]);
            return Page();
        }

        await sendLinkAgain.RunAsync(new LinkRequest(Run.RunId, address), cancellationToken);
        IsSent = true;
        return Page();
    }

    private async Task<bool> LoadAsync(string code, CancellationToken cancellationToken)
    {
        var run = await runs.FindForBookingAsync(code, cancellationToken);
        Run = run!;
        return run is { IsCrossSector: true };
    }
}

/// <summary>The small form that asks for an address to send the link to.</summary>
/// <param name="RunCode">The run.</param>
/// <param name="Email">What stands in the box.</param>
public sealed record LinkForm(string RunCode, string? Email);
