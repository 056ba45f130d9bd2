namespace Booking.Jobs.Invitations;

/// <summary>A calendar that programs subscribe to and fetch again and again. Names no attendee.</summary>
public sealed record CalendarFeed
{
    /// <summary>What the calendar is called in the reader's program.</summary>
    public required string Name { get; init; }

    /// <summary>How often it is worth fetching again, in whole hours.</summary>
    public int RefreshHours { get; init; } = 1;

    /// <summary>The events; their stamps say when each last changed, so that the same content has the same bytes.</summary>
    public required IReadOnlyList<SessionEvent> Events { get; init; }
}
