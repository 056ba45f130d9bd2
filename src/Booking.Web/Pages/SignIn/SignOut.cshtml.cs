using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.SignIn;

/// <summary>Ends the session; only by POST, so that no link or picture can sign anybody out.</summary>
public sealed class SignOutModel : PageModel
{
    /// <summary>Removes the cookie and shows the catalogue.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        await HttpContext.SignOutAsync();
        return LocalRedirect("/");
    }
}
