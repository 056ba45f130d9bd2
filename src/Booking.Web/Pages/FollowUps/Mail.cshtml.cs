using Booking.Data.Bookings;
using Booking.Data.FollowUps;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.FollowUps;

/// <summary>
/// Turns one kind of mail after courses off, or on again, by the link in such a mail. Opening it changes nothing. Mail programs
/// post here themselves (RFC 8058, one click), so no antiforgery token is asked for: the secret in the address is what a stranger
/// lacks, and no cookie is looked at.
/// </summary>
/// <param name="mail">What the link is about.</param>
/// <param name="change">Turns it off or on.</param>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
public sealed class MailModel(FollowUpMailRepository mail, ChangeFollowUpMail change) : PageModel
{
    /// <summary>The secret of the link.</summary>
    [FromRoute]
    public string Token { get; set; } = "";

    /// <summary>What kind of mail it is; null when there is no such link.</summary>
    public FollowUpMailChoice? Choice { get; private set; }

    /// <summary>Whether it was changed just before this page was shown.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Shows what is chosen.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Choice = await mail.FindChoiceAsync(LinkToken.Hash(Token), cancellationToken);

    /// <summary>Turns it off or on; anything else shows what is chosen.</summary>
    /// <param name="choice"><c>off</c> or <c>on</c>, by the page's own button.</param>
    /// <param name="oneClick">What a mail program posts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task OnPostAsync(
        [FromForm] string? choice, [FromForm(Name = "List-Unsubscribe")] string? oneClick, CancellationToken cancellationToken)
    {
        var isOff = choice == "off" || oneClick == "One-Click";
        IsChanged = (isOff || choice == "on") && await change.RunAsync(Token, !isOff, cancellationToken);
        Choice = await mail.FindChoiceAsync(LinkToken.Hash(Token), cancellationToken);
    }
}
