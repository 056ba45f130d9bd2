using Booking.Jobs.Mail;
using Booking.Web.Mail;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Dev;

/// <summary>The HTML part of one written mail, for the frame of <see cref="MailModel"/>. Development only.</summary>
[AllowAnonymous]
[ContentPolicy(ContentPolicy.FramedMail)]
public sealed class MailHtmlModel(MailFolder folder, IHostEnvironment environment) : PageModel
{
    /// <summary>Gives the mail's HTML as it is; the answer's content policy keeps it from doing anything.</summary>
    /// <param name="name">The file's name.</param>
    public IActionResult OnGet(string name) =>
        environment.IsDevelopment() && WrittenMail.Find(folder, name) is { } mail
            ? Content(mail.Html, "text/html; charset=utf-8")
            : NotFound();
}
