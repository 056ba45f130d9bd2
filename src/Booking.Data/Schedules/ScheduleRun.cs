namespace Booking.Data.Schedules;

/// <summary>The latest run of one schedule.</summary>
public sealed record ScheduleRun
{
    /// <summary>The schedule's name.</summary>
    public required string Name { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>When it ended; null while it is under way, or when its node died.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The machine it ran on.</summary>
    public required string Node { get; init; }

    /// <summary>What was wrong at the latest failure; stays until the schedule has run without one.</summary>
    public string? Error { get; init; }

    /// <summary>When the latest failure was.</summary>
    public DateTimeOffset? FailedAt { get; init; }
}
