using Booking.Data.Attendance;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.DatabaseTests.Runs;
using Booking.TestSupport;

namespace Booking.DatabaseTests.Attendance;

/// <summary>
/// Three people booked on a run with two sessions: Friday 12 and Friday 19 March 2027, each from 8.30 to 15.30 in Copenhagen, 07:30 to
/// 14:30 UTC.
/// </summary>
internal sealed class AttendanceCase : IAsyncDisposable
{
    internal static readonly DateTimeOffset First = new(2027, 3, 12, 7, 30, 0, TimeSpan.Zero);
    internal static readonly DateTimeOffset Second = First + TimeSpan.FromDays(7);
    internal static readonly DateTimeOffset End = Second + TimeSpan.FromHours(7);
    internal static readonly Actor Instructor = new() { Name = "underviser1@example.org", Role = ActorRoles.Instructor };

    private AttendanceCase(RunCase run) => Run = run;

    internal RunCase Run { get; }

    internal TestData Data => Run.Data;

    internal FakeClock Clock => Run.Database.Clock;

    internal IReadOnlyList<Guid> Bookings { get; private set; } = [];

    internal static async Task<AttendanceCase> CreateAsync(int people = 3, TestDatabase? database = null)
    {
        var run = await RunCase.CreateAsync(database);
        await run.Data.AddSeatsAsync(run.Run, Math.Max(people, 1), pool: "open");
        var bookings = new List<Guid>();
        for (var number = 0; number < people; number++)
        {
            bookings.Add((await run.ReserveAsync(run.A)).Reference!.Value);
        }

        var made = new AttendanceCase(run) { Bookings = bookings };
        await made.Data.ExecuteAsync("update outbox set status = 'sent', sent_at = created_at");
        made.Clock.Set(First);
        return made;
    }

    public ValueTask DisposeAsync() => Run.DisposeAsync();

    internal Task<MarkResult> MarkAsync(Mark mark, int session, params Guid[] bookings) =>
        MarkAsync(mark, session, Instructor, bookings);

    internal Task<MarkResult> MarkAsync(Mark mark, int session, Actor actor, params Guid[] bookings) =>
        Run.Database.Get<MarkAttendance>().RunAsync(new MarkRequest(Run.Run, session, mark, bookings, actor), CancellationToken.None);

    /// <summary>What the schedule does, at a moment: how many mails it writes and how many runs it settles.</summary>
    internal async Task<(int Mails, int Settled)> AtAsync(DateTimeOffset now)
    {
        Clock.Set(now);
        return (
            await Run.Database.Get<AskForAttendance>().RunAsync(CancellationToken.None),
            await Run.Database.Get<SettleAttendance>().RunAsync(CancellationToken.None));
    }

    internal Task<CancelOutcome> CancelAsync(Guid booking) => Run.Database.Get<CancelBooking>().RunAsync(
        new CancelRequest(booking, BookingScope.All, RunCase.Hr, AcceptsLate: true), CancellationToken.None);

    /// <summary>The statuses in the order in which the seats were booked.</summary>
    internal async Task<string> StatusesAsync() => string.Join(' ', await Data.QueryAsync<string>(
        "select status from bookings where run_id = @Run order by booking_id", new { Run.Run }));

    /// <summary><c>open</c>, <c>settled</c> or <c>assumed</c>.</summary>
    internal Task<string> RunAsync() => Data.ScalarAsync<string>(
        """
        select case when attendance_assumed then 'assumed' when attendance_settled_at is null then 'open' else 'settled' end
        from runs where run_id = @Run
        """,
        new { Run.Run });
}
