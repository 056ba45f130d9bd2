using Booking.Data.Audit;
using Booking.Data.Outbox;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>What one pass did.</summary>
/// <param name="Warnings">Mails that warn of seats without names.</param>
/// <param name="Seats">Seats that nobody named in time, and that are free again.</param>
public sealed record ExpireHeldResult(int Warnings, int Seats);

/// <summary>
/// Every minute: seats without names are released seven days before the run starts, and their secretaries are warned three
/// days before that. Safe on many nodes at once; after a long stop it releases what is due and warns of the rest.
/// </summary>
public sealed class ExpireHeldSeats(
    NpgsqlDataSource dataSource, HeldSeatRepository held, BookingRepository bookings, EndBooking end, ServeWaitingList serve, DecisionLog log)
{
    /// <summary>How long before the release the secretaries are warned.</summary>
    public static readonly TimeSpan WarningBefore = TimeSpan.FromDays(3);

    private static readonly Actor Job = Actor.System("held-seats");

    /// <summary>Releases first: nobody is warned of what has just happened.</summary>
    public async Task<ExpireHeldResult> RunAsync(CancellationToken cancellationToken)
    {
        var seats = 0;
        foreach (var runId in await held.ListRunsDueAsync(log.Now, cancellationToken))
        {
            seats += await ReleaseAsync(runId, cancellationToken);
        }

        return new ExpireHeldResult(await WarnAsync(cancellationToken), seats);
    }

    private async Task<int> ReleaseAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var run = (await bookings.LockRunAsync(transaction, runId, cancellationToken))!;
        var due = await held.ListDueForUpdateAsync(transaction, runId, log.Now, cancellationToken);
        foreach (var seat in due)
        {
            await end.RunAsync(transaction, seat, new Ending { Actor = Job, Action = "booking.hold_released" }, cancellationToken);
        }

        await TellAsync(transaction, runId, due, cancellationToken);
        await serve.RunAsync(transaction, run, [.. due.Select(seat => SeatPool.Of(seat.Pool, seat.DepartmentId))], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return due.Count;
    }

    private async Task TellAsync(
        NpgsqlTransaction transaction, long runId, IReadOnlyList<BookingForChange> released, CancellationToken cancellationToken)
    {
        var byDepartment = released.ToLookup(seat => seat.DepartmentId!.Value);
        var secretaries = await held.ListSecretariesAsync(transaction, [.. byDepartment.Select(group => group.Key)], cancellationToken);
        await log.TellAsync(
            transaction,
            [.. secretaries.Select(secretary =>
            {
                var seats = byDepartment[secretary.DepartmentId].ToList();
                return HeldSeatMessages.Released(seats[0].BookingId, seats.Count, runId, secretary.DepartmentId, secretary.Email, log.Now);
            })],
            cancellationToken);
    }

    private async Task<int> WarnAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var warnings = await held.ListWarningsAsync(transaction, log.Now, WarningBefore, cancellationToken);
        await log.TellAsync(
            transaction, [.. warnings.Select(warning => HeldSeatMessages.Warning(OutboxKinds.HeldWarning, warning, log.Now))], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.Committed();
        return warnings.Count;
    }
}
