using Booking.Data.Audit;
using Npgsql;

namespace Booking.Data.Allotments;

/// <summary>Gives free open seats of a run to the external sectors: nobody was promised those, and nobody has them.</summary>
public sealed class GiveOpenSeats(
    RunPublishingRepository runs, AllotmentRepository allotments, AuditRepository audit, TimeProvider clock)
{
    /// <summary>
    /// Gives as part of the caller's transaction, which has locked the run, knows that it is not released, and writes how
    /// many external seats it then has.
    /// </summary>
    /// <returns>How many there were to give, at most <paramref name="wanted"/>.</returns>
    internal async Task<int> RunAsync(
        NpgsqlTransaction transaction, long runId, int wanted, Actor actor, CancellationToken cancellationToken)
    {
        var given = await runs.GiveOpenSeatsAsync(transaction, runId, wanted, cancellationToken);
        if (given == 0)
        {
            return 0;
        }

        var now = clock.GetUtcNow();
        await allotments.InsertAsync(transaction, [AllottedRun.ExternalOnly(runId, given)], now, cancellationToken);
        await audit.InsertAsync(
            transaction,
            new AuditEntry
            {
                At = now,
                Actor = actor,
                Action = "run.external_seats_raised",
                RunId = runId,
                Details = new Dictionary<string, object?> { ["from_open"] = given },
            },
            cancellationToken);
        return given;
    }
}
