using Booking.Data.Audit;
using Booking.Data.Bookings;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Bookings;

/// <summary>The participant passes the seat on, by the personal link in a mail. Opening the link changes nothing.</summary>
/// <param name="links">Finds the booking behind the link.</param>
/// <param name="bookings">The booking.</param>
/// <param name="substitutePerson">Puts the other person on the seat.</param>
/// <param name="clock">Now.</param>
/// <param name="localizer">The reader's language.</param>
[AllowAnonymous]
public sealed class ManageSubstituteModel(
    SignUpRepository links, BookingListRepository bookings, SubstitutePerson substitutePerson, TimeProvider clock,
    IStringLocalizer<Strings> localizer) : PageModel
{
    private static readonly Actor LinkHolder = new() { Name = "personal link", Role = ActorRoles.External };

    /// <summary>The booking; null when the link is not good any more.</summary>
    public BookingView? Booking { get; private set; }

    /// <summary>What is typed.</summary>
    [BindProperty]
    public SubstituteForm Form { get; set; } = new();

    /// <summary>What became of the wish; null before it was made.</summary>
    public SubstituteResult? Result { get; private set; }

    /// <summary>Whether somebody else can be named now.</summary>
    public bool CanChange => Booking is { Status: "held" or "booked" } && clock.GetUtcNow() < Booking.StartsAt;

    /// <summary>How the substitute is named.</summary>
    public SubstituteKind Kind => Booking?.DepartmentId is null ? SubstituteKind.External : SubstituteKind.Colleague;

    /// <summary>Shows the booking.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(string token, CancellationToken cancellationToken) =>
        await LoadAsync(await FindAsync(token, cancellationToken), cancellationToken);

    /// <summary>Puts somebody else on the seat.</summary>
    /// <param name="token">The secret of the link.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string token, CancellationToken cancellationToken)
    {
        var linked = await FindAsync(token, cancellationToken);
        await LoadAsync(linked, cancellationToken);
        if (linked is not null && Form.Read(Kind, ModelState, localizer) is { } substitute)
        {
            Result = await substitutePerson.RunAsync(
                new SubstituteRequest(linked.Reference, BookingScope.OfLink(linked.BookingId), LinkHolder, substitute), cancellationToken);
            await LoadAsync(linked, cancellationToken);
        }

        return Page();
    }

    private Task<LinkedBooking?> FindAsync(string token, CancellationToken cancellationToken) =>
        links.FindBookingByTokenAsync(LinkToken.Hash(token), clock.GetUtcNow(), cancellationToken);

    private async Task LoadAsync(LinkedBooking? linked, CancellationToken cancellationToken) =>
        Booking = linked is null
            ? null
            : await bookings.FindAsync(linked.Reference, BookingScope.OfLink(linked.BookingId), cancellationToken);
}
