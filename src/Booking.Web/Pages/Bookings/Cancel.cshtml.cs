using Booking.Data.Bookings;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Bookings;

/// <summary>One booking, and the way out of it: for the person, the department's secretary, or HR.</summary>
/// <param name="bookings">The booking.</param>
/// <param name="cancelBooking">Ends it.</param>
/// <param name="clock">Now.</param>
[Authorize]
public sealed class CancelModel(BookingListRepository bookings, CancelBooking cancelBooking, TimeProvider clock) : PageModel
{
    /// <summary>The booking.</summary>
    public BookingView Booking { get; private set; } = null!;

    /// <summary>What became of the wish to cancel; null before it was made.</summary>
    public CancelOutcome? Outcome { get; private set; }

    /// <summary>Whether the deadline has passed.</summary>
    public bool IsLate => clock.GetUtcNow() >= Booking.CancellationDeadlineAt;

    /// <summary>Whether the first session has started.</summary>
    public bool IsOver => clock.GetUtcNow() >= Booking.StartsAt;

    /// <summary>Whether the reader may move the person to another run.</summary>
    public bool CanMove =>
        Person.Has(Roles.Hr) || (Booking.DepartmentId is { } department && Person.DepartmentIds.Contains(department));

    private SignedInPerson Person => SignedInPerson.From(User)!;

    private BookingScope Scope => Person.Has(Roles.Hr) ? BookingScope.All : BookingScope.Of(Person.PersonId, Person.DepartmentIds);

    /// <summary>Shows the booking.</summary>
    /// <param name="reference">The booking.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(Guid reference, CancellationToken cancellationToken) =>
        await LoadAsync(reference, cancellationToken) ? Page() : NotFound();

    /// <summary>Cancels it.</summary>
    /// <param name="reference">The booking.</param>
    /// <param name="acceptsLate">Whether the reader was told that the deadline has passed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(Guid reference, bool acceptsLate, CancellationToken cancellationToken)
    {
        var role = Person.Has(Roles.Hr) ? Roles.Hr : Person.Has(Roles.Secretary) ? Roles.Secretary : Roles.Participant;
        if (!Person.Has(role))
        {
            return NotFound();
        }

        Outcome = await cancelBooking.RunAsync(
            new CancelRequest(reference, Scope, Person.ToActor(role), acceptsLate), cancellationToken);
        return Outcome is not CancelOutcome.NotFound && await LoadAsync(reference, cancellationToken) ? Page() : NotFound();
    }

    private async Task<bool> LoadAsync(Guid reference, CancellationToken cancellationToken)
    {
        var booking = await bookings.FindAsync(reference, Scope, cancellationToken);
        Booking = booking!;
        return booking is not null;
    }
}
