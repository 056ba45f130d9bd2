using Booking.Data.Audit;
using Booking.Data.Runs;
using Booking.Data.WaitingLists;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>What became of a leader's answer.</summary>
public enum ApprovalOutcome
{
    /// <summary>Yes: the seat is booked, and the invitation is on its way.</summary>
    Approved,

    /// <summary>No: the seat went on, and the department and the person are told.</summary>
    Refused,

    /// <summary>It was answered before; nothing changed.</summary>
    AlreadyDecided,

    /// <summary>The time for an answer was over; the seat went on.</summary>
    Expired,

    /// <summary>The booking ended before there was an answer.</summary>
    NotNeeded,

    /// <summary>There is no such question.</summary>
    NotFound,
}

/// <summary>Takes a leader's yes or no to one booking, and ends questions that got no answer in time.</summary>
public sealed class DecideApproval(
    NpgsqlDataSource dataSource, ApprovalRepository approvals, BookingRepository bookings, PlacePerson place, EndBooking end,
    ServeWaitingList serve, DecisionLog log)
{
    private static readonly Actor Job = Actor.System("approvals");

    /// <summary>Answers once; the same link again changes nothing.</summary>
    /// <param name="token">The secret from the mail.</param>
    /// <param name="isApproved">Yes or no.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ApprovalOutcome> RunAsync(string token, bool isApproved, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await approvals.FindByTokenAsync(transaction, LinkToken.Hash(token), cancellationToken) is not { } found)
        {
            return ApprovalOutcome.NotFound;
        }

        var run = (await bookings.LockRunAsync(transaction, found.RunId, cancellationToken))!;
        var approval = await approvals.GetForUpdateAsync(transaction, found.ApprovalId, cancellationToken);
        var outcome = approval switch
        {
            { Status: "pending" } when approval.ExpiresAt <= log.Now => ApprovalOutcome.Expired,
            { Status: "pending" } => isApproved ? ApprovalOutcome.Approved : ApprovalOutcome.Refused,
            { Status: "expired" } => ApprovalOutcome.Expired,
            { Status: "void" } => ApprovalOutcome.NotNeeded,
            _ => ApprovalOutcome.AlreadyDecided,
        };
        if (outcome is ApprovalOutcome.Approved or ApprovalOutcome.Refused)
        {
            var leader = new Actor { Name = approval.LeaderEmail, Role = ActorRoles.Leader };
            await DecideAsync(transaction, run, approval, isApproved ? "approved" : "refused", leader, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            log.Committed();
        }

        return outcome;
    }

    /// <summary>Ends every question whose time is over, one run per transaction. Safe on many nodes at once, and after a long stop.</summary>
    /// <returns>How many were ended.</returns>
    public async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        var ended = 0;
        foreach (var runId in await approvals.ListRunsDueAsync(log.Now, cancellationToken))
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var run = (await bookings.LockRunAsync(transaction, runId, cancellationToken))!;
            foreach (var approval in await approvals.ListExpiredAsync(transaction, runId, log.Now, cancellationToken))
            {
                await DecideAsync(transaction, run, approval, "expired", Job, cancellationToken);
                ended++;
            }

            await transaction.CommitAsync(cancellationToken);
            log.Committed();
        }

        return ended;
    }

    private async Task DecideAsync(
        NpgsqlTransaction transaction, RunTimes run, ApprovalRow approval, string status, Actor actor, CancellationToken cancellationToken)
    {
        await approvals.DecideAsync(transaction, approval.ApprovalId, status, log.Now, cancellationToken);
        var booking = (await bookings.FindForUpdateAsync(transaction, approval.BookingId, cancellationToken))!;
        if (status == "approved")
        {
            await ApproveAsync(transaction, run, booking, actor, cancellationToken);
            return;
        }

        await end.RunAsync(transaction, booking, new Ending { Actor = actor, Action = $"approval.{status}" }, cancellationToken);
        await log.TellAsync(transaction, [.. BookingMessages.NotApproved(booking, approval.ApprovalId, log.Now)], cancellationToken);
        await serve.RunAsync(transaction, run, [SeatPool.Of(booking.Pool, booking.DepartmentId)], cancellationToken);
    }

    private async Task ApproveAsync(
        NpgsqlTransaction transaction, RunTimes run, BookingForChange booking, Actor actor, CancellationToken cancellationToken)
    {
        var person = await bookings.FindPersonAsync(transaction, booking.PersonId!.Value, cancellationToken);
        await place.SettleAsync(transaction, run, booking.BookingId, HeldFor.Approval, person, cancellationToken);
        if (booking.Source == "secretary")
        {
            await log.TellAsync(
                transaction,
                [BookingMessages.ApprovedReceipt(booking.BookingId, booking.RunId, Recipient.OfAddress(booking.BookedBy), log.Now)],
                cancellationToken);
        }

        await log.RecordAsync(
            transaction,
            [new AuditEntry
            {
                At = log.Now,
                Actor = actor,
                Action = "approval.approved",
                RunId = booking.RunId,
                BookingId = booking.BookingId,
                PersonId = booking.PersonId,
                DepartmentId = booking.DepartmentId,
            }],
            cancellationToken);
    }
}
