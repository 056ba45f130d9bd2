using Booking.Data.Bookings;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.Bookings;

/// <summary>The live bookings of a secretary's departments, by run.</summary>
/// <param name="bookings">The bookings.</param>
/// <param name="clock">Now.</param>
[Authorize(Policy = Policies.Secretary)]
public sealed class DepartmentModel(BookingListRepository bookings, TimeProvider clock) : PageModel
{
    /// <summary>Bookings on runs that are not over.</summary>
    public IReadOnlyList<BookingView> Bookings { get; private set; } = [];

    /// <summary>When the page was asked for.</summary>
    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    /// <summary>Shows the list.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Bookings = await bookings.ListForDepartmentsAsync(SignedInPerson.From(User)!.DepartmentIds, null, Now, cancellationToken);
}
