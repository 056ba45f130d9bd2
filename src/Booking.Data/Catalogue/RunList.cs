namespace Booking.Data.Catalogue;

/// <summary>Which published runs are listed.</summary>
public sealed record RunFilter
{
    /// <summary>Runs on one page.</summary>
    public const int PageSize = 100;

    /// <summary>First local day on which a run starts; null for now.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last local day on which a run starts.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Only runs of this course.</summary>
    public string? CourseCode { get; init; }

    /// <summary>Only runs in this town.</summary>
    public string? Town { get; init; }

    /// <summary>Page number from 1.</summary>
    public int Page { get; init; } = 1;
}

/// <summary>One page of runs.</summary>
public sealed record RunList
{
    /// <summary>The runs of the page.</summary>
    public required IReadOnlyList<CatalogueRun> Runs { get; init; }

    /// <summary>Number of runs on all pages.</summary>
    public required int Total { get; init; }

    /// <summary>The page shown: the last one when a later was asked for.</summary>
    public required int Page { get; init; }

    /// <summary>Number of pages, at least 1.</summary>
    public int Pages => Math.Max(1, (Total + RunFilter.PageSize - 1) / RunFilter.PageSize);
}
