using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Attendance;

/// <summary>What is said of participants.</summary>
public enum Mark
{
    /// <summary>These were there.</summary>
    Present,

    /// <summary>These were not there.</summary>
    Absent,

    /// <summary>All whom nobody has marked yet were there.</summary>
    RestPresent,

    /// <summary>Take back that these were there.</summary>
    NotPresent,

    /// <summary>Take back that these were not there.</summary>
    NotAbsent,
}

/// <summary>What became of marks.</summary>
public enum MarkOutcome
{
    /// <summary>Some changed.</summary>
    Marked,

    /// <summary>They were like that already, or somebody else was quicker.</summary>
    Unchanged,

    /// <summary>The session is still more than an hour away.</summary>
    NotYet,

    /// <summary>The instructor's time is over.</summary>
    TooLate,

    /// <summary>The run does not take place.</summary>
    NotHeld,

    /// <summary>There is no such session, or the run is not the caller's to mark.</summary>
    NotFound,
}

/// <summary>Marks of one session.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Session">The session's number.</param>
/// <param name="Mark">What is said.</param>
/// <param name="Bookings">Of whom; without meaning for <see cref="Mark.RestPresent"/>.</param>
/// <param name="Actor">Who says it: HR, or the run's instructor.</param>
public sealed record MarkRequest(long RunId, int Session, Mark Mark, IReadOnlyCollection<Guid> Bookings, Actor Actor);

/// <summary>The outcome, and whose marks changed.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Bookings">The bookings whose marks changed.</param>
public sealed record MarkResult(MarkOutcome Outcome, IReadOnlyList<Guid> Bookings)
{
    internal static MarkResult Nothing(MarkOutcome outcome) => new(outcome, []);
}

/// <summary>
/// Marks participants of one session as there or not. Only those named change, so two instructors never undo each other. The bookings'
/// statuses follow in the same transaction, and when no mark is lacking any more, the run is settled.
/// </summary>
public sealed class MarkAttendance(NpgsqlDataSource dataSource, BookingRepository bookings, AttendanceMarkRepository marks, DecisionLog log)
{
    /// <summary>Sets or takes back marks; the same wish twice changes nothing the second time.</summary>
    public async Task<MarkResult> RunAsync(MarkRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Everything that changes a booking has its run locked: no cancellation, and no settling, comes in between.
        await bookings.LockRunAsync(transaction, request.RunId, cancellationToken);
        var facts = await marks.FindAsync(transaction, request.RunId, request.Session, cancellationToken);
        if (Refusal(facts, request.Actor) is { } refusal)
        {
            return MarkResult.Nothing(refusal);
        }

        var changed = await ChangeAsync(transaction, request, facts!.SessionId, cancellationToken);
        if (changed.Count == 0)
        {
            return MarkResult.Nothing(MarkOutcome.Unchanged);
        }

        await marks.UpdateStatusesAsync(transaction, request.RunId, [.. changed.Select(booking => booking.BookingId)], log.Now, cancellationToken);
        var settled = await marks.UpdateRunAsync(transaction, request.RunId, log.Now, cancellationToken);
        await log.RecordAsync(transaction, [.. Entries(request, changed, settled)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new MarkResult(MarkOutcome.Marked, [.. changed.Select(booking => booking.Reference)]);
    }

    private MarkOutcome? Refusal(MarkFacts? facts, Actor actor)
    {
        if (facts is null)
        {
            return MarkOutcome.NotFound;
        }

        if (actor.Role != ActorRoles.Hr
            && (actor.Role != ActorRoles.Instructor || !string.Equals(facts.Instructor, actor.Name, StringComparison.OrdinalIgnoreCase)))
        {
            return MarkOutcome.NotFound;
        }

        return AttendanceRules.Timing(facts.RunStatus, facts.RunEndsAt, facts.SessionStartsAt, actor.Role, log.Now) switch
        {
            MarkTiming.Open => null,
            MarkTiming.NotYet => MarkOutcome.NotYet,
            MarkTiming.TooLate => MarkOutcome.TooLate,
            MarkTiming.NotHeld => MarkOutcome.NotHeld,
        };
    }

    private Task<IReadOnlyList<MarkedBooking>> ChangeAsync(
        NpgsqlTransaction transaction, MarkRequest request, long sessionId, CancellationToken cancellationToken)
    {
        var isPresent = request.Mark is not (Mark.Absent or Mark.NotAbsent);
        var wanted = new NewMarks(request.RunId, sessionId, isPresent, log.Now, request.Actor.Name);
        return request.Mark switch
        {
            Mark.Present or Mark.Absent => marks.SetAsync(transaction, wanted, request.Bookings, cancellationToken),
            Mark.RestPresent => marks.SetRestAsync(transaction, wanted, cancellationToken),
            Mark.NotPresent or Mark.NotAbsent => marks.RemoveAsync(transaction, wanted, request.Bookings, cancellationToken),
        };
    }

    private IEnumerable<AuditEntry> Entries(MarkRequest request, IReadOnlyList<MarkedBooking> changed, SettledChange settled)
    {
        var entry = new AuditEntry { At = log.Now, Actor = request.Actor, Action = "attendance.marked", RunId = request.RunId };
        foreach (var booking in changed)
        {
            yield return entry with
            {
                BookingId = booking.BookingId,
                PersonId = booking.PersonId,
                DepartmentId = booking.DepartmentId,
                Details = new Dictionary<string, object?> { ["session"] = request.Session, ["mark"] = Word(request.Mark) },
            };
        }

        if (settled.IsSettled != settled.WasSettled)
        {
            yield return entry with { Action = settled.IsSettled ? "attendance.settled" : "attendance.reopened" };
        }
    }

    private static string Word(Mark mark) => mark switch
    {
        Mark.Present or Mark.RestPresent => "present",
        Mark.Absent => "absent",
        Mark.NotPresent or Mark.NotAbsent => "unmarked",
    };
}
