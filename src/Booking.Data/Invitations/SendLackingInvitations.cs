using Booking.Data.Bookings;
using Booking.Data.Plans;
using Booking.Data.Runs;
using Dapper;
using Npgsql;

namespace Booking.Data.Invitations;

/// <summary>
/// After an import, and every minute: sends the invitations that booked people lack on runs that got another session lately. A
/// reservation that was under way then has not seen the session, and a crash after the import leaves it to the schedule.
/// </summary>
public sealed class SendLackingInvitations(
    NpgsqlDataSource dataSource, BookingRepository bookings, PlanSessionRepository sessions, LockPatience patience, DecisionLog log)
{
    /// <summary>For how long a run is looked at: longer than any reservation that had not seen its new session can take.</summary>
    public static readonly TimeSpan LookedAtFor = TimeSpan.FromMinutes(10);

    /// <summary>Sees to every run that got another session lately. Safe on many nodes at once.</summary>
    /// <returns>How many invitations were lacking.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var sent = 0;
        foreach (var runId in await ListRunsAsync(cancellationToken))
        {
            sent += await patience.RunAsync(dataSource, transaction => SendAsync(transaction, runId, cancellationToken), busy: 0, cancellationToken);
        }

        if (sent > 0)
        {
            log.Committed();
        }

        return sent;
    }

    private async Task<int> SendAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken)
    {
        var run = await bookings.LockRunAsync(transaction, runId, cancellationToken);
        await sessions.LockAsync(transaction, runId, cancellationToken);
        IReadOnlyList<DueInvitation> due = run is { Status: RunStatuses.Published }
            ? await sessions.AddLateAsync(transaction, runId, cancellationToken)
            : [];
        await log.TellAsync(transaction, DueInvitation.Messages(due, BookingMessages.Invitations, runId, log.Now), cancellationToken);
        await EndAsync(transaction, runId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return due.Count;
    }

    private async Task<IReadOnlyList<long>> ListRunsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(
            "select run_id from runs where sessions_added_at is not null order by run_id",
            cancellationToken: cancellationToken))];
    }

    private async Task EndAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update runs set sessions_added_at = null where run_id = @runId and sessions_added_at <= @before",
            new { runId, before = log.Now - LookedAtFor },
            transaction,
            cancellationToken: cancellationToken));
}
