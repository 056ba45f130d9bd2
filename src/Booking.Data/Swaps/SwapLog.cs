using System.Text.Json;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Npgsql;

namespace Booking.Data.Swaps;

/// <summary>Something that happens to a swap: who is told, and what the trail calls it.</summary>
/// <param name="Status">The swap's status from then on.</param>
/// <param name="Kind">The mail.</param>
/// <param name="IsForProposer">Whether the department that proposed it is told, or the one that was asked.</param>
internal sealed record SwapEvent(string Status, string Kind, bool IsForProposer)
{
    public static SwapEvent Proposed { get; } = new(SwapStatuses.Proposed, OutboxKinds.SwapProposed, IsForProposer: false);

    public static SwapEvent Accepted { get; } = new(SwapStatuses.Accepted, OutboxKinds.SwapAnswered, IsForProposer: true);

    public static SwapEvent Declined { get; } = new(SwapStatuses.Declined, OutboxKinds.SwapAnswered, IsForProposer: true);

    public static SwapEvent Expired { get; } = new(SwapStatuses.Expired, OutboxKinds.SwapAnswered, IsForProposer: true);

    public static SwapEvent Withdrawn { get; } = new(SwapStatuses.Withdrawn, OutboxKinds.SwapWithdrawn, IsForProposer: false);

    /// <summary>Nobody took it back, so both departments are told.</summary>
    public static SwapEvent RunCancelled { get; } =
        new(SwapStatuses.Withdrawn, OutboxKinds.SwapRunCancelled, IsForProposer: true) { IsForBoth = true };

    /// <summary>Whether both departments are told.</summary>
    public bool IsForBoth { get; private init; }

    /// <summary>Who is told.</summary>
    public IEnumerable<long> Departments(SeatSwap swap) => IsForBoth
        ? [swap.FromDepartmentId, swap.ToDepartmentId]
        : [IsForProposer ? swap.FromDepartmentId : swap.ToDepartmentId];
}

/// <summary>Tells the secretaries of a swap, and writes it into the trail of both runs.</summary>
public sealed class SwapLog(SwapRepository swaps, DecisionLog log)
{
    internal async Task WriteAsync(
        NpgsqlTransaction transaction, SeatSwap swap, SwapEvent happened, Actor actor, CancellationToken cancellationToken)
    {
        List<string> secretaries = [];
        foreach (var department in happened.Departments(swap))
        {
            secretaries.AddRange(await swaps.ListSecretariesAsync(transaction, department, cancellationToken));
        }

        // One mail an address: somebody may be secretary of both.
        await log.TellAsync(
            transaction,
            [.. secretaries.Distinct(StringComparer.OrdinalIgnoreCase).Select(email => Message(swap, happened.Kind, email))],
            cancellationToken);
        await log.RecordAsync(transaction, [.. swap.RunIds.Select(run => Entry(swap, happened, run, actor))], cancellationToken);
    }

    // One queue per swap and address: that it was taken back never arrives before the proposal.
    private OutboxMessage Message(SeatSwap swap, string kind, string email) => new()
    {
        Key = $"{kind}/{swap.Reference:N}/{email.ToLowerInvariant()}",
        Kind = kind,
        Queue = $"swap/{swap.Reference:N}/{email.ToLowerInvariant()}",
        RunId = swap.OfferedRunId,
        RecipientEmail = email,
        Language = null,
        Payload = JsonSerializer.Serialize(new { swap = swap.SwapId }),
        CreatedAt = log.Now,
    };

    private AuditEntry Entry(SeatSwap swap, SwapEvent happened, long runId, Actor actor) => new()
    {
        At = log.Now,
        Actor = actor,
        Action = $"swap.{happened.Status}",
        RunId = runId,
        DepartmentId = swap.FromDepartmentId,
        Details = new Dictionary<string, object?>
        {
            ["swap"] = swap.SwapId,
            ["to_department"] = swap.ToDepartmentId,
            ["offered_run"] = swap.OfferedRunId,
            ["offered_seats"] = swap.OfferedSeats,
            ["wanted_run"] = swap.WantedRunId,
            ["wanted_seats"] = swap.WantedSeats,
        },
    };
}
