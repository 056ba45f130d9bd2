using Booking.Data.Runs;
using Booking.Data.Site;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>Asks a leader for a yes, on runs whose rule wants one.</summary>
public sealed class AskLeader(
    ApprovalRepository approvals, DecisionLog log, IOptions<SiteOptions> site, IOptions<WorkingHoursOptions> hours)
{
    /// <summary>How many working hours a leader has to answer.</summary>
    public const int WorkingHours = 24;

    /// <summary>
    /// What a seat for this person is held for before it is booked; null when nobody is asked. Somebody without a known leader
    /// cannot be approved, and is not asked for it.
    /// </summary>
    internal NextHold? HoldFor(RunTimes run, Candidate person) =>
        run.RequiresApproval && person.LeaderEmail is not null ? new NextHold(HeldFor.Approval, Until(run)) : null;

    /// <summary>When the leader's time is over: never after the run has started.</summary>
    internal DateTimeOffset Until(RunTimes run)
    {
        var until = WorkingTime.Add(log.Now, WorkingHours, hours.Value, TimeZoneInfo.FindSystemTimeZoneById(site.Value.TimeZone));
        return until < run.StartsAt ? until : run.StartsAt;
    }

    /// <summary>Writes the question down and mails it.</summary>
    internal async Task RunAsync(
        NpgsqlTransaction transaction, long runId, long bookingId, Candidate person, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var approvalId = await approvals.InsertAsync(transaction, bookingId, person.LeaderEmail!, log.Now, until, cancellationToken);
        var leader = new Recipient(person.LeaderEmail!, person.LeaderName ?? "", Language: null);
        await log.TellAsync(transaction, [BookingMessages.Approval(approvalId, bookingId, runId, leader, log.Now)], cancellationToken);
    }
}
