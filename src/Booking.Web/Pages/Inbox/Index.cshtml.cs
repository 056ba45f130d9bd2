using Booking.Data.Inbox;
using Booking.Jobs.Mail;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace Booking.Web.Pages.Inbox;

/// <summary>Delivery reports and calendar replies that came back and could not be used.</summary>
/// <param name="inbox">The mails.</param>
/// <param name="mail">Whether a mailbox is read.</param>
[Authorize(Policy = Policies.Administrator)]
public sealed class IndexModel(InboxRepository inbox, IOptions<MailOptions> mail) : PageModel
{
    /// <summary>The mails, the newest first.</summary>
    public IReadOnlyList<SetAsideMail> Mails { get; private set; } = [];

    /// <summary>Whether a mailbox is read.</summary>
    public bool IsRead => mail.Value.Inbox.IsRead;

    /// <summary>Shows them.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Mails = await inbox.ListSetAsideAsync(cancellationToken);
}
