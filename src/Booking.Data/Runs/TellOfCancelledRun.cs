using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Booking.Data.Plans;
using Booking.Data.Swaps;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>What ended with a run.</summary>
internal sealed record EndedWithRun(
    IReadOnlyList<RunEndedBooking> Bookings, IReadOnlyList<RunEndedEntry> Waiting, IReadOnlyList<VoidApproval> Approvals,
    IReadOnlyList<SeatSwap> Swaps);

/// <summary>
/// Tells everybody of a cancelled run, in its transaction: each person once, calendars, secretaries with seats or proposals on it,
/// leaders who were asked, the instructor.
/// </summary>
public sealed class TellOfCancelledRun(
    RunCancellationRepository run, PlanSessionRepository sessions, HrRunRepository runs, SwapLog swapLog, DecisionLog log)
{
    internal async Task RunAsync(
        NpgsqlTransaction transaction, long runId, EndedWithRun ended, Actor actor, CancellationToken cancellationToken)
    {
        var people = People(runId, ended);
        await log.TellAsync(
            transaction,
            [
                .. await CalendarsAsync(transaction, runId, cancellationToken),
                .. people,
                .. await SecretariesAsync(transaction, runId, ended.Bookings, cancellationToken),
                .. ended.Approvals.Select(approval => RunMessages.ApprovalVoid(runId, approval, log.Now)),
                .. await InstructorAsync(transaction, runId, cancellationToken),
            ],
            cancellationToken);
        foreach (var swap in ended.Swaps)
        {
            await swapLog.WriteAsync(transaction, swap, SwapEvent.RunCancelled, actor, cancellationToken);
        }

        await SignUpsAsync(transaction, runId, people, cancellationToken);
    }

    // One mail a person: an offer from the waiting list is a held booking and an entry.
    private List<OutboxMessage> People(long runId, EndedWithRun ended) =>
        [.. ended.Bookings.Where(booking => booking.Email is not null && booking.HeldFor != HeldFor.Offer)
            .Select(booking => RunMessages.Cancelled(
                runId,
                booking.WasHeld ? CancelledFor.Approval : CancelledFor.Booked,
                booking.PersonId!.Value,
                booking.DepartmentId,
                new Recipient(booking.Email!, booking.Name!, booking.Language),
                log.Now))
            .Concat(ended.Waiting.Select(entry => RunMessages.Cancelled(
                runId, CancelledFor.Waiting, entry.PersonId, entry.DepartmentId, new Recipient(entry.Email, entry.Name, entry.Language), log.Now)))
            .DistinctBy(message => message.Key)];

    private async Task<IEnumerable<OutboxMessage>> CalendarsAsync(
        NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken)
    {
        var sessionIds = await runs.ListSessionIdsAsync(transaction, runId, cancellationToken);
        var events = await sessions.CancelEventsAsync(transaction, sessionIds, cancellationToken);
        return DueInvitation.Messages(events, BookingMessages.Cancellations, runId, log.Now);
    }

    private async Task<IEnumerable<OutboxMessage>> SecretariesAsync(
        NpgsqlTransaction transaction, long runId, IReadOnlyList<RunEndedBooking> ended, CancellationToken cancellationToken)
    {
        var held = ended.Where(booking => booking is { WasHeld: true, HeldFor: HeldFor.Name }).Select(booking => booking.BookingId).ToList();
        var secretaries = await run.ListHoldingSecretariesAsync(transaction, held, cancellationToken);
        return secretaries.Select(secretary => RunMessages.CancelledHeld(runId, secretary, log.Now));
    }

    private async Task<IEnumerable<OutboxMessage>> InstructorAsync(
        NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await runs.FindInstructorAsync(transaction, runId, cancellationToken) is { } instructor
            ? [RunMessages.CancelledInstructor(runId, instructor, log.Now)]
            : [];

    private async Task SignUpsAsync(
        NpgsqlTransaction transaction, long runId, List<OutboxMessage> people, CancellationToken cancellationToken)
    {
        var told = people.Select(message => message.RecipientEmail).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var signUps = await run.EndSignUpsAsync(transaction, runId, cancellationToken);
        await log.TellBehindAsync(
            transaction,
            [.. signUps.Where(signUp => !told.Contains(signUp.Email)).Select(signUp => RunMessages.CancelledSignUp(signUp, log.Now))],
            cancellationToken);
    }
}
