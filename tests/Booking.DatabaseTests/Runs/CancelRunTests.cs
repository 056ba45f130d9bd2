using System.Diagnostics;
using Booking.Data.Bookings;
using Booking.Data.Outbox;
using Booking.Data.Runs;
using Booking.DatabaseTests.Bookings;
using Booking.TestSupport;
using Npgsql;
using Xunit;

namespace Booking.DatabaseTests.Runs;

/// <summary>A run is cancelled: what ends with it, who is told, and who comes too late.</summary>
public sealed class CancelRunTests : IAsyncLifetime
{
    private RunCase _case = null!;
    private long _before;

    public async ValueTask InitializeAsync() => _case = await RunCase.CreateAsync();

    public async ValueTask DisposeAsync() => await _case.DisposeAsync();

    [Fact]
    public async Task Everything_that_hangs_on_the_run_ends_and_each_is_told_once()
    {
        await ArrangeEverythingAsync();

        var result = await _case.CancelAsync();

        Assert.Equal(new CancelRunResult(CancelRunOutcome.Cancelled, Bookings: 5, Waiting: 2), result);
        Assert.Equal(0, await _case.CountAsync("bookings where run_id = @Run and status <> 'cancelled'"));
        Assert.Equal(0, await _case.CountAsync("bookings where is_late_cancellation"));
        Assert.Equal(0, await _case.CountAsync("seats where run_id = @Run and status <> 'closed'"));
        Assert.Equal(["expired", "expired"], await _case.Data.QueryAsync<string>("select status from waiting_list_entries"));
        Assert.Equal("expired", await _case.Data.ScalarAsync<string>("select status from sign_ups"));
        Assert.Equal("void", await _case.Data.ScalarAsync<string>("select status from approvals"));
        Assert.Equal("withdrawn hr@example.org", await _case.Data.ScalarAsync<string>("select status || ' ' || decided_by from seat_swaps"));
        Assert.Equal("cancelled Underviseren er syg", await _case.Data.ScalarAsync<string>("select status || ' ' || cancel_reason from runs where run_id = @Run", new { _case.Run }));
        Assert.Equal(
            ["booking.cancellation 2", "run.cancelled 6", "run.cancelled_held 1", "swap.run_cancelled 1"],
            await _case.Data.QueryAsync<string>(
                """
                select kind || ' ' || count(*) from outbox
                where kind like '%cancel%' and outbox_id > @_before group by kind order by kind
                """,
                new { _before }));
        Assert.Equal(
            ["Approval 1", "Booked 1", "Instructor 1", "SignUp 1", "Waiting 2"],
            await _case.Data.QueryAsync<string>(
                "select (payload ->> 'as') || ' ' || count(*) from outbox where kind = 'run.cancelled' group by payload ->> 'as' order by 1"));
        Assert.Equal(["leder@example.org"], await _case.Data.QueryAsync<string>("select recipient_email from outbox where kind = 'approval.void'"));
        Assert.Equal(5, await _case.CountAsync("audit_entries where action = 'booking.run_cancelled'"));
        Assert.Equal(1, await _case.CountAsync("audit_entries where action = 'run.cancelled'"));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task A_cancelled_run_takes_nobody_in_and_is_cancelled_once()
    {
        await _case.Data.AddSeatsAsync(_case.Run, 2, pool: "open");
        await _case.CancelAsync();
        var mails = await _case.CountAsync("outbox");

        Assert.Equal((ReserveOutcome.SignUpClosed, SignUpState.RunCancelled), await StateAsync());
        Assert.Equal(CancelRunOutcome.AlreadyCancelled, (await _case.CancelAsync()).Outcome);
        Assert.Equal(ChangeCapacityOutcome.NotOpen, (await _case.ChangeCapacityAsync(10, 12)).Outcome);
        Assert.Equal(PostponeOutcome.NotOpen, (await _case.PostponeAsync(TimeSpan.FromDays(7))).Outcome);
        Assert.Equal(mails, await _case.CountAsync("outbox"));

        async Task<(ReserveOutcome, SignUpState)> StateAsync()
        {
            var result = await _case.ReserveAsync(_case.A);
            return (result.Outcome, result.State);
        }
    }

    [Fact]
    public async Task A_draft_or_a_run_that_has_started_is_left_alone()
    {
        await _case.Data.ExecuteAsync("update runs set status = 'draft'");
        Assert.Equal(CancelRunOutcome.NotPublished, (await _case.CancelAsync()).Outcome);
        await _case.Data.ExecuteAsync("update runs set status = 'published'");
        _case.Database.Clock.Advance(TimeSpan.FromDays(61));
        Assert.Equal(CancelRunOutcome.HasStarted, (await _case.CancelAsync()).Outcome);
    }

    [Fact]
    public async Task Five_hundred_bookings_end_in_seconds()
    {
        await _case.Data.AddSeatsAsync(_case.Run, 500, pool: "open");
        await _case.Data.ExecuteAsync(
            """
            insert into people (kind, employee_number, name, email, department_id)
            select 'employee', 'n' || n, 'Navn ' || n, 'n' || n || '@example.org', @A from generate_series(1, 500) n
            """,
            new { _case.A });
        var people = await _case.Data.QueryAsync<long>("select person_id from people order by person_id");
        await _case.Database.Get<ReserveSeats>().RunAsync(
            new ReserveRequest(_case.Run, _case.A, people, _case.SecretaryOf(_case.A)), CancellationToken.None);

        var watch = Stopwatch.StartNew();
        var result = await _case.CancelAsync();
        watch.Stop();

        TestContext.Current.SendDiagnosticMessage($"500 bookings with 1000 events ended in {watch.ElapsedMilliseconds} ms.");
        Assert.Equal(500, result.Bookings);
        Assert.Equal(1000, await _case.CountAsync("outbox where kind = 'booking.cancellation'"));
        Assert.Equal(501, await _case.CountAsync("outbox where kind = 'run.cancelled'"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task A_reservation_that_never_ends_makes_it_busy_and_nothing_changes()
    {
        await _case.Data.AddSeatsAsync(_case.Run, 1, pool: "open");
        await using var connection = await _case.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var claim = new NpgsqlCommand("select from seats for update", connection, transaction);
        await claim.ExecuteNonQueryAsync();
        var impatient = new CancelRun(
            _case.Database.DataSource, _case.Database.Get<BookingRepository>(), _case.Database.Get<RunCancellationRepository>(),
            _case.Database.Get<TellOfCancelledRun>(), new LockPatience { LongestWait = TimeSpan.FromMilliseconds(30) }, _case.Database.Get<DecisionLog>());

        var result = await impatient.RunAsync(new CancelRunRequest(_case.Run, "Nej", RunCase.Hr), CancellationToken.None);

        Assert.Equal(CancelRunOutcome.Busy, result.Outcome);
        await transaction.RollbackAsync();
        Assert.Equal("published", await _case.Data.ScalarAsync<string>("select status from runs where run_id = @Run", new { _case.Run }));
        Assert.Equal(CancelRunOutcome.Cancelled, (await _case.CancelAsync()).Outcome);
    }

    [Fact]
    public async Task No_booking_survives_the_cancellation_that_it_races()
    {
        await _case.Data.AddSeatsAsync(_case.Run, 40, pool: "open");
        var people = await PeopleAsync(31);
        var outcome = CancelRunOutcome.Busy;

        await Race.RunAsync(32, async i =>
        {
            if (i == 16)
            {
                outcome = (await _case.CancelAsync()).Outcome;
            }
            else
            {
                await _case.ReserveAsync(_case.A, people[i > 16 ? i - 1 : i]);
            }

            return true;
        });

        Assert.Equal(CancelRunOutcome.Cancelled, outcome);
        Assert.Equal(0, await SurvivorsAsync());
        Assert.Equal(
            await _case.CountAsync("bookings"),
            await _case.CountAsync("outbox where kind = 'run.cancelled' and payload ->> 'as' = 'Booked'"));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task Negative_control_without_closing_the_seats_bookings_survive()
    {
        await _case.Data.AddSeatsAsync(_case.Run, 40, pool: "open");
        var people = await PeopleAsync(31);

        await Race.RunAsync(32, async i =>
        {
            if (i == 0)
            {
                // Look who is booked, then end those, then close the run.
                var live = await _case.Data.QueryAsync<long>("select booking_id from bookings where run_id = @Run", new { _case.Run });
                await Task.Delay(100);
                await _case.Data.ExecuteAsync(
                    """
                    update bookings set status = 'cancelled', cancelled_at = now() where booking_id = any(@live) and status <> 'cancelled';
                    update runs set status = 'cancelled', cancelled_at = now() where run_id = @Run
                    """,
                    new { _case.Run, live });
            }
            else
            {
                await _case.ReserveAsync(_case.A, people[i - 1]);
            }

            return true;
        });

        Assert.True(await SurvivorsAsync() > 0, "The race harness does not reach the race.");
    }

    private Task<long> SurvivorsAsync() => _case.CountAsync("bookings where run_id = @Run and status <> 'cancelled'");

    private async Task<long[]> PeopleAsync(int count)
    {
        var people = new long[count];
        for (var i = 0; i < count; i++)
        {
            people[i] = await _case.Data.AddEmployeeAsync(_case.A);
        }

        return people;
    }

    // One booked, one for approval, one without a name, one offered, one waiting, one sign-up, one swap.
    private async Task ArrangeEverythingAsync()
    {
        await _case.Data.AddSeatsAsync(_case.Run, 3, _case.A);
        await _case.Data.AddSeatsAsync(_case.Run, 1, _case.B);
        await _case.Data.AddSeatsAsync(_case.Run, 1, pool: "external");
        await _case.HoldForNameAsync(1);
        await _case.HoldAsync(2, HeldFor.Approval, await _case.Data.AddEmployeeAsync(_case.A));
        await _case.Data.ExecuteAsync(
            "insert into approvals (booking_id, leader_email, asked_at, expires_at) select booking_id, 'leder@example.org', now(), now() from bookings where held_for = 'approval'");
        await _case.ReserveAsync(_case.A);
        await _case.JoinAsync(_case.A);
        var given = await _case.ReserveAsync(_case.B);
        await _case.JoinAsync(_case.B);
        await _case.Database.Get<CancelBooking>().RunAsync(
            new CancelRequest(given.Reference!.Value, BookingScope.All, RunCase.Hr, AcceptsLate: false), CancellationToken.None);
        await _case.Database.Get<SignUp>().RunAsync(SignUps.Request(_case.Run), CancellationToken.None);
        await _case.Data.ExecuteAsync(
            """
            insert into seat_swaps (from_department_id, to_department_id, offered_run_id, offered_seats, proposed_by, proposed_at, expires_at)
            values (@A, @B, @Run, 1, 'sek@example.org', now(), now())
            """,
            new { _case.A, _case.B, _case.Run });
        _before = await _case.Data.ScalarAsync<long>("select max(outbox_id) from outbox");
        Assert.Equal(
            ["offered", "waiting"], (await _case.Data.QueryAsync<string>("select status from waiting_list_entries")).Order(StringComparer.Ordinal));
    }
}
