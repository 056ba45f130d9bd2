using System.Globalization;
using Booking.Data.Attendance;
using Booking.Data.Audit;

namespace Booking.Web.Attendance;

/// <summary>Shows and marks a run's attendance, for the page of those who are signed in and that of the mailed link.</summary>
/// <param name="attendance">The people and their marks.</param>
/// <param name="mark">Sets marks.</param>
/// <param name="clock">Now.</param>
public sealed class AttendanceSheets(AttendanceRepository attendance, MarkAttendance mark, TimeProvider clock)
{
    /// <summary>The page; null when the run has no session.</summary>
    /// <param name="run">The run.</param>
    /// <param name="session">The session asked for, as typed; one that does not exist is taken as none.</param>
    /// <param name="role">In which role the reader is here.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<AttendanceSheet?> ShowAsync(AttendanceRun run, string? session, string role, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var now = clock.GetUtcNow();
        return Find(run, session) is not { } shown ? null : new AttendanceSheet
        {
            Run = run,
            Session = shown,
            People = await attendance.ListPeopleAsync(run.RunId, shown.SessionId, cancellationToken),
            Timing = AttendanceRules.Timing(run.Status, run.EndsAt, shown.StartsAt, role, now),
        };
    }

    /// <summary>Marks, and shows how it is then.</summary>
    /// <param name="run">The run.</param>
    /// <param name="session">The session, as typed.</param>
    /// <param name="form">What was posted.</param>
    /// <param name="actor">Who marks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<AttendanceSheet?> MarkAsync(
        AttendanceRun run, string? session, AttendanceForm form, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(actor);
        var result = form.Wanted is { } wanted && Number(session) is { } number
            ? await mark.RunAsync(new MarkRequest(run.RunId, number, wanted, form.Bookings, actor), cancellationToken)
            : null;
        var now = await attendance.FindAsync(run.RunId, cancellationToken) ?? run;
        var sheet = await ShowAsync(now, session, actor.Role, cancellationToken);
        return sheet is null ? null : sheet with
        {
            Outcome = result?.Outcome ?? MarkOutcome.NotFound,
            JustMarked = form.Wanted is Mark.RestPresent ? result?.Bookings ?? [] : [],
        };
    }

    private AttendanceSession? Find(AttendanceRun run, string? session) =>
        run.Sessions.FirstOrDefault(known => known.Number == Number(session)) ?? run.SessionAt(clock.GetUtcNow());

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
