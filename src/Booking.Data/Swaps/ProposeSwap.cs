using Booking.Data.Audit;
using Booking.Data.Bookings;
using Npgsql;

namespace Booking.Data.Swaps;

/// <summary>What became of a proposal.</summary>
public enum ProposeOutcome
{
    /// <summary>The other department is asked.</summary>
    Proposed,

    /// <summary>There is no such other department.</summary>
    UnknownDepartment,

    /// <summary>The run whose seats are offered is not published, or its seats are released.</summary>
    OfferedRunClosed,

    /// <summary>The same of the run whose seats are wanted.</summary>
    WantedRunClosed,

    /// <summary>The own department has fewer unused guaranteed seats there.</summary>
    TooFewOwnSeats,

    /// <summary>The other department has fewer.</summary>
    TooFewTheirSeats,

    /// <summary>Seats of one run for seats of the same run, or no seats at all: nothing would change.</summary>
    NothingToSwap,
}

/// <summary>A proposal: so many seats of one run for so many of another, or for nothing.</summary>
public sealed record ProposeRequest
{
    /// <summary>Whose seats are offered; the caller has checked that the actor is its secretary.</summary>
    public required long FromDepartmentId { get; init; }

    /// <summary>Who is asked.</summary>
    public required long ToDepartmentId { get; init; }

    /// <summary>The code of the run whose seats are offered.</summary>
    public required string OfferedRun { get; init; }

    /// <summary>How many.</summary>
    public required int OfferedSeats { get; init; }

    /// <summary>The code of the run whose seats are wanted; null for nothing.</summary>
    public string? WantedRun { get; init; }

    /// <summary>How many.</summary>
    public int WantedSeats { get; init; }

    /// <summary>The secretary.</summary>
    public required Actor Actor { get; init; }
}

/// <summary>
/// Proposes a swap of unused guaranteed seats to another department. Nothing is held for it: both departments go on using
/// their seats, and whether they are there is seen when the answer comes.
/// </summary>
public sealed class ProposeSwap(NpgsqlDataSource dataSource, SwapRepository swaps, SwapSeatRepository seats, SwapLog swapLog, DecisionLog log)
{
    /// <summary>Writes the proposal down and asks the other department's secretaries.</summary>
    /// <exception cref="ArgumentException">The actor is not a secretary of the department.</exception>
    public async Task<ProposeOutcome> RunAsync(ProposeRequest request, CancellationToken cancellationToken)
    {
        if (!request.Actor.DepartmentIds.Contains(request.FromDepartmentId))
        {
            throw new ArgumentException("The actor is not a secretary of this department.", nameof(request));
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var outcome = await ProposeAsync(transaction, request, cancellationToken);
        if (outcome is ProposeOutcome.Proposed)
        {
            await transaction.CommitAsync(cancellationToken);
            log.Committed();
        }

        return outcome;
    }

    private async Task<ProposeOutcome> ProposeAsync(NpgsqlTransaction transaction, ProposeRequest request, CancellationToken cancellationToken)
    {
        var isGift = request.WantedRun is null || request.WantedSeats == 0;
        if (request.OfferedSeats < 1 || request.WantedSeats < 0 || (!isGift && request.WantedRun == request.OfferedRun))
        {
            return ProposeOutcome.NothingToSwap;
        }

        if (request.ToDepartmentId == request.FromDepartmentId
            || (await swaps.ListSecretariesAsync(transaction, request.ToDepartmentId, cancellationToken)).Count == 0)
        {
            return ProposeOutcome.UnknownDepartment;
        }

        var offered = await seats.FindRunAsync(transaction, request.OfferedRun, request.FromDepartmentId, log.Now, cancellationToken);
        var wanted = isGift ? null : await seats.FindRunAsync(transaction, request.WantedRun!, request.ToDepartmentId, log.Now, cancellationToken);
        var refusal = (offered, wanted) switch
        {
            (null, _) => ProposeOutcome.OfferedRunClosed,
            (_, null) when !isGift => ProposeOutcome.WantedRunClosed,
            ({ } own, _) when own.FreeSeats < request.OfferedSeats => ProposeOutcome.TooFewOwnSeats,
            (_, { } theirs) when theirs.FreeSeats < request.WantedSeats => ProposeOutcome.TooFewTheirSeats,
            _ => ProposeOutcome.Proposed,
        };
        if (refusal is ProposeOutcome.Proposed)
        {
            var swap = await swaps.InsertAsync(transaction, NewSwap(request, offered!, wanted), cancellationToken);
            await swapLog.WriteAsync(transaction, swap, SwapEvent.Proposed, request.Actor, cancellationToken);
        }

        return refusal;
    }

    private NewSwap NewSwap(ProposeRequest request, SwapRun offered, SwapRun? wanted) => new(
        request.FromDepartmentId,
        request.ToDepartmentId,
        offered.RunId,
        request.OfferedSeats,
        wanted?.RunId,
        wanted is null ? 0 : request.WantedSeats,
        request.Actor.Name,
        log.Now,
        wanted is not null && wanted.ReleaseAt < offered.ReleaseAt ? wanted.ReleaseAt : offered.ReleaseAt);
}
