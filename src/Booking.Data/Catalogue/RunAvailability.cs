using Booking.Data.Runs;

namespace Booking.Data.Catalogue;

/// <summary>What a run is for somebody who looks at it now.</summary>
public enum RunAvailability
{
    /// <summary>It will not take place.</summary>
    Cancelled,

    /// <summary>It has begun or is over.</summary>
    Started,

    /// <summary>Sign-up has not opened.</summary>
    NotYetOpen,

    /// <summary>Sign-up has closed.</summary>
    Closed,

    /// <summary>There are only seats for others than the viewer.</summary>
    NotForViewer,

    /// <summary>No seat is free for the viewer.</summary>
    Full,

    /// <summary>A few seats are free for the viewer.</summary>
    FewSeats,

    /// <summary>Seats are free for the viewer.</summary>
    SeatsLeft,
}

/// <summary>Decides which word stands beside a run.</summary>
public static class RunAvailabilityRules
{
    /// <summary>At most this many seats are "few".</summary>
    public const int FewSeats = 3;

    /// <summary>What the run is for the viewer now. The first reason that holds is the one told.</summary>
    /// <param name="run">The run with its free seats.</param>
    /// <param name="viewer">Who looks.</param>
    /// <param name="now">The time.</param>
    public static RunAvailability For(CatalogueRun run, SeatViewer viewer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(viewer);
        return run switch
        {
            { Status: RunStatuses.Cancelled } => RunAvailability.Cancelled,
            { Status: RunStatuses.Completed } => RunAvailability.Started,
            _ when run.StartsAt <= now => RunAvailability.Started,
            _ when run.SignUpClosesAt <= now => RunAvailability.Closed,
            _ when viewer.IsStranger && !run.IsCrossSector => RunAvailability.NotForViewer,
            _ when run.SignUpOpensAt > now => RunAvailability.NotYetOpen,
            _ => run.FreeFor(viewer) switch
            {
                <= 0 => RunAvailability.Full,
                <= FewSeats => RunAvailability.FewSeats,
                _ => RunAvailability.SeatsLeft,
            },
        };
    }

    /// <summary>Whether the viewer can take a seat now.</summary>
    /// <param name="availability">What the run is for the viewer.</param>
    public static bool IsBookable(this RunAvailability availability) =>
        availability is RunAvailability.FewSeats or RunAvailability.SeatsLeft;
}
