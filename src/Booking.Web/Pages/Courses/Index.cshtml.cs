using Booking.Data.Catalogue;
using Booking.Web.Catalogue;
using Booking.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.OutputCaching;

namespace Booking.Web.Pages.Courses;

/// <summary>The catalogue: search, filters, list. Everything is in the address.</summary>
/// <param name="reader">Reads the list.</param>
/// <param name="clock">Decides what a run is now.</param>
[AllowAnonymous]
[OutputCache(PolicyName = WebServices.CataloguePolicy)]
public sealed class IndexModel(CatalogueReader reader, TimeProvider clock) : PageModel
{
    /// <summary>Runs shown for one course in the list.</summary>
    public const int RunsShown = 3;

    /// <summary>What is looked for.</summary>
    public CatalogueFilter Filter { get; private set; } = new();

    /// <summary>What was found.</summary>
    public CatalogueList List { get; private set; } = null!;

    /// <summary>Whose seats are counted.</summary>
    public SeatViewer Viewer { get; private set; } = SeatViewer.Stranger;

    /// <summary>The time of the answer.</summary>
    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    /// <summary>Whether htmx asks for the results alone.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>Shows the page, or the results alone.</summary>
    public async Task<IActionResult> OnGetAsync()
    {
        Response.Headers.Append("Vary", "HX-Request");
        IsPartial = Request.Headers.ContainsKey("HX-Request");
        Viewer = SignedInPerson.SeatsOf(SignedInPerson.From(User));
        Filter = CatalogueQuery.Read(Request.Query);
        List = await reader.ListAsync(Filter, Viewer);
        Filter = Filter with { Page = List.Page };
        if (!IsPartial)
        {
            return Page();
        }

        // The address bar gets the short form, not every empty field.
        Response.Headers["HX-Push-Url"] = CatalogueQuery.Url(Filter);
        return Partial("_Results", this);
    }

    /// <summary>The filters, each with its values and how many courses each would leave.</summary>
    public IEnumerable<FacetView> Facets()
    {
        yield return Facet(Data.Catalogue.Facets.FocusArea, "focus", CatalogueQuery.FocusAreas, Filter.FocusAreas);
        yield return Facet(Data.Catalogue.Facets.Form, "form", CatalogueQuery.Forms, Filter.Forms);
        yield return Facet(Data.Catalogue.Facets.Month, "month", Found(Data.Catalogue.Facets.Month), [.. Filter.Months.Select(CatalogueQuery.Month)]);
        yield return Facet(Data.Catalogue.Facets.Town, "town", Found(Data.Catalogue.Facets.Town), Filter.Towns);
        yield return Facet(Data.Catalogue.Facets.Sector, "sector", CatalogueQuery.Sectors, Filter.Sectors);
    }

    /// <summary>The filter without one of its values: what removing the value leads to.</summary>
    /// <param name="facet">One of <see cref="Data.Catalogue.Facets"/>.</param>
    /// <param name="value">The value.</param>
    public string UrlWithout(string facet, string value) => CatalogueQuery.Url((facet switch
    {
        Data.Catalogue.Facets.FocusArea => Filter with { FocusAreas = [.. Filter.FocusAreas.Where(v => v != value)] },
        Data.Catalogue.Facets.Form => Filter with { Forms = [.. Filter.Forms.Where(v => v != value)] },
        Data.Catalogue.Facets.Month => Filter with { Months = [.. Filter.Months.Where(v => CatalogueQuery.Month(v) != value)] },
        Data.Catalogue.Facets.Town => Filter with { Towns = [.. Filter.Towns.Where(v => v != value)] },
        Data.Catalogue.Facets.Sector => Filter with { Sectors = [.. Filter.Sectors.Where(v => v != value)] },
        _ => Filter with { OnlyWithSeats = false },
    }) with
    { Page = 1 });

    // Chosen values stay visible, also when nothing is left of them: otherwise they could not be unchosen.
    private FacetView Facet(string facet, string name, IReadOnlyList<string> values, IReadOnlyList<string> chosen) =>
        new(facet, name, [.. values.Concat(chosen.Except(values))
            .Select(value => new FacetValue(value, List.Count(facet, value), chosen.Contains(value)))
            .Where(value => value.Courses > 0 || value.IsChosen)]);

    private IReadOnlyList<string> Found(string facet) => [.. List.Facets.Where(f => f.Facet == facet).Select(f => f.Value)];
}

/// <summary>One filter of the list.</summary>
/// <param name="Facet">One of <see cref="Facets"/>.</param>
/// <param name="Name">Its name in the address.</param>
/// <param name="Values">What can be chosen.</param>
public sealed record FacetView(string Facet, string Name, IReadOnlyList<FacetValue> Values);

/// <summary>One value of a filter.</summary>
/// <param name="Value">As stored.</param>
/// <param name="Courses">How many courses it would leave.</param>
/// <param name="IsChosen">Whether it is asked for.</param>
public sealed record FacetValue(string Value, int Courses, bool IsChosen);
