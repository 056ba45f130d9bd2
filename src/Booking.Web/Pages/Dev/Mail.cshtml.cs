using Booking.Jobs.Mail;
using Booking.Web.Mail;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Dev;

/// <summary>The mails that were written to files instead of sent, as a mail client would show them. Development only.</summary>
[AllowAnonymous]
[ContentPolicy(ContentPolicy.Framing)]
public sealed class MailModel(MailFolder folder, IHostEnvironment environment) : PageModel
{
    private const int Longest = 200;

    /// <summary>The newest mails, when none is asked for.</summary>
    public IReadOnlyList<WrittenMail> Mails { get; private set; } = [];

    /// <summary>The mail asked for.</summary>
    public WrittenMail? Shown { get; private set; }

    /// <summary>Lists the mails, or shows one.</summary>
    /// <param name="name">The file's name.</param>
    public IActionResult OnGet(string? name)
    {
        if (!environment.IsDevelopment())
        {
            return NotFound();
        }

        if (name is null)
        {
            Mails = [.. folder.List().Take(Longest).Select(file => WrittenMail.Find(folder, file)).OfType<WrittenMail>()];
            return Page();
        }

        Shown = WrittenMail.Find(folder, name);
        return Shown is null ? NotFound() : Page();
    }
}
