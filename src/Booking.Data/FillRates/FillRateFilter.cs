namespace Booking.Data.FillRates;

/// <summary>Which runs HR wants to see; null means all.</summary>
public sealed record FillRateFilter
{
    /// <summary>The plan year.</summary>
    public required int PlanYear { get; init; }

    /// <summary>Only runs that have not started (true), only those that have (false).</summary>
    public bool? IsUpcoming { get; init; }

    /// <summary>One of the seven focus areas, such as <c>care</c>.</summary>
    public string? FocusArea { get; init; }

    /// <summary><c>onsite</c>, <c>online</c> or <c>hybrid</c>.</summary>
    public string? Form { get; init; }

    /// <summary>Month of the first session in the run's own time: 1 to 12.</summary>
    public int? Month { get; init; }

    /// <summary>Words that must all occur in the run's code, the course's code or the course's title.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
}
