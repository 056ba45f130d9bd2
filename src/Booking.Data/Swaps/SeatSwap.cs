namespace Booking.Data.Swaps;

/// <summary>Values of <c>seat_swaps.status</c>.</summary>
public static class SwapStatuses
{
    /// <summary>Waits for the other department.</summary>
    public const string Proposed = "proposed";

    /// <summary>The seats have changed hands.</summary>
    public const string Accepted = "accepted";

    /// <summary>The other department said no.</summary>
    public const string Declined = "declined";

    /// <summary>The department that proposed it took it back.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>Nobody answered before the earlier of the two runs released its seats.</summary>
    public const string Expired = "expired";
}

/// <summary>A swap as the decisions about it need it.</summary>
internal sealed record SeatSwap
{
    public const string Columns =
        """
        swap_id, reference, from_department_id, to_department_id, offered_run_id, offered_seats, wanted_run_id, wanted_seats,
        status, proposed_by, expires_at
        """;

    public required long SwapId { get; init; }

    public required Guid Reference { get; init; }

    public required long FromDepartmentId { get; init; }

    public required long ToDepartmentId { get; init; }

    public required long OfferedRunId { get; init; }

    public required int OfferedSeats { get; init; }

    public long? WantedRunId { get; init; }

    public required int WantedSeats { get; init; }

    public required string Status { get; init; }

    public required string ProposedBy { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Its runs, the smaller id first: the order in which they are locked.</summary>
    public IEnumerable<long> RunIds => new[] { OfferedRunId, WantedRunId ?? OfferedRunId }.Distinct().Order();
}

/// <summary>A swap as the page and the mails show it, from the side of one who may see it.</summary>
public sealed record SwapView
{
    /// <summary>Whether the run whose seats are offered is cancelled.</summary>
    public required bool IsOfferedRunCancelled { get; init; }

    /// <summary>The swap's id, which mails carry.</summary>
    public required long SwapId { get; init; }

    /// <summary>What URLs and forms carry.</summary>
    public required Guid Reference { get; init; }

    /// <summary>One of <see cref="SwapStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Who proposes.</summary>
    public required long FromDepartmentId { get; init; }

    /// <summary>Its name.</summary>
    public required string FromDepartment { get; init; }

    /// <summary>Who is asked.</summary>
    public required long ToDepartmentId { get; init; }

    /// <summary>Its name.</summary>
    public required string ToDepartment { get; init; }

    /// <summary>How many seats are offered.</summary>
    public required int OfferedSeats { get; init; }

    /// <summary>The run they are on.</summary>
    public required string OfferedRun { get; init; }

    /// <summary>Its course.</summary>
    public required string OfferedCourse { get; init; }

    /// <summary>When it starts.</summary>
    public required DateTimeOffset OfferedStartsAt { get; init; }

    /// <summary>How many seats are wanted for them; 0 for nothing.</summary>
    public required int WantedSeats { get; init; }

    /// <summary>The run they are on.</summary>
    public string? WantedRun { get; init; }

    /// <summary>Its course.</summary>
    public string? WantedCourse { get; init; }

    /// <summary>When it starts.</summary>
    public DateTimeOffset? WantedStartsAt { get; init; }

    /// <summary>When the proposal was made.</summary>
    public required DateTimeOffset ProposedAt { get; init; }

    /// <summary>Until when it can be answered.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was answered, taken back or over.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>The zone that its times are shown in.</summary>
    public required string TimeZone { get; init; }
}
