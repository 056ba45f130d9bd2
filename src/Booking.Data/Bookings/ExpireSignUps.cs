using Booking.Data.Audit;
using Booking.Data.Outbox;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>Gives back the seats of external sign-ups that were not confirmed within their 30 minutes, and says so by mail.</summary>
public sealed class ExpireSignUps(
    NpgsqlDataSource dataSource, BookingRepository bookings, SignUpRepository signUps, EndBooking end, ServeWaitingList serve,
    DecisionLog log)
{
    private const int BatchSize = 100;
    private static readonly Actor Sweep = Actor.System("expire-sign-ups");

    /// <summary>Ends everything that is over now, a batch per transaction. Safe on many nodes at once, and after a long stop.</summary>
    /// <returns>How many sign-ups were ended.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        int ended;
        do
        {
            ended = await ExpireBatchAsync(cancellationToken);
            total += ended;
        }
        while (ended == BatchSize);
        return total;
    }

    /// <summary>Ends one address's sign-up on a run if its time is over, so that the same address can try again at once.</summary>
    internal async Task ExpireAddressAsync(NpgsqlTransaction transaction, long runId, string email, CancellationToken cancellationToken)
    {
        foreach (var row in await signUps.ExpireAddressAsync(transaction, runId, email, log.Now, cancellationToken))
        {
            await ReleaseAsync(transaction, row, cancellationToken);
        }
    }

    private async Task<int> ExpireBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = await signUps.ExpireAsync(transaction, log.Now, BatchSize, cancellationToken);
        // By run: of several runs the one with the smaller id is locked first, as everywhere.
        foreach (var row in rows.OrderBy(row => row.RunId).ThenBy(row => row.SignUpId))
        {
            await ReleaseAsync(transaction, row, cancellationToken);
        }

        if (rows.Count == 0)
        {
            return 0;
        }

        await log.TellBehindAsync(
            transaction, [.. rows.Where(row => row.Status == "pending").Select(row => BookingMessages.SignUp(OutboxKinds.SignUpExpired, "", row, log.Now))], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return rows.Count;
    }

    private async Task ReleaseAsync(NpgsqlTransaction transaction, SignUpRow row, CancellationToken cancellationToken)
    {
        if (row.BookingId is not { } bookingId)
        {
            return;
        }

        var run = (await bookings.LockRunAsync(transaction, row.RunId, cancellationToken))!;
        var booking = await bookings.FindForUpdateAsync(transaction, bookingId, cancellationToken);
        if (booking is not { Status: "held" })
        {
            return;
        }

        await end.RunAsync(transaction, booking, new Ending { Actor = Sweep, Action = "sign_up.expired" }, cancellationToken);
        await serve.RunAsync(transaction, run, [SeatPool.Of(booking.Pool, booking.DepartmentId)], cancellationToken);
    }
}
