using Booking.Data.Runs;

namespace Booking.Data.FillRates;

/// <summary>One run and how full it is.</summary>
public sealed record FillRateRow
{
    /// <summary>The run's code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>The course's focus area, such as <c>care</c>.</summary>
    public required string FocusArea { get; init; }

    /// <summary><c>onsite</c>, <c>online</c> or <c>hybrid</c>.</summary>
    public required string Form { get; init; }

    /// <summary>Where it takes place.</summary>
    public string? Town { get; init; }

    /// <summary>One of <see cref="RunStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The zone its times are shown in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>Whether the first session has not started.</summary>
    public required bool IsUpcoming { get; init; }

    /// <summary>Calendar days in the run's zone from today to the start; negative once it lies behind.</summary>
    public required int DaysToStart { get; init; }

    /// <summary>Calendar days in the run's zone from today to the release; null once the seats were released.</summary>
    public int? DaysToRelease { get; init; }

    /// <summary>When unused guaranteed seats go to the open pool.</summary>
    public required DateTimeOffset ReleaseAt { get; init; }

    /// <summary>All seats.</summary>
    public required int Capacity { get; init; }

    /// <summary>How many participants the run needs to take place.</summary>
    public required int MinimumParticipants { get; init; }

    /// <summary>Taken from departments' guaranteed seats.</summary>
    public required int TakenDepartment { get; init; }

    /// <summary>Taken from the external sectors' seats.</summary>
    public required int TakenExternal { get; init; }

    /// <summary>Taken from the seats for everybody.</summary>
    public required int TakenOpen { get; init; }

    /// <summary>Free seats that departments were guaranteed and have not used.</summary>
    public required int UnusedDepartment { get; init; }

    /// <summary>Free seats that the external sectors were guaranteed and have not used.</summary>
    public required int UnusedExternal { get; init; }

    /// <summary>Free seats for everybody.</summary>
    public required int FreeOpen { get; init; }

    /// <summary>Taken seats that have no confirmed participant: without a name, or signed up and not confirmed.</summary>
    public required int Held { get; init; }

    /// <summary>Bookings that were cancelled; a sign-up that was never confirmed is not one.</summary>
    public required int Cancelled { get; init; }

    /// <summary>How many of <see cref="Cancelled"/> came after the deadline.</summary>
    public required int CancelledLate { get; init; }

    /// <summary>Whether the sign-up stop has passed.</summary>
    public bool IsSignUpClosed { get; init; }

    /// <summary>Whether nobody is asked about the run's attendance any more.</summary>
    public bool IsAttendanceSettled { get; init; }

    /// <summary>Whether some of it was assumed.</summary>
    public bool IsAttendanceAssumed { get; init; }

    /// <summary>Whether HR has decided that the run goes ahead below its minimum.</summary>
    public bool IsMinimumDecided { get; init; }

    /// <summary>Whether HR must say what becomes of the run: nobody can sign up any more, and too few have.</summary>
    public bool AwaitsDecision => IsOpen && IsSignUpClosed && !IsMinimumReached && !IsMinimumDecided;

    /// <summary>All taken seats.</summary>
    public int Taken => TakenDepartment + TakenExternal + TakenOpen;

    /// <summary>Taken seats with a confirmed participant: what counts towards the minimum.</summary>
    public int Participants => Taken - Held;

    /// <summary>Free seats that somebody was guaranteed.</summary>
    public int Unused => UnusedDepartment + UnusedExternal;

    /// <summary>Taken seats of all seats, 0 to 1.</summary>
    public decimal FillRate => (decimal)Taken / Capacity;

    /// <summary>Whether enough participants are confirmed.</summary>
    public bool IsMinimumReached => Participants >= MinimumParticipants;

    /// <summary>Whether the run counts in sums: it is in the catalogue or was held.</summary>
    public bool Counts => Status is RunStatuses.Published or RunStatuses.Completed;

    /// <summary>Whether there is still something to win: published and not started.</summary>
    public bool IsOpen => Status == RunStatuses.Published && IsUpcoming;

    /// <summary>Below the minimum with fewer than <paramref name="days"/> calendar days left.</summary>
    public bool WillNotFill(int days) => IsOpen && !IsMinimumReached && DaysToStart < days;

    /// <summary>Guaranteed seats stand free and can still be used or handed back.</summary>
    public bool HasUnused => IsOpen && Unused > 0;

    /// <summary>What HR should look at first.</summary>
    /// <param name="days">From how many days before the start a run below its minimum is called endangered.</param>
    public Attention Attention(int days) =>
        Status == RunStatuses.Cancelled ? FillRates.Attention.Cancelled
        : Status == RunStatuses.Draft ? FillRates.Attention.Draft
        : !IsOpen ? FillRates.Attention.Past
        : WillNotFill(days) ? FillRates.Attention.WillNotFill
        : HasUnused && DaysToRelease is < ReleaseIsNear ? FillRates.Attention.ReleaseIsNear
        : !IsMinimumReached ? FillRates.Attention.BelowMinimum
        : Taken >= Capacity ? FillRates.Attention.Full
        : FillRates.Attention.None;

    // The first of the two mails before the release leaves 14 days ahead.
    private const int ReleaseIsNear = 15;
}

/// <summary>What HR should look at first; in this order.</summary>
public enum Attention
{
    /// <summary>Below the minimum and soon to start.</summary>
    WillNotFill,

    /// <summary>Guaranteed seats stand free and are released within 14 days.</summary>
    ReleaseIsNear,

    /// <summary>Below the minimum, with time left.</summary>
    BelowMinimum,

    /// <summary>Nothing special.</summary>
    None,

    /// <summary>Every seat is taken.</summary>
    Full,

    /// <summary>Not published yet.</summary>
    Draft,

    /// <summary>Has started or been held.</summary>
    Past,

    /// <summary>Will not take place.</summary>
    Cancelled,
}
