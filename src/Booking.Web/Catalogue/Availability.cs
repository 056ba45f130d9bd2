using Booking.Data.Catalogue;
using Booking.Web.Localisation;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Catalogue;

/// <summary>What the partial view <c>_Availability</c> shows: one run's word for one viewer.</summary>
/// <param name="Run">The run.</param>
/// <param name="Viewer">Who looks.</param>
/// <param name="Now">The time.</param>
public sealed record Availability(CatalogueRun Run, SeatViewer Viewer, DateTimeOffset Now)
{
    /// <summary>The word.</summary>
    public RunAvailability Word => RunAvailabilityRules.For(Run, Viewer, Now);

    /// <summary>The design system's class for the word's badge.</summary>
    public string Look => Word switch
    {
        RunAvailability.SeatsLeft => "badge-success",
        RunAvailability.FewSeats => "badge-warning",
        RunAvailability.NotYetOpen => "badge-info",
        RunAvailability.Cancelled => "badge-error",
        RunAvailability.Started or RunAvailability.Closed or RunAvailability.NotForViewer or RunAvailability.Full => "badge-quiet",
    };

    /// <summary>The word as it stands on the screen.</summary>
    /// <param name="texts">The screen's texts.</param>
    public string Text(IStringLocalizer<Strings> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var free = Run.FreeFor(Viewer);
        return Word switch
        {
            RunAvailability.SeatsLeft => texts["Availability.SeatsLeft", free],
            RunAvailability.FewSeats when free == 1 => texts["Availability.OneSeat"],
            RunAvailability.FewSeats => texts["Availability.FewSeats", free],
            RunAvailability.NotYetOpen => texts["Availability.NotYetOpen", DisplayFormat.Current.Date(Run.SignUpOpensAt, Run.TimeZone)],
            RunAvailability.Cancelled => texts["Availability.Cancelled"],
            RunAvailability.Started => texts["Availability.Started"],
            RunAvailability.Closed => texts["Availability.Closed"],
            RunAvailability.NotForViewer => texts["Availability.NotForViewer"],
            RunAvailability.Full => texts["Availability.Full"],
        };
    }
}
