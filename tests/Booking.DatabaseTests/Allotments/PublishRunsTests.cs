using Booking.Data.Allotments;
using Booking.TestSupport;
using Dapper;
using Xunit;

namespace Booking.DatabaseTests.Allotments;

public sealed class PublishRunsTests
{
    [Fact]
    public async Task Publish_gives_every_seat_a_number_and_a_pool()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(6, 6, 2);
        var run = await given.AddDraftAsync(capacity: 12, externalSeats: 2);

        var result = await given.PublishOneAsync(run);

        Assert.Equal(PublishOutcome.Published, result.Outcome);
        Assert.Equal("1A 2A 3A 4A 5B 6B 7B 8B 9C 10C 11external 12external", await given.SeatsAsync(run));
        Assert.Equal("published", await given.Data.ScalarAsync<string>("select status from runs where run_id = @run", new { run }));
        Assert.Equal(FakeClock.Start.UtcDateTime, await given.Data.ScalarAsync<DateTime>("select published_at from runs where run_id = @run", new { run }));
        Assert.Equal(1, await given.CountAuditAsync("run.published", run));
        Assert.Equal(
            "{\"external_seats\": 2, \"department_seats\": 10}",
            await given.Data.ScalarAsync<string>("select details::text from audit_entries where run_id = @run", new { run }));
    }

    [Fact]
    public async Task Publish_shares_in_the_order_of_start_and_carries_over()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(5, 1);
        var late = await given.AddDraftAsync(capacity: 2, daysFromNow: 80);
        var early = await given.AddDraftAsync(capacity: 2, daysFromNow: 60);
        var between = await given.AddDraftAsync(capacity: 2, daysFromNow: 70);

        var results = await given.Publish.RunAsync([late, early, between], AllotmentCase.Hr, CancellationToken.None);

        Assert.Equal([early, between, late], results.Select(result => result.RunId));
        Assert.Equal(("1A 2A", "1A 2B", "1A 2A"), (await given.SeatsAsync(early), await given.SeatsAsync(between), await given.SeatsAsync(late)));
        Assert.Equal(
            ["A 5/1 5", "B 1/1 1"],
            await given.Data.QueryAsync<string>(
                """
                select code || ' ' || entitled_numerator || '/' || entitled_denominator || ' ' || guaranteed_seats
                from seat_accounts join departments using (department_id) where plan_year = 2027 order by code
                """));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 3)]
    public async Task Before_the_release_seats_are_open_only_when_no_department_has_a_weight(int weight, int open)
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(weight, weight);
        var run = await given.AddDraftAsync(capacity: 3, externalSeats: 1);

        await given.PublishOneAsync(run);
        await given.AddSeatsAsync(run, 1);

        Assert.Equal(open, await given.Data.ScalarAsync<long>("select count(*) from seats where pool = 'open'"));
    }

    [Fact]
    public async Task Publish_again_changes_nothing_and_says_so()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(1, 1);
        var run = await given.AddDraftAsync(capacity: 4);
        await given.PublishOneAsync(run);

        Assert.Equal(PublishOutcome.NotDraft, (await given.PublishOneAsync(run)).Outcome);
        Assert.Equal("1A 2A 3B 4B", await given.SeatsAsync(run));
        Assert.Equal(1, await given.CountAuditAsync("run.published", run));
    }

    [Fact]
    public async Task Publish_with_minimums_that_do_not_fit_leaves_a_draft_and_shows_the_arithmetic()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(3, 2, 1);
        await given.Data.ExecuteAsync("update distribution_keys set minimum_seats = 2");
        var small = await given.AddDraftAsync(capacity: 5, daysFromNow: 60);
        var large = await given.AddDraftAsync(capacity: 12, daysFromNow: 61);

        var results = await given.Publish.RunAsync([small, large], AllotmentCase.Hr, CancellationToken.None);

        Assert.Equal([PublishOutcome.MinimumsDoNotFit, PublishOutcome.Published], results.Select(result => result.Outcome));
        Assert.Equal((6L, 5), (results[0].Arithmetic!.MinimumSeats, results[0].Arithmetic!.Seats));
        Assert.Equal("draft", await given.Data.ScalarAsync<string>("select status from runs where run_id = @small", new { small }));
        Assert.Equal(0, await given.CountAuditAsync("run.published", small));
        Assert.Equal("1A 2A 3A 4A 5A 6A 7B 8B 9B 10B 11C 12C", await given.SeatsAsync(large));
    }

    [Fact]
    public async Task Publish_without_any_weight_opens_every_seat()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(0);
        var run = await given.AddDraftAsync(capacity: 3, externalSeats: 1);

        await given.PublishOneAsync(run);

        Assert.Equal("1external 2open 3open", await given.SeatsAsync(run));
        Assert.Equal(2, (await given.Allotments.FindArithmeticAsync(await CodeAsync(given, run), CancellationToken.None))!.Rounds.Single().OpenSeats);
    }

    [Fact]
    public async Task Publish_from_eight_nodes_at_once_gives_the_same_accounts_as_one_after_the_other()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(7, 5, 3, 1);
        var runs = new List<long>();
        for (var number = 0; number < 16; number++)
        {
            runs.Add(await given.AddDraftAsync(capacity: 5, daysFromNow: 60 + number));
        }

        // Every node is asked for every run, half of them in another order.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(node => given.Publish.RunAsync(
            node % 2 == 0 ? runs : [.. runs.AsEnumerable().Reverse()], AllotmentCase.Hr, CancellationToken.None)));

        Assert.Equal(80, await given.Data.ScalarAsync<long>("select count(*) from seats"));
        Assert.Equal(16, await given.Data.ScalarAsync<long>("select count(*) from audit_entries where action = 'run.published'"));
        Assert.Equal(
            ["A 35", "B 25", "C 15", "D 5"],
            await given.Data.QueryAsync<string>(
                "select code || ' ' || guaranteed_seats from seat_accounts join departments using (department_id) order by code"));
    }

    [Fact]
    public async Task Publish_different_runs_at_once_keeps_every_department_within_a_seat()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(7, 5, 3, 1);
        var runs = new List<long>();
        for (var number = 0; number < 16; number++)
        {
            runs.Add(await given.AddDraftAsync(capacity: 3, daysFromNow: 60 + number));
        }

        await Task.WhenAll(runs.Select(given.PublishOneAsync));

        // 48 seats in sixteenths: 21, 15, 9 and 3. Without the lock on the accounts some run's seats would be forgotten.
        Assert.Equal(
            ["A 21/1 21", "B 15/1 15", "C 9/1 9", "D 3/1 3"],
            await given.Data.QueryAsync<string>(
                """
                select code || ' ' || entitled_numerator || '/' || entitled_denominator || ' ' || guaranteed_seats
                from seat_accounts join departments using (department_id) order by code
                """));
    }

    [Fact]
    public async Task Negative_control_without_the_lock_on_the_accounts_runs_are_forgotten()
    {
        const int Nodes = 8;
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(7, 5, 3, 1);
        await given.Data.ExecuteAsync("insert into seat_accounts (plan_year, department_id) select 2027, department_id from departments");
        var read = 0;
        var allHaveRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await Race.RunAsync(Nodes, async _ =>
        {
            await using var connection = await given.Database.DataSource.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            var year = new SeatAccounts(2027, (await connection.QueryAsync<(long Id, string Code, int Weight)>(
                "select department_id, code, weight from seat_accounts join departments using (department_id) join distribution_keys using (plan_year, department_id)"))
                .Select(row => (row.Id, new DepartmentClaim { Code = row.Code, Weight = row.Weight })));
            if (Interlocked.Increment(ref read) == Nodes)
            {
                allHaveRead.SetResult();
            }

            await allHaveRead.Task;
            year.Share(3);
            await new SeatAccountRepository().UpdateAsync(transaction, year, CancellationToken.None);
            await transaction.CommitAsync();
            return true;
        });

        // Eight runs of three seats, and the accounts know of one.
        Assert.Equal(3, await given.Data.ScalarAsync<long>("select sum(guaranteed_seats) from seat_accounts"));
    }

    [Fact]
    public async Task FindArithmetic_shows_share_carry_claim_and_seats()
    {
        await using var given = await AllotmentCase.CreateAsync();
        await given.AddDepartmentsAsync(5, 1);
        var first = await given.AddDraftAsync(capacity: 2, daysFromNow: 60);
        var second = await given.AddDraftAsync(capacity: 3, externalSeats: 1, daysFromNow: 61);
        await given.Publish.RunAsync([first, second], AllotmentCase.Hr, CancellationToken.None);

        var arithmetic = await given.Allotments.FindArithmeticAsync(await CodeAsync(given, second), CancellationToken.None);

        var round = Assert.Single(arithmetic!.Rounds);
        Assert.Equal((2, 6L, 1, 0), (round.SharedSeats, round.TotalWeight, round.ExternalSeats, round.OpenSeats));
        var small = round.Departments.Single(department => department.Code == "B");
        Assert.Equal(
            (1, new Fraction(1, 3), new Fraction(1, 3), new Fraction(2, 3), 1, new Fraction(-1, 3)),
            (small.Weight, small.Share, small.CarryBefore, small.Claim, small.Seats, small.CarryAfter));
        Assert.Equal(0.333m, small.Share.Round(3));
        Assert.Null(await given.Allotments.FindArithmeticAsync("unknown", CancellationToken.None));
    }

    private static Task<string> CodeAsync(AllotmentCase given, long runId) =>
        given.Data.ScalarAsync<string>("select code from runs where run_id = @runId", new { runId });
}
