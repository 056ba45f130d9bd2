using Booking.Data.Catalogue;
using Booking.Web.Catalogue;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Options;

namespace Booking.Web.Pages.Courses;

/// <summary>One course: what one learns, who it is for, its runs and their seats.</summary>
/// <param name="reader">Reads the course.</param>
/// <param name="climate">What a kilometre gives off.</param>
/// <param name="clock">Decides what a run is now.</param>
[AllowAnonymous]
[OutputCache(PolicyName = WebServices.CataloguePolicy)]
public sealed class CourseModel(CatalogueReader reader, IOptions<ClimateOptions> climate, TimeProvider clock) : PageModel
{
    /// <summary>The course.</summary>
    public CourseDetails Course { get; private set; } = null!;

    /// <summary>Whose seats are counted.</summary>
    public SeatViewer Viewer { get; private set; } = SeatViewer.Stranger;

    /// <summary>What the online variant saves; null when there is none, or a place is unknown.</summary>
    public TravelSaving? Saving { get; private set; }

    /// <summary>The time of the answer.</summary>
    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    /// <summary>Shows the course, or 404.</summary>
    /// <param name="code">The course's code.</param>
    public async Task<IActionResult> OnGetAsync(string code)
    {
        Viewer = SignedInPerson.SeatsOf(SignedInPerson.From(User));
        if (await reader.FindCourseAsync(CatalogueQuery.CleanCode(code), Viewer) is not { } course)
        {
            return NotFound();
        }

        Course = course;
        // The journey saved is the one to the onsite course, from whichever of the two pages one looks.
        var onsite = course.VariantOf?.CourseId ?? (course.OnlineVariants.Count > 0 ? course.CourseId : null as long?);
        if (onsite is { } courseId)
        {
            Saving = TravelSaving.Estimate(await reader.GetTravelFactsAsync(courseId, Viewer), climate.Value.KilogramsPerKilometre);
        }

        return Page();
    }
}
