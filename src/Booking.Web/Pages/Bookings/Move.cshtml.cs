using System.Globalization;
using Booking.Data.Bookings;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Pages.Bookings;

/// <summary>A person goes to another run of the same course: for the department's secretary and HR.</summary>
/// <param name="bookings">The booking.</param>
/// <param name="targets">The other runs.</param>
/// <param name="moveBooking">Moves the person.</param>
/// <param name="clock">Now.</param>
/// <param name="localizer">The reader's language.</param>
[Authorize]
public sealed class MoveModel(
    BookingListRepository bookings, MoveTargetRepository targets, MoveBooking moveBooking, TimeProvider clock,
    IStringLocalizer<Strings> localizer) : PageModel
{
    /// <summary>The booking.</summary>
    public BookingView Booking { get; private set; } = null!;

    /// <summary>The other runs, the next first.</summary>
    public IReadOnlyList<MoveTargetView> Targets { get; private set; } = [];

    /// <summary>The code of the run that is chosen.</summary>
    [BindProperty(Name = "run")]
    public string? Run { get; set; }

    /// <summary>What became of the wish; null before it was made.</summary>
    public MoveResult? Result { get; private set; }

    /// <summary>Whether the old run's cancellation deadline has passed.</summary>
    public bool IsLate => clock.GetUtcNow() >= Booking.CancellationDeadlineAt;

    /// <summary>Whether the person can still be moved.</summary>
    public bool CanChange => Booking is { Status: "held" or "booked", PersonName.Length: > 0 } && clock.GetUtcNow() < Booking.StartsAt;

    /// <summary>Whether the reader can put the person on a waiting list.</summary>
    public bool IsSecretary => Booking.DepartmentId is { } department && Person.DepartmentIds.Contains(department);

    private SignedInPerson Person => SignedInPerson.From(User)!;

    // The participant's own booking is the department's to move: another run may cost the department another seat.
    private BookingScope Scope => Person.Has(Roles.Hr) ? BookingScope.All : BookingScope.Of(null, Person.DepartmentIds);

    /// <summary>The waiting list of a full run: the secretary's page to join it, or HR's to look at it.</summary>
    /// <param name="code">The run's code.</param>
    public string WaitingListOf(string code) => IsSecretary
        ? string.Create(CultureInfo.InvariantCulture, $"/runs/{Uri.EscapeDataString(code)}/waiting-list?department={Booking.DepartmentId}")
        : $"/hr/runs/{Uri.EscapeDataString(code)}/waiting-list";

    /// <summary>Shows the booking and the other runs.</summary>
    /// <param name="reference">The booking.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IActionResult> OnGetAsync(Guid reference, CancellationToken cancellationToken) =>
        await LoadAsync(reference, cancellationToken) ? Page() : NotFound();

    /// <summary>Moves the person.</summary>
    /// <param name="reference">The booking.</param>
    /// <param name="acceptsLate">Whether the reader was told that the deadline has passed.</param>
    /// <param name="acceptsOverlap">Whether the reader was told of another course at that time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(Guid reference, bool acceptsLate, bool acceptsOverlap, CancellationToken cancellationToken)
    {
        var role = Person.Has(Roles.Hr) ? Roles.Hr : Roles.Secretary;
        if (!Person.Has(role))
        {
            return NotFound();
        }

        if (string.IsNullOrWhiteSpace(Run))
        {
            ModelState.AddModelError("run", localizer["Move.RunMissing"]);
        }
        else
        {
            Result = await moveBooking.RunAsync(
                new MoveRequest(reference, Run, Scope, Person.ToActor(role), acceptsLate, acceptsOverlap), cancellationToken);
        }

        return Result?.Outcome is not MoveOutcome.NotFound && await LoadAsync(reference, cancellationToken) ? Page() : NotFound();
    }

    private async Task<bool> LoadAsync(Guid reference, CancellationToken cancellationToken)
    {
        var booking = await bookings.FindAsync(reference, Scope, cancellationToken);
        Booking = booking!;
        if (booking is null)
        {
            return false;
        }

        Targets = await targets.ListAsync(reference, Scope, clock.GetUtcNow(), cancellationToken);
        return true;
    }
}
