using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Attendance;

/// <summary>
/// Settles the attendance of runs that were asked about long enough: two days after the second question, and when nobody can be
/// asked, at the same time after the last session. Whoever has no mark counts as attended, and the run says that this was
/// assumed. There is no limit to how late that is caught up on.
/// </summary>
public sealed class SettleAttendance(
    NpgsqlDataSource dataSource, BookingRepository bookings, AttendanceQuestionRepository questions, DecisionLog log)
{
    private const int Batch = 200;

    /// <summary>Settles all that is due, each run in a transaction of its own. Safe on many nodes at once.</summary>
    /// <returns>How many runs.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        int settled;
        do
        {
            settled = 0;
            foreach (var runId in await ListAsync(cancellationToken))
            {
                settled += await SettleAsync(runId, cancellationToken) ? 1 : 0;
            }

            total += settled;
        }
        while (settled == Batch);

        return total;
    }

    private async Task<IReadOnlyList<long>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await questions.ListSettledAsync(connection, log.Now, Batch, cancellationToken);
    }

    private async Task<bool> SettleAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Before the lock an instructor may have marked somebody, HR moved the run, or another node settled it.
        await bookings.LockRunAsync(transaction, runId, cancellationToken);
        if (!await questions.IsDueAsync(transaction, runId, log.Now, cancellationToken))
        {
            return false;
        }

        var assumed = await questions.AssumeAsync(transaction, runId, cancellationToken);
        await questions.SettleAsync(transaction, runId, assumed.Count > 0, log.Now, cancellationToken);
        await log.RecordAsync(transaction, [.. Entries(runId, assumed)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private IEnumerable<AuditEntry> Entries(long runId, IReadOnlyList<AssumedBooking> assumed)
    {
        var entry = new AuditEntry { At = log.Now, Actor = Actor.System("attendance"), Action = "attendance.settled", RunId = runId };
        yield return entry with
        {
            Details = new Dictionary<string, object?> { ["people"] = assumed.Count, ["assumed"] = assumed.Count > 0 },
        };
        foreach (var booking in assumed)
        {
            yield return entry with
            {
                Action = "attendance.assumed",
                BookingId = booking.BookingId,
                PersonId = booking.PersonId,
                DepartmentId = booking.DepartmentId,
            };
        }
    }
}
