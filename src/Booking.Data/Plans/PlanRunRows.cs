using Booking.Data.Plans.Reading;

namespace Booking.Data.Plans;

/// <summary>The columns of a run that come from hold.csv, but for its sessions.</summary>
internal abstract record RunColumns
{
    public required long RunId { get; init; }

    public required long CourseId { get; init; }

    public required string VenueName { get; init; }

    public string? VenueAddress { get; init; }

    public string? PostalCode { get; init; }

    public string? Town { get; init; }

    public decimal? Latitude { get; init; }

    public decimal? Longitude { get; init; }

    public string? OnlineLink { get; init; }

    public required int Capacity { get; init; }

    public required int ExternalSeats { get; init; }

    public required int MinimumParticipants { get; init; }

    public required DateTimeOffset SignUpOpensAt { get; init; }

    public required DateTimeOffset SignUpClosesAt { get; init; }

    public required DateTimeOffset ReleaseAt { get; init; }

    public required DateTimeOffset CancellationDeadlineAt { get; init; }

    public string? InstructorEmail { get; init; }

    public decimal? Budget { get; init; }
}

/// <summary>A run as it is stored.</summary>
internal sealed record RunRow : RunColumns
{
    public required string Code { get; init; }

    public required int PlanYear { get; init; }

    public required string Status { get; init; }
}

/// <summary>A session as it is stored.</summary>
internal sealed record SessionRow
{
    public required long SessionId { get; init; }

    public required long RunId { get; init; }

    public required int Number { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }
}

/// <summary>What is promised and taken on a run.</summary>
internal sealed record RunSeatCounts
{
    /// <summary>When the guaranteed seats were released, read with the run locked.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    public required int Taken { get; init; }

    /// <summary>Seats of the external pool, free or taken.</summary>
    public required int External { get; init; }

    /// <summary>Free seats that departments were guaranteed.</summary>
    public required int FreeGuaranteed { get; init; }

    /// <summary>Free seats of the open pool.</summary>
    public required int FreeOpen { get; init; }

    public required int LiveBookings { get; init; }

    /// <summary>Sessions that somebody has, or had, in the calendar.</summary>
    public required long[] InvitedSessions { get; init; }
}

/// <summary>A run with its sessions as they are stored.</summary>
internal sealed record StoredRun(RunRow Row, IReadOnlyList<SessionRow> Sessions)
{
    /// <summary>Its columns of hold.csv, beside what only the files know of the run.</summary>
    public RunValues Values(PlanRun planned) => RunValues.Of(
        Row, Sessions.Select(session => new PlanSession { StartsAt = session.StartsAt, EndsAt = session.EndsAt }), planned);
}

/// <summary>A stored run, and what the last import wrote into it; null when none did.</summary>
internal sealed record KnownRun(StoredRun Stored, ImportedRow? Imported)
{
    public RunMerge Merge(RunValues planned, TimeZoneInfo zone)
    {
        var stored = Stored.Values(planned.Run);
        return new RunMerge(stored, Imported is null ? stored : RunValues.Of(Imported, Imported.Sessions, planned.Run), planned, zone);
    }
}
