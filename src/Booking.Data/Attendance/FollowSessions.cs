using Npgsql;

namespace Booking.Data.Attendance;

/// <summary>
/// What follows when a run's sessions are other ones: marks of a session that is dropped or lies ahead again are void, a settled
/// run is open again, and the mailed links work until fourteen days after the new end. The caller has the run locked.
/// </summary>
public sealed class FollowSessions(AttendanceMarkRepository marks)
{
    internal async Task RunAsync(NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await marks.MoveLinksAsync(transaction, runId, cancellationToken);
        var without = await marks.RemoveVoidAsync(transaction, runId, now, cancellationToken);
        var reopened = await marks.ListReopenedAsync(transaction, runId, now, cancellationToken);
        long[] changed = [.. without.Union(reopened)];
        if (changed.Length > 0)
        {
            await marks.UpdateStatusesAsync(transaction, runId, changed, now, cancellationToken);
            await marks.UpdateRunAsync(transaction, runId, now, cancellationToken);
        }
    }
}
