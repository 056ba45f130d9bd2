using Booking.Data.Attendance;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Plans;
using Booking.Data.Plans.Reading;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>What became of the wish to move a run.</summary>
public enum PostponeOutcome
{
    /// <summary>It is moved, and everybody whose sessions changed is told; or, of a check: it would be.</summary>
    Moved,

    /// <summary>It is like that already.</summary>
    Unchanged,

    /// <summary>Something is wrong with the wish: see the faults.</summary>
    Faulty,

    /// <summary>The run is not published, or is over.</summary>
    NotOpen,

    /// <summary>Somebody stood in the way each time; nothing changed, and trying again will do.</summary>
    Busy,
}

/// <summary>HR's wish to move a run.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Wish">How it is to be.</param>
/// <param name="Actor">Who asks.</param>
/// <param name="IsCheck">Do everything and then undo it: the result says what would happen.</param>
public sealed record PostponeRequest(long RunId, PostponeWish Wish, Actor Actor, bool IsCheck = false);

/// <summary>Somebody who would have to be in two places at once.</summary>
/// <param name="PersonName">Who.</param>
/// <param name="DepartmentName">Of which department; null for people from outside.</param>
/// <param name="Other">The other run.</param>
public sealed record MoveOverlap(string PersonName, string? DepartmentName, Overlap Other);

/// <summary>The outcome and what belongs to it.</summary>
public sealed record PostponeResult
{
    /// <summary>What became of it.</summary>
    public required PostponeOutcome Outcome { get; init; }

    /// <summary>The run as it is now, or would be; null when it could not be looked at.</summary>
    public MovedRun? Run { get; init; }

    /// <summary>How many people are told.</summary>
    public int People { get; init; }

    /// <summary>How many calendar updates go out: one a person and changed session.</summary>
    public int Updates { get; init; }

    /// <summary>Who is at another run at the new times.</summary>
    public IReadOnlyList<MoveOverlap> Overlaps { get; init; } = [];
}

/// <summary>
/// Moves a published run in time or to another place: each calendar event that changed is raised and sent once, deadlines and
/// held seats move along, and whoever is somewhere else at the new time is named to HR.
/// </summary>
public sealed class PostponeRun(
    NpgsqlDataSource dataSource, BookingRepository bookings, HrRunRepository runs, RunMoveRepository moves, PlanSessionRepository sessions,
    OverlapRepository overlaps, FollowSessions attendance, LockPatience patience, DecisionLog log)
{
    /// <summary>Moves the run, or says what moving it would do.</summary>
    public async Task<PostponeResult> RunAsync(PostponeRequest request, CancellationToken cancellationToken)
    {
        var result = await patience.RunAsync(
            dataSource,
            transaction => MoveAsync(transaction, request, cancellationToken),
            new PostponeResult { Outcome = PostponeOutcome.Busy },
            cancellationToken);
        if (result.Outcome is PostponeOutcome.Moved && !request.IsCheck)
        {
            log.Committed();
        }

        return result;
    }

    private async Task<PostponeResult> MoveAsync(
        NpgsqlTransaction transaction, PostponeRequest request, CancellationToken cancellationToken)
    {
        await bookings.LockRunAsync(transaction, request.RunId, cancellationToken);
        // A reservation under way has made its calendar events, or makes them of the new times after this transaction.
        await sessions.LockAsync(transaction, request.RunId, cancellationToken);
        var run = await runs.GetAsync(transaction, request.RunId, cancellationToken);
        if (run.Status != RunStatuses.Published || run.EndsAt <= log.Now || run.Sessions.Count == 0)
        {
            return new PostponeResult { Outcome = PostponeOutcome.NotOpen };
        }

        var moved = PostponeRules.Decide(run, request.Wish, log.Now);
        if (moved.Faults.Count > 0 || !moved.IsChanged)
        {
            return new PostponeResult { Outcome = moved.IsChanged ? PostponeOutcome.Faulty : PostponeOutcome.Unchanged, Run = moved };
        }

        await WriteAsync(transaction, run, moved, cancellationToken);
        var due = await sessions.RaiseAsync(transaction, [.. moved.ChangedSessionIds], cancellationToken);
        var result = new PostponeResult
        {
            Outcome = PostponeOutcome.Moved,
            Run = moved,
            People = due.Select(invitation => invitation.BookingId).Distinct().Count(),
            Updates = due.Count,
            Overlaps = await ListOverlapsAsync(transaction, run.RunId, cancellationToken),
        };
        if (!request.IsCheck)
        {
            await TellAsync(transaction, run.RunId, (due, moved), cancellationToken);
            await log.RecordAsync(transaction, [Entry(run, moved, result, request.Actor)], cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return result;
    }

    private async Task TellAsync(
        NpgsqlTransaction transaction, long runId, (IReadOnlyList<DueInvitation> Due, MovedRun Run) move, CancellationToken cancellationToken)
    {
        var messages = DueInvitation.Messages(move.Due, BookingMessages.Invitations, runId, log.Now);
        if (move.Run.ChangedSessionIds.Count > 0
            && await runs.FindInstructorAsync(transaction, runId, cancellationToken) is { } instructor)
        {
            messages.Add(RunMessages.Moved(runId, instructor, log.Now));
        }

        await log.TellAsync(transaction, messages, cancellationToken);
    }

    private async Task WriteAsync(NpgsqlTransaction transaction, HrRun run, MovedRun moved, CancellationToken cancellationToken)
    {
        var changed = moved.Sessions.Zip(run.Sessions).Where(pair => pair.First != pair.Second).Select(pair => new KeptSession(
            new SessionRow
            {
                SessionId = pair.Second.SessionId,
                RunId = run.RunId,
                Number = pair.Second.Number,
                StartsAt = pair.Second.StartsAt,
                EndsAt = pair.Second.EndsAt,
            },
            new NumberedSession(new PlanSession { StartsAt = pair.First.StartsAt, EndsAt = pair.First.EndsAt }, pair.First.Number)));
        await sessions.UpdateAsync(transaction, [.. changed], cancellationToken);
        await moves.UpdateAsync(transaction, run.RunId, moved, cancellationToken);
        await moves.MoveHoldsAsync(transaction, run.RunId, log.Now, cancellationToken);
        await sessions.MoveLinksAsync(transaction, run.RunId, cancellationToken);
        await attendance.RunAsync(transaction, run.RunId, log.Now, cancellationToken);
    }

    private async Task<IReadOnlyList<MoveOverlap>> ListOverlapsAsync(
        NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken)
    {
        var people = await moves.ListPeopleAsync(transaction, runId, cancellationToken);
        var found = (await overlaps.ListAsync(transaction, runId, [.. people.Select(person => person.PersonId)], cancellationToken))
            .ToLookup(overlap => overlap.PersonId);
        return [.. people.SelectMany(person => found[person.PersonId].Select(other => new MoveOverlap(person.Name, person.DepartmentName, other)))];
    }

    private AuditEntry Entry(HrRun run, MovedRun moved, PostponeResult result, Actor actor) => new()
    {
        At = log.Now,
        Actor = actor,
        Action = "run.postponed",
        RunId = run.RunId,
        Details = new Dictionary<string, object?>
        {
            ["from"] = run.StartsAt,
            ["to"] = moved.Sessions[0].StartsAt,
            ["sessions"] = moved.ChangedSessionIds.Count,
            ["people"] = result.People,
        },
    };
}
