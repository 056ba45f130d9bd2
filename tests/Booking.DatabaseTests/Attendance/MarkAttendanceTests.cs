using Booking.Data.Attendance;
using Booking.Data.Audit;
using Booking.Data.Bookings;
using Booking.Data.Runs;
using Booking.DatabaseTests.Runs;
using Xunit;

namespace Booking.DatabaseTests.Attendance;

/// <summary>Marks, and what follows from them at once: a booking's status, and whether the run is settled.</summary>
public sealed class MarkAttendanceTests : IAsyncLifetime
{
    private AttendanceCase _case = null!;

    public async ValueTask InitializeAsync() => _case = await AttendanceCase.CreateAsync();

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Fact]
    public async Task Status_follows_the_marks_there_once_is_attended_and_never_there_is_absent()
    {
        await _case.MarkAsync(Mark.Present, 1, _case.Bookings[0]);
        await _case.MarkAsync(Mark.Absent, 1, _case.Bookings[1]);
        Assert.Equal("attended absent booked", await _case.StatusesAsync());

        _case.Clock.Set(AttendanceCase.Second);
        await _case.MarkAsync(Mark.Absent, 2, _case.Bookings[0]);
        await _case.MarkAsync(Mark.Present, 2, _case.Bookings[1]);
        Assert.Equal("attended attended booked", await _case.StatusesAsync());
        Assert.Equal("open", await _case.RunAsync());
    }

    [Fact]
    public async Task Mark_is_changed_and_taken_back_and_the_trail_tells_it_without_names()
    {
        await _case.MarkAsync(Mark.Present, 1, _case.Bookings[0]);
        await _case.MarkAsync(Mark.Absent, 1, _case.Bookings[0]);
        Assert.Equal("absent booked booked", await _case.StatusesAsync());

        Assert.Equal(MarkOutcome.Marked, (await _case.MarkAsync(Mark.NotAbsent, 1, _case.Bookings[0])).Outcome);

        Assert.Equal("booked booked booked", await _case.StatusesAsync());
        Assert.Equal(
            ["""{"mark": "present", "session": 1}""", """{"mark": "absent", "session": 1}""", """{"mark": "unmarked", "session": 1}"""],
            await _case.Data.QueryAsync<string>("select details::text from audit_entries where action = 'attendance.marked' order by audit_id"));
    }

    [Fact]
    public async Task Same_wish_twice_changes_nothing_and_says_so()
    {
        await _case.MarkAsync(Mark.Present, 1, _case.Bookings[0]);

        Assert.Equal(MarkOutcome.Unchanged, (await _case.MarkAsync(Mark.Present, 1, _case.Bookings[0])).Outcome);
        // Somebody else has said otherwise since the reader saw the page: only what the reader saw is taken back.
        Assert.Equal(MarkOutcome.Unchanged, (await _case.MarkAsync(Mark.NotAbsent, 1, _case.Bookings[0])).Outcome);
        Assert.Equal("attended booked booked", await _case.StatusesAsync());
        Assert.Equal(1, await _case.Run.CountAsync("audit_entries where action = 'attendance.marked'"));
    }

    [Fact]
    public async Task All_others_leaves_alone_what_was_said_and_is_taken_back_as_one()
    {
        await _case.MarkAsync(Mark.Absent, 1, _case.Bookings[1]);

        var rest = await _case.MarkAsync(Mark.RestPresent, 1);

        Assert.Equal([_case.Bookings[0], _case.Bookings[2]], rest.Bookings);
        Assert.Equal("attended absent attended", await _case.StatusesAsync());
        await _case.MarkAsync(Mark.NotPresent, 1, [.. rest.Bookings]);
        Assert.Equal("booked absent booked", await _case.StatusesAsync());
    }

    [Theory]
    [InlineData(-61, 1, ActorRoles.Instructor, MarkOutcome.NotYet)]
    [InlineData(-60, 1, ActorRoles.Instructor, MarkOutcome.Marked)]
    [InlineData(-61, 1, ActorRoles.Hr, MarkOutcome.NotYet)]
    [InlineData(60, 2, ActorRoles.Instructor, MarkOutcome.NotYet)]
    [InlineData(60, 3, ActorRoles.Instructor, MarkOutcome.NotFound)]
    [InlineData(60, 0, ActorRoles.Hr, MarkOutcome.NotFound)]
    [InlineData((7 * 24 * 60) + 420 + (14 * 24 * 60) - 1, 2, ActorRoles.Instructor, MarkOutcome.Marked)]
    [InlineData((7 * 24 * 60) + 420 + (14 * 24 * 60), 2, ActorRoles.Instructor, MarkOutcome.TooLate)]
    [InlineData(400 * 24 * 60, 2, ActorRoles.Hr, MarkOutcome.Marked)]
    [InlineData(60, 1, ActorRoles.Secretary, MarkOutcome.NotFound)]
    public async Task Marks_are_taken_from_an_hour_before_the_session_and_by_whom_it_concerns(int minutes, int session, string role, MarkOutcome outcome)
    {
        _case.Clock.Set(AttendanceCase.First + TimeSpan.FromMinutes(minutes));
        var actor = role == ActorRoles.Hr ? RunCase.Hr : AttendanceCase.Instructor with { Role = role };

        Assert.Equal(outcome, (await _case.MarkAsync(Mark.Present, session, actor, _case.Bookings[0])).Outcome);
        Assert.Equal(outcome is MarkOutcome.Marked ? 1 : 0, await _case.Run.CountAsync("attendance_marks"));
    }

    [Fact]
    public async Task Instructor_of_another_run_marks_nobody()
    {
        var other = AttendanceCase.Instructor with { Name = "underviser2@example.org" };

        Assert.Equal(MarkOutcome.NotFound, (await _case.MarkAsync(Mark.RestPresent, 1, other)).Outcome);
        // Addresses do not care about case.
        var same = AttendanceCase.Instructor with { Name = "Underviser1@Example.org" };
        Assert.Equal(MarkOutcome.Marked, (await _case.MarkAsync(Mark.RestPresent, 1, same)).Outcome);
    }

    [Fact]
    public async Task Cancelled_held_and_other_runs_bookings_take_no_mark()
    {
        _case.Clock.Set(AttendanceCase.First - TimeSpan.FromMinutes(50));
        await _case.CancelAsync(_case.Bookings[0]);
        await _case.Data.AddSeatsAsync(_case.Run.Run, 1, pool: "department", departmentId: _case.Run.A);
        await _case.Run.HoldForNameAsync(4);
        var held = await _case.Data.ScalarAsync<Guid>("select reference from bookings where status = 'held'");

        var result = await _case.MarkAsync(Mark.Present, 1, _case.Bookings[0], held, Guid.NewGuid());

        Assert.Equal(MarkOutcome.Unchanged, result.Outcome);
        Assert.Equal(2, (await _case.MarkAsync(Mark.RestPresent, 1)).Bookings.Count);
    }

    [Fact]
    public async Task Whoever_was_marked_cannot_be_cancelled_given_over_or_moved_any_more()
    {
        _case.Clock.Set(AttendanceCase.First - TimeSpan.FromMinutes(50));
        await _case.MarkAsync(Mark.Present, 1, _case.Bookings[0]);
        await _case.MarkAsync(Mark.Absent, 1, _case.Bookings[1]);

        Assert.Equal(CancelOutcome.TooLate, await _case.CancelAsync(_case.Bookings[0]));
        Assert.Equal(CancelOutcome.TooLate, await _case.CancelAsync(_case.Bookings[1]));
        Assert.Equal(CancelOutcome.CancelledLate, await _case.CancelAsync(_case.Bookings[2]));
        Assert.Equal("attended absent cancelled", await _case.StatusesAsync());
    }

    [Fact]
    public async Task Run_is_settled_with_its_last_mark_and_open_again_without_it()
    {
        await _case.MarkAsync(Mark.RestPresent, 1);
        _case.Clock.Set(AttendanceCase.Second);
        await _case.MarkAsync(Mark.Present, 2, _case.Bookings[0], _case.Bookings[1]);
        Assert.Equal("open", await _case.RunAsync());

        await _case.MarkAsync(Mark.Absent, 2, _case.Bookings[2]);
        Assert.Equal("settled", await _case.RunAsync());

        // Somebody without any mark is nobody's guess yet.
        await _case.MarkAsync(Mark.NotAbsent, 2, _case.Bookings[2]);
        await _case.MarkAsync(Mark.NotPresent, 1, _case.Bookings[2]);
        Assert.Equal("open", await _case.RunAsync());
        Assert.Equal("attended attended booked", await _case.StatusesAsync());
        Assert.Equal(
            ["attendance.settled", "attendance.reopened"],
            await _case.Data.QueryAsync<string>(
                "select action from audit_entries where action in ('attendance.settled', 'attendance.reopened') order by audit_id"));
    }

    [Fact]
    public async Task Run_that_is_cancelled_in_the_last_hour_ends_its_marked_bookings_too()
    {
        _case.Clock.Set(AttendanceCase.First - TimeSpan.FromMinutes(30));
        await _case.MarkAsync(Mark.RestPresent, 1);

        Assert.Equal(CancelRunOutcome.Cancelled, (await _case.Run.CancelAsync()).Outcome);

        Assert.Equal("cancelled cancelled cancelled", await _case.StatusesAsync());
        Assert.Equal(0, await _case.Run.CountAsync("attendance_marks"));
        Assert.Equal(MarkOutcome.NotHeld, (await _case.MarkAsync(Mark.RestPresent, 1)).Outcome);
    }

    [Fact]
    public async Task Session_that_is_moved_after_it_was_marked_is_unmarked_and_the_links_move_along()
    {
        await _case.AtAsync(AttendanceCase.First - TimeSpan.FromDays(1));
        await _case.Data.ExecuteAsync(
            """
            insert into links (token_hash, purpose, run_id, owner_email, created_at, expires_at)
            select '\x01', 'attendance.mark', run_id, instructor_email, starts_at, ends_at + interval '14 days' from runs where run_id = @Run
            """,
            new { _case.Run.Run });
        _case.Clock.Set(AttendanceCase.First);
        await _case.MarkAsync(Mark.RestPresent, 1);
        _case.Clock.Set(AttendanceCase.Second - TimeSpan.FromMinutes(40));
        await _case.MarkAsync(Mark.RestPresent, 2);
        Assert.Equal("settled", await _case.RunAsync());

        Assert.Equal(PostponeOutcome.Moved, (await _case.Run.PostponeAsync(TimeSpan.FromDays(14), from: 2)).Outcome);

        Assert.Equal("open", await _case.RunAsync());
        Assert.Equal(3, await _case.Run.CountAsync("attendance_marks"));
        Assert.Equal("attended attended attended", await _case.StatusesAsync());
        Assert.Equal(
            AttendanceCase.End + TimeSpan.FromDays(28),
            new DateTimeOffset(await _case.Data.ScalarAsync<DateTime>("select expires_at from links where purpose = 'attendance.mark'")));
    }
}
