using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Runs;
using Npgsql;

namespace Booking.Data.WaitingLists;

/// <summary>How one run serves its waiting list from now on.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Mode">One of <see cref="WaitingListModes"/>.</param>
/// <param name="OfferWorkingHours">For how many working hours an offer stands.</param>
/// <param name="Actor">Who decides.</param>
public sealed record WaitingListRuleRequest(long RunId, string Mode, int OfferWorkingHours, Actor Actor);

/// <summary>What became of the wish to change a run's rule.</summary>
public enum WaitingListRuleOutcome
{
    /// <summary>The rule is a new one; offers that are out keep the time that their mail says.</summary>
    Changed,

    /// <summary>It was so already.</summary>
    Unchanged,

    /// <summary>There is no such mode, or the hours are out of bounds.</summary>
    Invalid,

    /// <summary>There is no such run.</summary>
    NotFound,
}

/// <summary>Sets whether a run's waiting list books at once or offers, and for how long an offer stands.</summary>
public sealed class ChangeWaitingListRule(
    NpgsqlDataSource dataSource, WaitingListRepository waitingList, BookingRepository bookings, DecisionLog log)
{
    /// <summary>The longest that an offer may stand, in working hours.</summary>
    public const int MaximumHours = 400;

    /// <summary>Changes the rule for whoever is served from now on.</summary>
    public async Task<WaitingListRuleOutcome> RunAsync(WaitingListRuleRequest request, CancellationToken cancellationToken)
    {
        if (request.Mode is not (WaitingListModes.Book or WaitingListModes.Offer) || request.OfferWorkingHours is < 1 or > MaximumHours)
        {
            return WaitingListRuleOutcome.Invalid;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var run = await bookings.LockRunAsync(transaction, request.RunId, cancellationToken);
        if (run is null)
        {
            return WaitingListRuleOutcome.NotFound;
        }

        if (run.WaitingListMode == request.Mode && run.OfferWorkingHours == request.OfferWorkingHours)
        {
            return WaitingListRuleOutcome.Unchanged;
        }

        await waitingList.SetRuleAsync(transaction, request, cancellationToken);
        await log.RecordAsync(
            transaction,
            [new AuditEntry
            {
                At = log.Now,
                Actor = request.Actor,
                Action = "waiting_list.rule_changed",
                RunId = request.RunId,
                Details = new Dictionary<string, object?>
                {
                    ["mode"] = request.Mode,
                    ["hours"] = request.OfferWorkingHours,
                    ["mode_before"] = run.WaitingListMode,
                    ["hours_before"] = run.OfferWorkingHours,
                },
            }],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return WaitingListRuleOutcome.Changed;
    }
}
