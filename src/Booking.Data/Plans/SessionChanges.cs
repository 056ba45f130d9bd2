using Booking.Data.Plans.Reading;

namespace Booking.Data.Plans;

/// <summary>How a run's stored sessions become the planned ones, with as few changes in people's calendars as can be.</summary>
internal sealed record SessionChanges
{
    /// <summary>Sessions that stay, in the plan's order: as they are, or moved.</summary>
    public required IReadOnlyList<KeptSession> Kept { get; init; }

    /// <summary>Sessions that are no longer planned.</summary>
    public required IReadOnlyList<SessionRow> Removed { get; init; }

    /// <summary>Planned sessions that are new.</summary>
    public required IReadOnlyList<NumberedSession> Added { get; init; }

    /// <summary>Pairs the sessions: first those at the same time, then those on the same day, then the rest in order.</summary>
    public static SessionChanges Between(IReadOnlyList<SessionRow> stored, IReadOnlyList<PlanSession> planned)
    {
        var removed = stored.ToList();
        var added = planned.Select((session, index) => new NumberedSession(session, index + 1)).ToList();
        var kept = new List<KeptSession>();
        Pair(removed, added, kept, (row, session) => (row.StartsAt, row.EndsAt) == (session.StartsAt, session.EndsAt));
        Pair(removed, added, kept, (row, session) => row.StartsAt.UtcDateTime.Date == session.StartsAt.UtcDateTime.Date);
        Pair(removed, added, kept, (_, _) => true);
        return new SessionChanges { Kept = [.. kept.OrderBy(pair => pair.Planned.Number)], Removed = removed, Added = added };
    }

    private static void Pair(
        List<SessionRow> stored, List<NumberedSession> planned, List<KeptSession> kept, Func<SessionRow, PlanSession, bool> fits)
    {
        foreach (var row in stored.ToList())
        {
            if (planned.Find(session => fits(row, session.Session)) is { } found)
            {
                kept.Add(new KeptSession(row, found));
                stored.Remove(row);
                planned.Remove(found);
            }
        }
    }
}

/// <summary>A planned session and its place in the run.</summary>
internal sealed record NumberedSession(PlanSession Session, int Number);

/// <summary>A stored session and what the plan has for it.</summary>
internal sealed record KeptSession(SessionRow Row, NumberedSession Planned)
{
    public bool IsMoved => (Row.StartsAt, Row.EndsAt) != (Planned.Session.StartsAt, Planned.Session.EndsAt);

    public bool IsChanged => IsMoved || Row.Number != Planned.Number;
}
