using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.SignUps;

/// <summary>Asks the external person to look in the mailbox. Says the same to everybody.</summary>
[AllowAnonymous]
public sealed class SentModel : PageModel
{
    /// <summary>Whether the form asked to wait.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Waiting { get; set; }
}
