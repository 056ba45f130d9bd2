using Booking.Data.Catalogue;
using Booking.Data.Runs;
using Booking.Web.Catalogue;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.OutputCaching;

namespace Booking.Web.Pages.Runs;

/// <summary>One run: its sessions, its place, its deadlines, the viewer's seats and what the viewer can do.</summary>
/// <param name="reader">Reads the run.</param>
/// <param name="courses">Reads the online link, which is never cached.</param>
/// <param name="clock">Decides what the run is now.</param>
[AllowAnonymous]
[OutputCache(PolicyName = WebServices.CataloguePolicy)]
public sealed class RunModel(CatalogueReader reader, CourseRepository courses, TimeProvider clock) : PageModel
{
    /// <summary>The run.</summary>
    public RunDetails Details { get; private set; } = null!;

    /// <summary>The signed-in person, or null for a stranger.</summary>
    public SignedInPerson? Person { get; private set; }

    /// <summary>Whose seats are counted.</summary>
    public SeatViewer Viewer { get; private set; } = SeatViewer.Stranger;

    /// <summary>Where to take part online, for those who may know.</summary>
    public string? OnlineLink { get; private set; }

    /// <summary>The time of the answer.</summary>
    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    /// <summary>The run's word for the viewer.</summary>
    public Availability Availability => new(Details.Run, Viewer, Now);

    /// <summary>Whether the viewer is a secretary who can reserve now.</summary>
    public bool CanReserve => Person?.Has(Roles.Secretary) == true && Availability.Word.IsBookable();

    /// <summary>Whether the viewer is a secretary who finds no seat but can let somebody wait for one.</summary>
    public bool CanWait => Person?.Has(Roles.Secretary) == true && Availability.Word is RunAvailability.Full;

    /// <summary>Whether the viewer is somebody from outside who can sign up now.</summary>
    public bool CanSignUp => Person is null && Details.Run.IsCrossSector && Availability.Word.IsBookable();

    /// <summary>Whether the viewer may be somebody from outside who wants to wait, or holds one of the seats that filled the run.</summary>
    public bool CanAskForLink => Person is null && Details.Run.IsCrossSector && Availability.Word is RunAvailability.Full;

    /// <summary>Whether the run is held, so that its days can be put into a calendar.</summary>
    public bool HasCalendar => Details.Run.Status != RunStatuses.Cancelled && Details.Sessions.Count > 0;

    /// <summary>The place on a map, or null when it has none.</summary>
    public string? MapUrl => Details is { Latitude: { } latitude, Longitude: { } longitude }
        ? string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"https://www.openstreetmap.org/?mlat={latitude:0.#####}&mlon={longitude:0.#####}#map=16/{latitude:0.#####}/{longitude:0.#####}")
        : null;

    /// <summary>Shows the run, or 404.</summary>
    /// <param name="code">The run's code.</param>
    /// <param name="cancellationToken">Stops the read of the link.</param>
    public async Task<IActionResult> OnGetAsync(string code, CancellationToken cancellationToken)
    {
        Person = SignedInPerson.From(User);
        Viewer = SignedInPerson.SeatsOf(Person);
        if (await reader.FindRunAsync(CatalogueQuery.CleanCode(code), Viewer) is not { } run)
        {
            return NotFound();
        }

        Details = run;
        if (Person is { } person)
        {
            OnlineLink = await courses.FindOnlineLinkAsync(
                run.Run.RunId, person.PersonId, person.Email, person.Has(Roles.Hr), cancellationToken);
        }

        return Page();
    }
}
