using Booking.Data.Bookings;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Bookings;

/// <summary>Somebody else takes a seat over: for the department's secretary, HR, or the participant.</summary>
/// <param name="bookings">The booking.</param>
/// <param name="substitutePerson">Puts the other person on the seat.</param>
/// <param name="clock">Now.</param>
/// <param name="localizer">The reader's language.</param>
[Authorize]
public sealed class SubstituteModel(
    BookingListRepository bookings, SubstitutePerson substitutePerson, TimeProvider clock, IStringLocalizer<Strings> localizer) : PageModel
{
    /// <summary>The booking.</summary>
    public BookingView Booking { get; private set; } = null!;

    /// <summary>What is typed.</summary>
    [BindProperty]
    public SubstituteForm Form { get; set; } = new();

    /// <summary>What became of the wish; null before it was made.</summary>
    public SubstituteResult? Result { get; private set; }

    /// <summary>Whether somebody else can be named now.</summary>
    public bool CanChange => Booking is { Status: "held" or "booked", PersonName.Length: > 0 } && clock.GetUtcNow() < Booking.StartsAt;

    /// <summary>How the substitute is named.</summary>
    public SubstituteKind Kind => Booking.DepartmentId is not { } department ? SubstituteKind.External
        : Person.Has(Roles.Hr) || Person.DepartmentIds.Contains(department) ? SubstituteKind.Employee
        : SubstituteKind.Colleague;

    private SignedInPerson Person => SignedInPerson.From(User)!;

    private BookingScope Scope => Person.Has(Roles.Hr) ? BookingScope.All : BookingScope.Of(Person.PersonId, Person.DepartmentIds);

    /// <summary>Shows the booking.</summary>
    /// <param name="reference">The booking.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(Guid reference, CancellationToken cancellationToken) =>
        await LoadAsync(reference, cancellationToken) ? Page() : NotFound();

    /// <summary>Puts somebody else on the seat.</summary>
    /// <param name="reference">The booking.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(Guid reference, CancellationToken cancellationToken)
    {
        var role = Person.Has(Roles.Hr) ? Roles.Hr : Person.Has(Roles.Secretary) ? Roles.Secretary : Roles.Participant;
        if (!Person.Has(role) || !await LoadAsync(reference, cancellationToken))
        {
            return NotFound();
        }

        if (Form.Read(Kind, ModelState, localizer) is { } substitute)
        {
            Result = await substitutePerson.RunAsync(
                new SubstituteRequest(reference, Scope, Person.ToActor(role), substitute, Form.AcceptsOverlap), cancellationToken);
        }

        return await LoadAsync(reference, cancellationToken) ? Page() : NotFound();
    }

    private async Task<bool> LoadAsync(Guid reference, CancellationToken cancellationToken)
    {
        var booking = await bookings.FindAsync(reference, Scope, cancellationToken);
        Booking = booking!;
        return booking is not null;
    }
}
