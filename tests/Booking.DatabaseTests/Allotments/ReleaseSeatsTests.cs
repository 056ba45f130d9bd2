using Booking.Data.Bookings;
using Dapper;
using Npgsql;
using Xunit;

namespace Booking.DatabaseTests.Allotments;

public sealed class ReleaseSeatsTests
{
    [Fact]
    public async Task Release_opens_free_guaranteed_seats_and_leaves_taken_ones()
    {
        await using var given = await AllotmentCase.CreateAsync();
        var run = await PublishedAsync(given);
        await given.Data.ExecuteAsync("update seats set status = 'taken' where number in (1, 5)");

        var result = await given.Release.RunAsync(CancellationToken.None);

        Assert.Equal((1, 4L, 0), (result.Runs, result.Seats, result.PostponedRuns));
        Assert.Equal("1A* 2open 3open 4open 5external* 6open", await given.SeatsAsync(run));
        Assert.Equal(
            "{\"external_seats\": 1, \"department_seats\": 3}",
            await given.Data.ScalarAsync<string>("select details::text from audit_entries where action = 'run.released'"));
    }

    [Fact]
    public async Task Release_waits_for_its_time_and_happens_once()
    {
        await using var given = await AllotmentCase.CreateAsync();
        var run = await PublishedAsync(given, daysFromNow: 36);

        Assert.Equal(0, (await given.Release.RunAsync(CancellationToken.None)).Runs);
        given.Database.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, (await given.Release.RunAsync(CancellationToken.None)).Runs);
        Assert.Equal(0, (await given.Release.RunAsync(CancellationToken.None)).Runs);
        Assert.Equal(1, await given.CountAuditAsync("run.released", run));
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("cancelled")]
    public async Task Release_leaves_runs_alone_that_are_not_published(string status)
    {
        await using var given = await AllotmentCase.CreateAsync();
        var run = await PublishedAsync(given);
        await given.Data.ExecuteAsync("update runs set status = @status", new { status });

        Assert.Equal(0, (await given.Release.RunAsync(CancellationToken.None)).Runs);
        Assert.DoesNotContain("open", await given.SeatsAsync(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_on_eight_nodes_at_once_happens_once()
    {
        await using var given = await AllotmentCase.CreateAsync();
        var run = await PublishedAsync(given);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => given.Release.RunAsync(CancellationToken.None)));

        Assert.Equal(1, results.Sum(result => result.Runs));
        Assert.Equal(6, results.Sum(result => result.Seats));
        Assert.Equal(1, await given.CountAuditAsync("run.released", run));
    }

    [Fact]
    public async Task Release_without_compare_and_set_happens_on_every_node()
    {
        await using var given = await AllotmentCase.CreateAsync();
        var run = await PublishedAsync(given);

        // The negative control of the test above: the same statement without its condition lets every node win.
        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var connection = await given.Database.DataSource.OpenConnectionAsync();
            return await connection.ExecuteAsync("update runs set released_at = now() where run_id = @run", new { run });
        }));

        Assert.Equal(8, won.Sum());
    }

    [Fact]
    public async Task Release_leaves_a_seat_to_the_reservation_that_holds_it_and_commits()
    {
        await using var given = await AllotmentCase.CreateAsync();
        var run = await PublishedAsync(given);
        await using var connection = await given.Database.DataSource.OpenConnectionAsync();
        await using var reservation = await given.ClaimAsync(connection, run, SeatPool.External, 1);

        var release = given.Release.RunAsync(CancellationToken.None);
        await UntilSomebodyWaitsAsync(given);
        await reservation.CommitAsync();

        Assert.Equal(5, (await release).Seats);
        Assert.Equal(1, await given.Data.ScalarAsync<long>("select count(*) from seats where pool = 'external' and status = 'taken'"));
        Assert.Equal(5, await given.Data.ScalarAsync<long>("select count(*) from seats where pool = 'open' and status = 'free'"));
    }

    [Fact]
    public async Task Release_takes_along_a_seat_whose_reservation_rolls_back()
    {
        await using var given = await AllotmentCase.CreateAsync();
        var run = await PublishedAsync(given);
        await using var connection = await given.Database.DataSource.OpenConnectionAsync();
        await using var reservation = await given.ClaimAsync(connection, run, SeatPool.External, 1);

        var release = given.Release.RunAsync(CancellationToken.None);
        await UntilSomebodyWaitsAsync(given);
        await reservation.RollbackAsync();

        Assert.Equal(6, (await release).Seats);
        Assert.Equal("1open 2open 3open 4open 5open 6open", await given.SeatsAsync(run));
    }

    [Fact]
    public async Task Release_that_does_not_look_again_steals_the_seat()
    {
        await using var given = await AllotmentCase.CreateAsync();
        var run = await PublishedAsync(given);
        await using var connection = await given.Database.DataSource.OpenConnectionAsync();
        await using var reservation = await given.ClaimAsync(connection, run, SeatPool.External, 1);

        // The negative control: numbers read first, changed later without the condition on the status.
        var free = await given.Data.QueryAsync<int>("select number from seats where run_id = @run and status = 'free'", new { run });
        var release = given.Data.ExecuteAsync(
            "update seats set pool = 'open', department_id = null where run_id = @run and number = any(@free)",
            new { run, free = free.ToArray() });
        await UntilSomebodyWaitsAsync(given);
        await reservation.CommitAsync();
        await release;

        Assert.Equal(0, await given.Data.ScalarAsync<long>("select count(*) from seats where pool = 'external'"));
    }

    [Fact]
    public async Task Release_meeting_a_cancellation_leaves_no_seat_behind_in_a_guaranteed_pool()
    {
        await using var given = await AllotmentCase.CreateAsync();
        var run = await PublishedAsync(given);
        await given.Data.ExecuteAsync("update seats set status = 'taken'");
        await using var connection = await given.Database.DataSource.OpenConnectionAsync();
        await using var cancellation = await connection.BeginTransactionAsync();
        await given.Seats.FreeAsync(cancellation, run, [1], CancellationToken.None);

        var release = given.Release.RunAsync(CancellationToken.None);
        await UntilSomebodyWaitsAsync(given);
        await cancellation.CommitAsync();

        Assert.Equal(1, (await release).Seats);
        Assert.StartsWith("1open 2A*", await given.SeatsAsync(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_steps_back_from_a_seat_that_is_held_for_long_and_comes_again()
    {
        await using var given = await AllotmentCase.CreateAsync();
        var run = await PublishedAsync(given);
        await using var connection = await given.Database.DataSource.OpenConnectionAsync();
        await using (await given.ClaimAsync(connection, run, SeatPool.External, 1))
        {
            var result = await given.ReleaseWaiting(TimeSpan.FromMilliseconds(50)).RunAsync(CancellationToken.None);
            Assert.Equal((0, 1), (result.Runs, result.PostponedRuns));
        }

        Assert.Equal(6, (await given.Release.RunAsync(CancellationToken.None)).Seats);
    }

    [Fact]
    public async Task Release_under_a_storm_of_reservations_sells_no_seat_twice_and_leaves_none_behind()
    {
        await using var given = await AllotmentCase.CreateAsync();
        var departments = await given.AddDepartmentsAsync(1, 1);
        var run = await given.AddDraftAsync(capacity: 60, daysFromNow: 20);
        await given.PublishOneAsync(run);
        var claims = Enumerable.Range(0, 40).Select(number => ReserveOrAbandonAsync(given, run, SeatPool.Of(departments[number % 2]), number % 3 == 0));
        var releases = Enumerable.Range(0, 4).Select(_ => given.Release.RunAsync(CancellationToken.None));

        var reservations = Task.WhenAll(claims);
        await Task.WhenAll(releases);
        var taken = (await reservations).Sum();
        await given.Release.RunAsync(CancellationToken.None);

        Assert.Equal(taken, await given.Data.ScalarAsync<long>("select count(*) from seats where status = 'taken'"));
        Assert.Equal(0, await given.Data.ScalarAsync<long>("select count(*) from seats where status = 'free' and pool <> 'open'"));
        Assert.Equal(1, await given.CountAuditAsync("run.released", run));
    }

    private static async Task<int> ReserveOrAbandonAsync(AllotmentCase given, long run, SeatPool pool, bool isAbandoned)
    {
        await using var connection = await given.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var seats = await given.Seats.ClaimAsync(transaction, run, pool, 1, CancellationToken.None);
        await Task.Yield();
        if (isAbandoned)
        {
            await transaction.RollbackAsync();
            return 0;
        }

        await transaction.CommitAsync();
        return seats.Count;
    }

    /// <summary>Four seats of department A and two external ones, release time passed.</summary>
    private static async Task<long> PublishedAsync(AllotmentCase given, int daysFromNow = 20)
    {
        await given.AddDepartmentsAsync(1);
        var run = await given.AddDraftAsync(capacity: 6, externalSeats: 2, daysFromNow);
        await given.PublishOneAsync(run);
        return run;
    }

    private static async Task UntilSomebodyWaitsAsync(AllotmentCase given)
    {
        while (await given.Data.ScalarAsync<long>(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == 0)
        {
            await Task.Delay(5);
        }
    }
}
