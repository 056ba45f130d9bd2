namespace Booking.Data.Invariants;

/// <summary>What a look over the whole database found.</summary>
public sealed record InvariantReport
{
    /// <summary>When it was looked.</summary>
    public required DateTimeOffset LookedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How many rules were looked at.</summary>
    public required int Rules { get; init; }

    /// <summary>How many bookings there are, cancelled ones with them.</summary>
    public required long Bookings { get; init; }

    /// <summary>Rules that do not hold; empty when all is well.</summary>
    public required IReadOnlyList<InvariantFinding> Findings { get; init; }

    /// <summary>Whether every rule holds.</summary>
    public bool IsClean => Findings.Count == 0;
}

/// <summary>One rule that does not hold.</summary>
public sealed record InvariantFinding
{
    /// <summary>The rule's name, such as <c>seat.sold_twice</c>; docs/audit.md lists them.</summary>
    public required string Rule { get; init; }

    /// <summary>What is wrong, in one sentence.</summary>
    public required string Fault { get; init; }

    /// <summary>How often.</summary>
    public required long Count { get; init; }

    /// <summary>The first few of them.</summary>
    public required IReadOnlyList<InvariantExample> Examples { get; init; }
}

/// <summary>Where a rule does not hold. Ids only: never a name or an address.</summary>
/// <param name="RunId">The run, when it is one run's.</param>
/// <param name="BookingId">The booking, when it is one booking's.</param>
/// <param name="What">What else says where, such as <c>seat 5</c>.</param>
public sealed record InvariantExample(long? RunId, long? BookingId, string? What);

/// <summary>How far the look has come.</summary>
/// <param name="Number">The rule that is looked at now, from 1.</param>
/// <param name="Of">How many there are.</param>
/// <param name="Rule">Its name.</param>
public sealed record InvariantProgress(int Number, int Of, string Rule);
