using System.Diagnostics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Errors;

/// <summary>What people see instead of a bare status code. It asks the database for nothing.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class IndexModel : PageModel
{
    /// <summary>Which of the texts is shown: 400, 403, 404 or 500.</summary>
    public int Shown { get; private set; }

    /// <summary>Finds the failed request in the logs.</summary>
    public string Reference => Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;

    /// <summary>Chooses the text; the status code of the answer stays what it was.</summary>
    /// <param name="code">The status code.</param>
    public void OnGet(int code) => Show(code);

    /// <summary>The same, for a form whose answer was an error.</summary>
    /// <param name="code">The status code.</param>
    public void OnPost(int code) => Show(code);

    private void Show(int code)
    {
        Shown = code switch
        {
            400 or 403 or 404 => code,
            >= 500 => 500,
            >= 401 and < 500 => 400,
            _ => 404,
        };
        if (Response.StatusCode == StatusCodes.Status200OK)
        {
            // Somebody typed the address of this page.
            Response.StatusCode = code is >= 400 and <= 599 ? code : StatusCodes.Status404NotFound;
        }
    }
}
