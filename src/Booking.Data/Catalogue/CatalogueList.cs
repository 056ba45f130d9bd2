namespace Booking.Data.Catalogue;

/// <summary>One page of the catalogue with the counts beside its filters.</summary>
public sealed record CatalogueList
{
    /// <summary>The courses of the page.</summary>
    public required IReadOnlyList<CatalogueCourse> Courses { get; init; }

    /// <summary>How many courses match, on all pages.</summary>
    public required int Total { get; init; }

    /// <summary>The page shown: the last one when a later was asked for.</summary>
    public required int Page { get; init; }

    /// <summary>Number of pages, at least 1.</summary>
    public int Pages => Math.Max(1, (Total + CatalogueFilter.PageSize - 1) / CatalogueFilter.PageSize);

    /// <summary>How many courses each filter value would leave, all other filters applied.</summary>
    public required IReadOnlyList<FacetCount> Facets { get; init; }

    /// <summary>How many courses one filter value would leave.</summary>
    /// <param name="facet">One of <see cref="Catalogue.Facets"/>.</param>
    /// <param name="value">The value.</param>
    public int Count(string facet, string value) =>
        Facets.FirstOrDefault(f => f.Facet == facet && f.Value == value)?.Courses ?? 0;
}

/// <summary>Names of the filters in <see cref="FacetCount"/>.</summary>
public static class Facets
{
    /// <summary>Focus area.</summary>
    public const string FocusArea = "focus_area";

    /// <summary>Form.</summary>
    public const string Form = "form";

    /// <summary>Sector.</summary>
    public const string Sector = "sector";

    /// <summary>Month, as <c>2027-03</c>.</summary>
    public const string Month = "month";

    /// <summary>Town.</summary>
    public const string Town = "town";

    /// <summary>Seats left for the viewer.</summary>
    public const string Seats = "seats";

    internal const string Total = "total";
}

/// <summary>How many courses one filter value would leave, all other filters applied.</summary>
public sealed record FacetCount
{
    /// <summary>One of <see cref="Facets"/>.</summary>
    public required string Facet { get; init; }

    /// <summary>The value, as stored.</summary>
    public required string Value { get; init; }

    /// <summary>The number of courses.</summary>
    public required int Courses { get; init; }
}

/// <summary>One course in the list.</summary>
public sealed record CatalogueCourse
{
    /// <summary>The course.</summary>
    public required long CourseId { get; init; }

    /// <summary>Its code, as in URLs.</summary>
    public required string Code { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>A sentence or two.</summary>
    public required string Summary { get; init; }

    /// <summary>Focus area, as stored.</summary>
    public required string FocusArea { get; init; }

    /// <summary>Form, as stored.</summary>
    public required string Form { get; init; }

    /// <summary>Whether other sectors may take part.</summary>
    public required bool IsCrossSector { get; init; }

    /// <summary>Those it is for, when it is not for everybody.</summary>
    public required string[] TargetGroups { get; init; }

    /// <summary>The upcoming runs that match, soonest first.</summary>
    public IReadOnlyList<CatalogueRun> Runs { get; init; } = [];
}

/// <summary>One run with its free seats.</summary>
public sealed record CatalogueRun
{
    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>Its code, as in URLs.</summary>
    public required string Code { get; init; }

    /// <summary>Its course.</summary>
    public required long CourseId { get; init; }

    /// <summary>Its course's code.</summary>
    public required string CourseCode { get; init; }

    /// <summary>One of <see cref="Runs.RunStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>IANA name of the zone that its times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Where it is held.</summary>
    public required string VenueName { get; init; }

    /// <summary>The town; null when it is only online.</summary>
    public string? Town { get; init; }

    /// <summary>When sign-up opens.</summary>
    public required DateTimeOffset SignUpOpensAt { get; init; }

    /// <summary>When sign-up closes.</summary>
    public required DateTimeOffset SignUpClosesAt { get; init; }

    /// <summary>Number of seats.</summary>
    public required int Capacity { get; init; }

    /// <summary>Whether other sectors may take part, from the course.</summary>
    public required bool IsCrossSector { get; init; }

    /// <summary>Free guaranteed seats of the viewer's departments.</summary>
    public required int OwnFree { get; init; }

    /// <summary>Free guaranteed seats of the other departments, together.</summary>
    public required int OthersFree { get; init; }

    /// <summary>Free seats of other sectors.</summary>
    public required int ExternalFree { get; init; }

    /// <summary>Free seats for everybody.</summary>
    public required int OpenFree { get; init; }

    /// <summary>Free seats that the viewer may take.</summary>
    /// <param name="viewer">Who looks.</param>
    public int FreeFor(SeatViewer viewer)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        return viewer.IsStranger ? (IsCrossSector ? ExternalFree + OpenFree : 0) : OwnFree + OpenFree;
    }
}
