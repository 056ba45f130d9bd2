using Booking.Data.Allotments;
using Booking.Data.Attendance;
using Booking.Data.Bookings;
using Booking.Data.Invitations;
using Booking.Data.Plans.Reading;
using Npgsql;

namespace Booking.Data.Plans;

/// <summary>
/// Changes of a published run: seats that are promised or taken stay, and whoever has a changed session in the calendar is
/// sent the change in the same transaction.
/// </summary>
public sealed class PublishedRunImport(
    PlanRunRepository runs, PlanSessionRepository sessions, AddSeats addSeats, GiveOpenSeats giveOpenSeats, RemoveSeats removeSeats,
    FollowSessions attendance, DecisionLog log)
{
    /// <param name="transaction">The import's; it has the run locked.</param>
    /// <param name="context">The import.</param>
    /// <param name="stored">The run, read under that lock.</param>
    /// <param name="wanted">How it is to be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The run as it is now.</returns>
    internal async Task<RunValues> ChangeAsync(
        NpgsqlTransaction transaction, PlanImportContext context, StoredRun stored, RunValues wanted, CancellationToken cancellationToken)
    {
        var (row, planned) = (stored.Row, wanted.Run);
        if (RunFields.Different(stored.Values(planned), wanted).Count == 0)
        {
            return wanted;
        }

        if (ChangesCalendars(stored, planned))
        {
            // The run before its sessions: whoever serves its waiting list has the run and makes events of the sessions.
            await sessions.LockAsync(transaction, row.RunId, cancellationToken);
        }

        var seats = await runs.CountSeatsAsync(transaction, row.RunId, cancellationToken);
        var decision = PublishedRunRules.Decide(stored, planned, wanted.CourseId, seats, context.Now);
        var accepted = await LowerAsync(transaction, context, stored, decision, cancellationToken);
        accepted = await GiveAsync(transaction, context, row, accepted, cancellationToken);
        context.Report.Refuse(row.Code, decision.Refusals);

        var values = new RunValues(accepted, decision.CourseId);
        var fields = RunFields.Different(stored.Values(planned), values);
        if (fields.Count > 0)
        {
            await WriteAsync(transaction, stored, values, cancellationToken);
            await WriteSessionsAsync(transaction, context, stored, (accepted, seats.InvitedSessions), cancellationToken);
            await AddSeatsAsync(transaction, context, row, accepted, cancellationToken);
            context.Report.Audit(context.RunChanged(row.RunId, fields));
        }

        return values;
    }

    private async Task<PlanRun> LowerAsync(
        NpgsqlTransaction transaction, PlanImportContext context, StoredRun stored, PublishedRunDecision decision, CancellationToken cancellationToken)
    {
        var (row, accepted) = (stored.Row, decision.Accepted);
        var fewer = row.Capacity - accepted.Capacity;
        if (fewer <= 0)
        {
            return accepted;
        }

        // Between the count and the removal a reservation may have come for one of the seats: then none is removed.
        if (await removeSeats.RunAsync(transaction, row.RunId, fewer, alsoExternal: false, cancellationToken) is not null)
        {
            return accepted;
        }

        var seats = await runs.CountSeatsAsync(transaction, row.RunId, cancellationToken);
        var refusal = PublishedRunRules.CapacityRefusal(row, accepted, seats);
        context.Report.Refuse(row.Code, refusal.Column, refusal.Asked, refusal.Reason);
        return accepted with { Capacity = row.Capacity };
    }

    /// <summary>Gives free open seats to the external sectors, where the added seats do not suffice.</summary>
    private async Task<PlanRun> GiveAsync(
        NpgsqlTransaction transaction, PlanImportContext context, RunRow row, PlanRun accepted, CancellationToken cancellationToken)
    {
        var added = Math.Max(accepted.Capacity - row.Capacity, 0);
        var wanted = accepted.ExternalSeats - row.ExternalSeats - added;
        if (wanted <= 0)
        {
            return accepted;
        }

        var given = await giveOpenSeats.RunAsync(transaction, row.RunId, wanted, context.Actor, cancellationToken);
        if (given == wanted)
        {
            return accepted;
        }

        // Since they were counted, a reservation has come for some of them.
        var seats = await runs.CountSeatsAsync(transaction, row.RunId, cancellationToken);
        var external = accepted.ExternalSeats - wanted + given;
        var refusal = PublishedRunRules.ExternalRefusal(
            row, accepted.ExternalSeats, PublishedRunRules.ExternalShortage(external, added, given, seats));
        context.Report.Refuse(row.Code, refusal.Column, refusal.Asked, refusal.Reason);
        return accepted with { ExternalSeats = external };
    }

    // Added seats, and the external ones among them, are left to AddSeatsAsync.
    private async Task WriteAsync(
        NpgsqlTransaction transaction, StoredRun stored, RunValues accepted, CancellationToken cancellationToken)
    {
        var (run, row) = (accepted.Run, stored.Row);
        var written = run with
        {
            Capacity = Math.Min(run.Capacity, row.Capacity),
            ExternalSeats = run.ExternalSeats - AddedExternalSeats(row, run),
        };
        await runs.UpdateAsync(transaction, row.RunId, accepted with { Run = written }, cancellationToken);
    }

    // Last: whoever waits for an added seat gets it at once, with the sessions as they now are.
    private async Task AddSeatsAsync(
        NpgsqlTransaction transaction, PlanImportContext context, RunRow row, PlanRun run, CancellationToken cancellationToken)
    {
        var more = run.Capacity - row.Capacity;
        if (more > 0)
        {
            var added = new SeatsToAdd(row.RunId, more, AddedExternalSeats(row, run));
            await addSeats.RunAsync(transaction, added, context.Actor, cancellationToken);
        }
    }

    private static int AddedExternalSeats(RunRow row, PlanRun run) =>
        Math.Clamp(run.ExternalSeats - row.ExternalSeats, 0, Math.Max(run.Capacity - row.Capacity, 0));

    private async Task WriteSessionsAsync(
        NpgsqlTransaction transaction, PlanImportContext context, StoredRun stored, (PlanRun Run, long[] InvitedSessions) accepted,
        CancellationToken cancellationToken)
    {
        var (run, invitedSessions) = accepted;
        var changes = SessionChanges.Between(stored.Sessions, run.Sessions);
        await RemoveSessionsAsync(transaction, context, stored.Row.RunId, (changes.Removed, invitedSessions), cancellationToken);
        if (changes.Kept.Any(pair => pair.IsChanged))
        {
            await sessions.UpdateAsync(transaction, [.. changes.Kept.Where(pair => pair.IsChanged)], cancellationToken);
        }

        if (stored.Sessions.Select(session => session.StartsAt).FirstOrDefault() != run.Sessions[0].StartsAt)
        {
            await sessions.MoveLinksAsync(transaction, stored.Row.RunId, cancellationToken);
        }

        if (changes.Added.Count > 0)
        {
            await sessions.InsertAsync(transaction, stored.Row.RunId, changes.Added, cancellationToken);
            await runs.MarkSessionsAddedAsync(transaction, stored.Row.RunId, context.Now, cancellationToken);
        }

        if (changes.Removed.Count > 0 || changes.Added.Count > 0 || changes.Kept.Any(pair => pair.IsChanged))
        {
            await attendance.RunAsync(transaction, stored.Row.RunId, context.Now, cancellationToken);
        }

        var told = IsMoved(stored.Row, run) ? changes.Kept : changes.Kept.Where(pair => pair.IsMoved);
        await TellAsync(
            transaction,
            context,
            (stored.Row.RunId, changes.Added.Count > 0),
            [.. told.Where(pair => pair.Planned.Session.EndsAt > context.Now).Select(pair => pair.Row.SessionId)],
            cancellationToken);
    }

    /// <summary>Deletes sessions that no calendar knows; the others are cancelled, with a mail to everybody who has them.</summary>
    private async Task RemoveSessionsAsync(
        NpgsqlTransaction transaction, PlanImportContext context, long runId, (IReadOnlyList<SessionRow> Removed, long[] Invited) found,
        CancellationToken cancellationToken)
    {
        var ids = found.Removed.Select(session => session.SessionId).ToList();
        long[] cancelled = [.. ids.Intersect(found.Invited)];
        if (cancelled.Length < ids.Count)
        {
            await sessions.DeleteAsync(transaction, [.. ids.Except(cancelled)], cancellationToken);
        }

        if (cancelled.Length > 0)
        {
            await sessions.CancelAsync(transaction, cancelled, context.Now, cancellationToken);
            var due = await sessions.CancelEventsAsync(transaction, cancelled, cancellationToken);
            await log.TellAsync(transaction, DueInvitation.Messages(due, BookingMessages.Cancellations, runId, context.Now), cancellationToken);
        }
    }

    // Anything that calendars show. Without the lock, a reservation that commits between the raised sequences and this
    // transaction's end would be sent the old time and never the new one.
    private static bool ChangesCalendars(StoredRun stored, PlanRun planned) =>
        IsMoved(stored.Row, planned)
        || !stored.Sessions.Select(session => (session.StartsAt, session.EndsAt))
            .SequenceEqual(planned.Sessions.Select(session => (session.StartsAt, session.EndsAt)));

    private static bool IsMoved(RunRow row, PlanRun run) =>
        (row.VenueName, row.VenueAddress, row.PostalCode, row.Town, row.OnlineLink)
        != (run.VenueName, run.VenueAddress, run.PostalCode, run.Town, run.OnlineLink);

    /// <summary>Sends the changed sessions to those who have them, and new ones to everybody who is booked.</summary>
    private async Task TellAsync(
        NpgsqlTransaction transaction, PlanImportContext context, (long RunId, bool HasNewSessions) run, long[] changedSessionIds,
        CancellationToken cancellationToken)
    {
        var runId = run.RunId;
        var due = new List<DueInvitation>();
        if (changedSessionIds.Length > 0)
        {
            due.AddRange(await sessions.RaiseAsync(transaction, changedSessionIds, cancellationToken));
        }

        if (run.HasNewSessions)
        {
            due.AddRange(await sessions.AddLackingAsync(transaction, runId, cancellationToken));
        }

        await log.TellAsync(transaction, DueInvitation.Messages(due, BookingMessages.Invitations, runId, context.Now), cancellationToken);
    }
}
