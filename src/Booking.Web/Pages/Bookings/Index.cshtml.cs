using Booking.Data.Bookings;
using Booking.Data.Feeds;
using Booking.Data.Site;
using Booking.Data.WaitingLists;
using Booking.Jobs.Mail;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace Booking.Web.Pages.Bookings;

/// <summary>The signed-in employee's own courses, the waiting lists that the employee is on, and the links by which other calendars show the courses.</summary>
/// <param name="bookings">The bookings.</param>
/// <param name="places">The places on waiting lists.</param>
/// <param name="links">The links.</param>
/// <param name="make">Makes one.</param>
/// <param name="revoke">Closes one.</param>
/// <param name="address">Where the site is.</param>
/// <param name="site">Its time zone.</param>
/// <param name="clock">Now.</param>
[Authorize(Policy = Policies.Participant)]
public sealed class IndexModel(
    BookingListRepository bookings, WaitingPlaceRepository places, FeedLinkRepository links, MakeFeedLink make, RevokeFeedLink revoke,
    SiteAddress address, IOptions<SiteOptions> site, TimeProvider clock) : PageModel
{
    /// <summary>Own bookings, the next first.</summary>
    public IReadOnlyList<BookingView> Bookings { get; private set; } = [];

    /// <summary>Own places on waiting lists, the next run first; among them offers that wait for an answer.</summary>
    public IReadOnlyList<WaitingPlace> Waiting { get; private set; } = [];

    /// <summary>When the page was asked for.</summary>
    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    /// <summary>Links to the own calendar that work.</summary>
    public IReadOnlyList<FeedLink> Links { get; private set; } = [];

    /// <summary>The address of the link that was just made.</summary>
    public string? MadeAddress { get; private set; }

    /// <summary>Whether a link was just closed.</summary>
    public bool IsRevoked { get; private set; }

    /// <summary>The zone in which links were made.</summary>
    public string TimeZone => site.Value.TimeZone;

    private SignedInPerson Person => SignedInPerson.From(User)!;

    /// <summary>Shows the list.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public Task OnGetAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    /// <summary>Makes a link to the own calendar and shows it, this once.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostMakeAsync(CancellationToken cancellationToken)
    {
        if (Person.PersonId is not { } personId)
        {
            return NotFound();
        }

        var token = await make.RunAsync(FeedOwner.OfPerson(personId), Person.ToActor(Roles.Participant), cancellationToken);
        MadeAddress = address.Of($"/calendar/{token}.ics");
        await LoadAsync(cancellationToken);
        return Page();
    }

    /// <summary>Closes a link.</summary>
    /// <param name="link">Which one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostRevokeAsync(string? link, CancellationToken cancellationToken)
    {
        if (Person.PersonId is not { } personId
            || !await revoke.RunAsync(link ?? "", [FeedOwner.OfPerson(personId)], Person.ToActor(Roles.Participant), cancellationToken))
        {
            return NotFound();
        }

        IsRevoked = true;
        await LoadAsync(cancellationToken);
        return Page();
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (Person.PersonId is { } personId)
        {
            Bookings = await bookings.ListForPersonAsync(personId, Now, cancellationToken);
            Waiting = await places.ListLiveAsync(EntryScope.Of(personId, []), runId: null, cancellationToken);
            Links = await links.ListAsync([FeedOwner.OfPerson(personId)], Now, cancellationToken);
        }
    }
}
