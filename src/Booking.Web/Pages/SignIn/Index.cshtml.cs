using Booking.Data.People;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.SignIn;

/// <summary>The demonstration's sign-in: a list of people to be. Outside Development it only says that nothing is set up.</summary>
/// <param name="people">Who can sign in.</param>
/// <param name="environment">Development, or not.</param>
/// <param name="logger">Where sign-ins are noted, without names.</param>
[AllowAnonymous]
public sealed partial class IndexModel(SignInRepository people, IHostEnvironment environment, ILogger<IndexModel> logger) : PageModel
{
    private const int ShownPerRole = 6;

    /// <summary>Where to go afterwards: an address of this site.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>Whether this is the demonstration.</summary>
    public bool IsDemonstration => environment.IsDevelopment();

    /// <summary>The people offered.</summary>
    public IReadOnlyList<DemonstrationPerson> People { get; private set; } = [];

    /// <summary>Whether the address that was sent has no role.</summary>
    public bool IsUnknown { get; private set; }

    /// <summary>Shows the list.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        if (IsDemonstration)
        {
            People = await people.ListDemonstrationAsync(ShownPerRole, cancellationToken);
        }
    }

    /// <summary>Signs in as the chosen person.</summary>
    /// <param name="email">The person's address.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnPostAsync(string? email, CancellationToken cancellationToken)
    {
        if (!IsDemonstration)
        {
            return NotFound();
        }

        var profile = await people.GetAsync(email ?? "", cancellationToken);
        if (!profile.IsKnown)
        {
            IsUnknown = true;
            await OnGetAsync(cancellationToken);
            return Page();
        }

        await HttpContext.SignInAsync(SignedInPerson.ToPrincipal(profile));
        LogSignIn(profile.PersonId);
        // Whoever came from the bare front page wanted nothing in particular: the front page knows where each begins.
        return LocalRedirect(Url.IsLocalUrl(ReturnUrl) && ReturnUrl != "/courses" ? ReturnUrl : "/");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Demonstration sign-in of person {PersonId}")]
    private partial void LogSignIn(long? personId);
}
