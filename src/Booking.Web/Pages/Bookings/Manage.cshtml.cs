using Booking.Data.Audit;
using Booking.Data.Bookings;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Bookings;

/// <summary>The same for somebody without a sign-in, by the personal link in a mail. Opening the link changes nothing.</summary>
/// <param name="links">Finds the booking behind the link.</param>
/// <param name="bookings">The booking.</param>
/// <param name="cancelBooking">Ends it.</param>
/// <param name="clock">Now.</param>
[AllowAnonymous]
public sealed class ManageModel(
    SignUpRepository links, BookingListRepository bookings, CancelBooking cancelBooking, TimeProvider clock) : PageModel
{
    private static readonly Actor LinkHolder = new() { Name = "personal link", Role = ActorRoles.External };

    /// <summary>The booking; null when the link is not good any more.</summary>
    public BookingView? Booking { get; private set; }

    /// <summary>The secret of the link.</summary>
    [FromRoute]
    public string Token { get; set; } = "";

    /// <summary>What became of the wish to cancel; null before it was made.</summary>
    public CancelOutcome? Outcome { get; private set; }

    /// <summary>Whether the deadline has passed.</summary>
    public bool IsLate => clock.GetUtcNow() >= Booking?.CancellationDeadlineAt;

    /// <summary>Whether the first session has started.</summary>
    public bool IsOver => clock.GetUtcNow() >= Booking?.StartsAt;

    /// <summary>Shows the booking.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(string token, CancellationToken cancellationToken)
    {
        var linked = await links.FindBookingByTokenAsync(LinkToken.Hash(token), clock.GetUtcNow(), cancellationToken);
        await LoadAsync(linked, cancellationToken);
    }

    /// <summary>Cancels it.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="acceptsLate">Whether the reader was told that the deadline has passed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string token, bool acceptsLate, CancellationToken cancellationToken)
    {
        var linked = await links.FindBookingByTokenAsync(LinkToken.Hash(token), clock.GetUtcNow(), cancellationToken);
        if (linked is not null)
        {
            Outcome = await cancelBooking.RunAsync(
                new CancelRequest(linked.Reference, BookingScope.OfLink(linked.BookingId), LinkHolder, acceptsLate), cancellationToken);
        }

        await LoadAsync(linked, cancellationToken);
        return Page();
    }

    private async Task LoadAsync(LinkedBooking? linked, CancellationToken cancellationToken) =>
        Booking = linked is null
            ? null
            : await bookings.FindAsync(linked.Reference, BookingScope.OfLink(linked.BookingId), cancellationToken);
}
