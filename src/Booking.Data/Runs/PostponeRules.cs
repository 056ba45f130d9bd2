using Booking.Data.Allotments;

namespace Booking.Data.Runs;

/// <summary>What is wrong with a wish to move a run.</summary>
public enum PostponeFaultKind
{
    /// <summary>A session ends before it starts.</summary>
    EndsBeforeStart,

    /// <summary>A session would start in the past.</summary>
    InThePast,

    /// <summary>A session that has begun cannot be moved.</summary>
    HasBegun,

    /// <summary>A session would start before the one before it has ended.</summary>
    OverlapsTheOneBefore,

    /// <summary>Sign-up would close before it opens.</summary>
    ClosesBeforeOpening,

    /// <summary>A deadline would lie after the first session's start.</summary>
    AfterStart,

    /// <summary>The release would lie in the past, and guaranteed seats would be gone at once.</summary>
    ReleasedAtOnce,
}

/// <summary>The deadlines of a run.</summary>
public enum RunDeadline
{
    /// <summary>Sign-up opens.</summary>
    SignUpOpens,

    /// <summary>Unused guaranteed seats are released.</summary>
    Release,

    /// <summary>Cancelling is late from then on.</summary>
    Cancellation,

    /// <summary>Sign-up stops.</summary>
    SignUpCloses,
}

/// <summary>One thing that is wrong, and where.</summary>
/// <param name="Kind">What.</param>
/// <param name="Session">Which session, by its number.</param>
/// <param name="Deadline">Which deadline.</param>
public sealed record PostponeFault(PostponeFaultKind Kind, int? Session = null, RunDeadline? Deadline = null);

/// <summary>New times of one session.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="StartsAt">When it starts.</param>
/// <param name="EndsAt">When it ends.</param>
public sealed record SessionMove(long SessionId, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>Where a run is held.</summary>
public sealed record RunPlace
{
    /// <summary>The venue.</summary>
    public required string VenueName { get; init; }

    /// <summary>Street and number.</summary>
    public string? VenueAddress { get; init; }

    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>Town.</summary>
    public string? Town { get; init; }

    /// <summary>Where one takes part online.</summary>
    public string? OnlineLink { get; init; }

    /// <summary>Where a run is held now.</summary>
    /// <param name="run">The run.</param>
    public static RunPlace Of(HrRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new RunPlace
        {
            VenueName = run.VenueName,
            VenueAddress = run.VenueAddress,
            PostalCode = run.PostalCode,
            Town = run.Town,
            OnlineLink = run.OnlineLink,
        };
    }
}

/// <summary>A moved run, as it will be.</summary>
public sealed record MovedRun
{
    /// <summary>All sessions with their times, in order.</summary>
    public required IReadOnlyList<HrSession> Sessions { get; init; }

    /// <summary>The sessions that calendars must be told of.</summary>
    public required IReadOnlyList<long> ChangedSessionIds { get; init; }

    /// <summary>Where it is held.</summary>
    public required RunPlace Place { get; init; }

    /// <summary>The deadlines.</summary>
    public required IReadOnlyDictionary<RunDeadline, DateTimeOffset> Deadlines { get; init; }

    /// <summary>Whether anything differs from how it was.</summary>
    public required bool IsChanged { get; init; }

    /// <summary>What is wrong.</summary>
    public required IReadOnlyList<PostponeFault> Faults { get; init; }
}

/// <summary>Moves a run on paper: pure, from the run as it is, the wish, and the clock.</summary>
public static class PostponeRules
{
    /// <summary>The run as it would be, with what is wrong about it.</summary>
    /// <param name="run">The run as it is.</param>
    /// <param name="moves">The wish.</param>
    /// <param name="now">The time.</param>
    public static MovedRun Decide(HrRun run, PostponeWish moves, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(moves);
        var wished = moves.Sessions.ToDictionary(move => move.SessionId);
        List<HrSession> sessions = [.. run.Sessions.Select(session => wished.TryGetValue(session.SessionId, out var move)
            ? session with { StartsAt = move.StartsAt, EndsAt = move.EndsAt }
            : session)];
        var moved = sessions.Zip(run.Sessions).Where(pair => pair.First != pair.Second).Select(pair => pair.First.SessionId).ToHashSet();
        var isElsewhere = RunPlace.Of(run) != moves.Place;
        var deadlines = Deadlines(run, moves, sessions[0].StartsAt, now);
        return new MovedRun
        {
            Sessions = sessions,
            ChangedSessionIds = [.. sessions.Where(session => moved.Contains(session.SessionId) || (isElsewhere && session.EndsAt > now))
                .Select(session => session.SessionId)],
            Place = moves.Place,
            Deadlines = deadlines,
            IsChanged = moved.Count > 0 || isElsewhere || Current(run).Any(pair => deadlines[pair.Key] != pair.Value),
            Faults = [.. SessionFaults(run, sessions, moved, now), .. DeadlineFaults(run, deadlines, sessions[0].StartsAt, now)],
        };
    }

    /// <summary>The deadlines as they are.</summary>
    /// <param name="run">The run.</param>
    public static IReadOnlyDictionary<RunDeadline, DateTimeOffset> Current(HrRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new Dictionary<RunDeadline, DateTimeOffset>
        {
            [RunDeadline.SignUpOpens] = run.SignUpOpensAt,
            [RunDeadline.Release] = run.ReleaseAt,
            [RunDeadline.Cancellation] = run.CancellationDeadlineAt,
            [RunDeadline.SignUpCloses] = run.SignUpClosesAt,
        };
    }

    // Each deadline follows the first session on the clocks of the run, so that noon stays noon when summer time lies between.
    // What has happened stays where it was: sign-up that is open does not close again, seats that were released stay so.
    private static Dictionary<RunDeadline, DateTimeOffset> Deadlines(
        HrRun run, PostponeWish moves, DateTimeOffset start, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(run.TimeZone);
        var shift = Local(start, zone) - Local(run.StartsAt, zone);
        return Current(run).ToDictionary(pair => pair.Key, pair =>
        {
            if (moves.Deadlines.TryGetValue(pair.Key, out var written))
            {
                return written;
            }

            var stays = (pair.Key == RunDeadline.SignUpOpens && run.SignUpOpensAt <= now)
                || (pair.Key == RunDeadline.Release && run.ReleasedAt is not null);
            var follows = stays || shift == TimeSpan.Zero ? pair.Value : ToInstant(Local(pair.Value, zone) + shift, zone);
            return follows < start ? follows : start;
        });
    }

    private static IEnumerable<PostponeFault> SessionFaults(
        HrRun run, List<HrSession> sessions, HashSet<long> moved, DateTimeOffset now)
    {
        for (var i = 0; i < sessions.Count; i++)
        {
            var session = sessions[i];
            if (session.EndsAt <= session.StartsAt)
            {
                yield return new PostponeFault(PostponeFaultKind.EndsBeforeStart, session.Number);
            }
            else if (moved.Contains(session.SessionId) && run.Sessions[i].StartsAt <= now)
            {
                yield return new PostponeFault(PostponeFaultKind.HasBegun, session.Number);
            }
            else if (moved.Contains(session.SessionId) && session.StartsAt <= now)
            {
                yield return new PostponeFault(PostponeFaultKind.InThePast, session.Number);
            }
            else if (i > 0 && session.StartsAt < sessions[i - 1].EndsAt)
            {
                yield return new PostponeFault(PostponeFaultKind.OverlapsTheOneBefore, session.Number);
            }
        }
    }

    private static IEnumerable<PostponeFault> DeadlineFaults(
        HrRun run, Dictionary<RunDeadline, DateTimeOffset> deadlines, DateTimeOffset start, DateTimeOffset now)
    {
        foreach (var (deadline, at) in deadlines.Where(pair => pair.Key != RunDeadline.SignUpOpens && pair.Value > start))
        {
            yield return new PostponeFault(PostponeFaultKind.AfterStart, Deadline: deadline);
        }

        if (deadlines[RunDeadline.SignUpCloses] <= deadlines[RunDeadline.SignUpOpens])
        {
            yield return new PostponeFault(PostponeFaultKind.ClosesBeforeOpening, Deadline: RunDeadline.SignUpCloses);
        }

        if (run.ReleasedAt is null && run.ReleaseAt > now && deadlines[RunDeadline.Release] <= now
            && run.Holders.Any(IsGuaranteedAndUnused))
        {
            yield return new PostponeFault(PostponeFaultKind.ReleasedAtOnce, Deadline: RunDeadline.Release);
        }
    }

    private static bool IsGuaranteedAndUnused(SeatHolder holder) => holder.Pool != "open" && holder.Free > 0;

    private static DateTime Local(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).DateTime;

    // In the hour that spring leaves out, the time an hour later.
    private static DateTimeOffset ToInstant(DateTime local, TimeZoneInfo zone)
    {
        var there = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        var offset = zone.IsAmbiguousTime(there) ? zone.GetAmbiguousTimeOffsets(there).Max() : zone.GetUtcOffset(there);
        return new DateTimeOffset(there, offset).ToUniversalTime();
    }
}

/// <summary>New times, place and deadlines.</summary>
/// <param name="Sessions">Sessions with their times; those left out stay as they are.</param>
/// <param name="Place">Where it is held.</param>
/// <param name="Deadlines">Deadlines that were written; the others follow the first session.</param>
public sealed record PostponeWish(
    IReadOnlyList<SessionMove> Sessions, RunPlace Place, IReadOnlyDictionary<RunDeadline, DateTimeOffset> Deadlines);
