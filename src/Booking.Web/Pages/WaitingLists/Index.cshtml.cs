using Booking.Data.WaitingLists;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Booking.Web.Pages.WaitingLists;

/// <summary>Everybody of a secretary's departments who waits for a seat, by run.</summary>
/// <param name="places">Who waits.</param>
[Authorize(Policy = Policies.Secretary)]
public sealed class IndexModel(WaitingPlaceRepository places) : PageModel
{
    /// <summary>Who waits or has an offer, by run and in the order of the list.</summary>
    public IReadOnlyList<WaitingPlace> Places { get; private set; } = [];

    /// <summary>Whether the secretary cares for several departments.</summary>
    public bool WithDepartment => SignedInPerson.From(User)!.DepartmentIds.Count > 1;

    /// <summary>Shows the list.</summary>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Places = await places.ListLiveAsync(
        EntryScope.Of(null, SignedInPerson.From(User)!.DepartmentIds), runId: null, cancellationToken);
}
