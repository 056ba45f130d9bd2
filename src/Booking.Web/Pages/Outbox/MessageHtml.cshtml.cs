using Booking.Data.Outbox;
using Booking.Web.Mail;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Outbox;

/// <summary>The HTML part of one mail of the queue, for the frame of <see cref="MessageModel"/>.</summary>
/// <param name="outbox">The queue.</param>
[Authorize(Policy = Policies.Administrator)]
[ContentPolicy(ContentPolicy.FramedMail)]
public sealed class MessageHtmlModel(OutboxListRepository outbox) : PageModel
{
    /// <summary>Gives the mail's HTML without its personal links' secrets; the answer's content policy keeps it from doing anything.</summary>
    /// <param name="id">The mail's number.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(long id, CancellationToken cancellationToken) =>
        await outbox.FindAsync(id, cancellationToken) is { Message: { } bytes }
            ? Content(WrittenMail.Read($"{id}", bytes).WithoutTokens().Html, "text/html; charset=utf-8")
            : NotFound();
}
