using Booking.Data.Attendance;
using Booking.DatabaseTests.Runs;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Attendance;

/// <summary>Several people mark at once, and the schedule settles while they do. Each race with its negative control.</summary>
public sealed class AttendanceRaceTests : IAsyncLifetime
{
    private const int Contenders = 32;

    private static readonly DateTimeOffset Settles = new(2027, 3, 24, 7, 0, 0, TimeSpan.Zero);

    private AttendanceCase _case = null!;

    public async ValueTask InitializeAsync() => _case = await AttendanceCase.CreateAsync(Contenders);

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Two_instructors_at_once_change_only_what_each_has_touched()
    {
        var outcomes = await Race.RunAsync(Contenders, i => i % 4 == 0
            ? _case.MarkAsync(Mark.RestPresent, 1, RunCase.Hr)
            : _case.MarkAsync(Mark.Absent, 1, _case.Bookings[i]));

        Assert.All(outcomes, outcome => Assert.Contains(outcome.Outcome, new[] { MarkOutcome.Marked, MarkOutcome.Unchanged }));
        Assert.Equal(Contenders / 4, await _case.Run.CountAsync("attendance_marks where is_present"));
        Assert.Equal(Contenders * 3 / 4, await _case.Run.CountAsync("bookings where status = 'absent'"));
        await Invariants.AssertHoldAsync(_case.Run.Database);
    }

    [Fact]
    public async Task Negative_control_writing_a_page_back_as_it_was_read_overwrites_the_others()
    {
        await Race.BetweenLookAndWriteAsync(
            Contenders,
            () => _case.Data.QueryAsync<long>("select booking_id from bookings"),
            i => _case.MarkAsync(Mark.Absent, 1, _case.Bookings[i]),
            unmarked => _case.Data.ExecuteAsync(
                """
                insert into attendance_marks (booking_id, session_id, is_present, marked_at, marked_by)
                select booking_id, (select min(session_id) from sessions), true, now(), 'naive' from unnest(@unmarked) as booking_id
                on conflict (booking_id, session_id) do update set is_present = true
                """,
                new { unmarked = unmarked.ToArray() }));

        Assert.Equal(Contenders, await _case.Run.CountAsync("attendance_marks where is_present"));
        Assert.Contains("attendance.status", await Invariants.BrokenAsync(_case.Run.Database));
    }

    [Fact]
    public async Task Settling_while_people_are_marked_leaves_every_mark_and_nobody_open()
    {
        await _case.Data.ExecuteAsync("update runs set instructor_email = null");
        _case.Clock.Set(Settles);

        await Race.RunAsync<object>(Contenders, async i => i % 4 == 0
            ? await _case.Run.Database.Get<SettleAttendance>().RunAsync(CancellationToken.None)
            : await _case.MarkAsync(Mark.Absent, 1, RunCase.Hr, _case.Bookings[i]));

        Assert.Equal("assumed", await _case.RunAsync());
        Assert.Equal(Contenders * 3 / 4, await _case.Run.CountAsync("bookings where status = 'absent'"));
        Assert.Equal(Contenders / 4, await _case.Run.CountAsync("bookings where status = 'attended'"));
        Assert.Equal(1, await _case.Run.CountAsync("audit_entries where action = 'attendance.settled'"));
        await Invariants.AssertHoldAsync(_case.Run.Database);
    }

    [Fact]
    public async Task Negative_control_settling_those_who_were_unmarked_before_contradicts_their_marks()
    {
        _case.Clock.Set(Settles);

        await Race.BetweenLookAndWriteAsync(
            Contenders,
            () => _case.Data.QueryAsync<long>("select booking_id from bookings where status = 'booked'"),
            i => _case.MarkAsync(Mark.Absent, 1, RunCase.Hr, _case.Bookings[i]),
            open => _case.Data.ExecuteAsync(
                "update bookings set status = 'attended' where booking_id = any(@open)", new { open = open.ToArray() }));

        Assert.Contains("attendance.status", await Invariants.BrokenAsync(_case.Run.Database));
    }
}
