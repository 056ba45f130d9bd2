namespace Booking.Data.Runs;

/// <summary>Values of <c>runs.status</c>.</summary>
public static class RunStatuses
{
    /// <summary>Imported, not yet allotted or shown.</summary>
    public const string Draft = "draft";

    /// <summary>In the catalogue, with seats.</summary>
    public const string Published = "published";

    /// <summary>Will not take place.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Has taken place.</summary>
    public const string Completed = "completed";
}

/// <summary>The parts of a run that decide whether a seat may be taken or given back.</summary>
public sealed record RunTimes
{
    /// <summary>The run.</summary>
    public required long RunId { get; init; }

    /// <summary>The run's code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>One of <see cref="RunStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When sign-up opens.</summary>
    public required DateTimeOffset SignUpOpensAt { get; init; }

    /// <summary>The sign-up stop.</summary>
    public required DateTimeOffset SignUpClosesAt { get; init; }

    /// <summary>Until when cancelling is in time.</summary>
    public required DateTimeOffset CancellationDeadlineAt { get; init; }

    /// <summary>Whether the unused guaranteed seats have gone to the open pool: no free seat is any department's then.</summary>
    public bool IsReleased { get; init; }

    /// <summary>How its waiting list is served: one of <see cref="WaitingListModes"/>.</summary>
    public string WaitingListMode { get; init; } = WaitingListModes.Offer;

    /// <summary>For how many working hours an offer stands.</summary>
    public int OfferWorkingHours { get; init; } = 16;

    /// <summary>Whether a leader must say yes to each employee's booking.</summary>
    public bool RequiresApproval { get; init; }
}

/// <summary>Values of <c>runs.waiting_list_mode</c>.</summary>
public static class WaitingListModes
{
    /// <summary>Whoever is next gets the seat at once.</summary>
    public const string Book = "book";

    /// <summary>Whoever is next is asked, and the seat is held for some working hours.</summary>
    public const string Offer = "offer";
}
