using Booking.Data.Runs;

namespace Booking.Data.Bookings;

/// <summary>What a run says to somebody who wants a seat, before any seat is looked for.</summary>
public enum SignUpState
{
    /// <summary>Seats may be taken now.</summary>
    Open,

    /// <summary>The run is not published, or not any more.</summary>
    NotPublished,

    /// <summary>The run was cancelled.</summary>
    RunCancelled,

    /// <summary>Sign-up has not opened yet.</summary>
    NotOpenYet,

    /// <summary>The sign-up stop has passed.</summary>
    Closed,
}

/// <summary>What may happen to a seat and when: pure, from what was read and the clock. The order of checks is part of the contract.</summary>
public static class BookingRules
{
    /// <summary>How long an external sign-up holds its seat before it must be confirmed.</summary>
    public static readonly TimeSpan SignUpHold = TimeSpan.FromMinutes(30);

    /// <summary>How long an external person has to confirm a wish to wait, which holds no seat; never past the sign-up stop.</summary>
    public static readonly TimeSpan WishToWait = TimeSpan.FromHours(24);

    /// <summary>Whether seats of a run may be taken at <paramref name="now"/>.</summary>
    public static SignUpState SignUp(RunTimes run, DateTimeOffset now) => run switch
    {
        { Status: RunStatuses.Cancelled } => SignUpState.RunCancelled,
        { Status: not RunStatuses.Published } => SignUpState.NotPublished,
        _ when now < run.SignUpOpensAt => SignUpState.NotOpenYet,
        _ when now >= run.SignUpClosesAt => SignUpState.Closed,
        _ => SignUpState.Open,
    };

    /// <summary>How a booking can be cancelled at <paramref name="now"/>.</summary>
    public static CancellationTiming Cancellation(RunTimes run, DateTimeOffset now) => run switch
    {
        _ when now >= run.StartsAt => CancellationTiming.TooLate,
        _ when now >= run.CancellationDeadlineAt => CancellationTiming.Late,
        _ => CancellationTiming.InTime,
    };
}

/// <summary>When a cancellation comes.</summary>
public enum CancellationTiming
{
    /// <summary>Before the run's cancellation deadline.</summary>
    InTime,

    /// <summary>After the deadline, before the first session: allowed, flagged and shown to HR.</summary>
    Late,

    /// <summary>The first session has started: it is absence now, not cancellation.</summary>
    TooLate,
}
