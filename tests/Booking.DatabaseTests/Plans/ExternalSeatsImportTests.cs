using Booking.TestSupport;
using Npgsql;
using Xunit;

namespace Booking.DatabaseTests.Plans;

/// <summary>More external seats of a published run: only from added seats and from free seats that nobody was promised.</summary>
public sealed class ExternalSeatsImportTests : PublishedRunTests
{
    private const string External = "eksterne pladser";

    [Fact]
    public async Task Added_seats_go_to_the_sectors_first_and_the_rest_is_shared()
    {
        await ReserveAsync("1001");
        var before = await SeatsAsync();
        Plan.Set(Runs, 1, "pladser", "14").Set(Runs, 1, External, "5");

        var result = await ImportAsync();

        Assert.Empty(result.Refusals);
        Assert.Equal(["pladser", External], Fields(result));
        var after = await SeatsAsync();
        Assert.Equal(before, after.Take(10));
        Assert.Equal(["department", "external", "external", "external"], after.Skip(10).Select(seat => seat.Split(' ')[1]));
        Assert.Equal("14/5", await FiguresAsync());
        Assert.Equal(5, await ScalarAsync<long>("select sum(seats) from allotments where run_id = @id and pool = 'external'", new { id = Run }));
        Assert.True((await ImportAsync()).IsWithoutChange);
    }

    [Fact]
    public async Task Run_that_gets_only_external_seats_shares_none_among_departments()
    {
        var before = await ScalarAsync<long>("select sum(guaranteed_seats) from seat_accounts");
        Plan.Set(Runs, 1, "pladser", "24").Set(Runs, 1, External, "16");

        Assert.Empty((await ImportAsync()).Refusals);

        Assert.Equal("24/16", await FiguresAsync());
        Assert.Equal(16, await ScalarAsync<long>("select count(*) from seats where run_id = @id and pool = 'external'", new { id = Run }));
        Assert.Equal(before, await ScalarAsync<long>("select sum(guaranteed_seats) from seat_accounts"));
    }

    [Fact]
    public async Task Free_open_seats_become_external_and_what_is_lacking_is_named_with_the_figures()
    {
        await OpenAsync(3);
        await ReserveAsync("1001");
        Plan.Set(Runs, 1, "pladser", "11").Set(Runs, 1, External, "8");

        var result = await ImportAsync();

        Assert.Equal(
            "K1-1: eksterne pladser: 8 eksterne pladser i stedet for 2 — 1 er taget, 4 ledige er garanteret afdelinger; "
            + "kun 1 nye og 3 ledige åbne pladser kan gives til de eksterne sektorer, som får 6",
            Assert.Single(result.Refusals).ToString());
        Assert.Equal("11/6", await FiguresAsync());
        Assert.Equal(6, await ScalarAsync<long>("select count(*) from seats where run_id = @id and pool = 'external'", new { id = Run }));
        Assert.Equal(4, await ScalarAsync<long>("select count(*) from seats where run_id = @id and pool = 'department' and status = 'free'", new { id = Run }));
        Assert.True((await ImportAsync()).IsWithoutChange);
        Assert.Equal(1, await ScalarAsync<long>("select count(*) from audit_entries where action = 'run.external_seats_raised'"));
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Lowered_capacity_and_more_external_seats_share_the_free_open_seats()
    {
        await OpenAsync(3);
        Plan.Set(Runs, 1, "pladser", "8").Set(Runs, 1, External, "4");

        Assert.EndsWith(
            "kun 0 nye og 1 ledige åbne pladser kan gives til de eksterne sektorer, som får 3",
            Assert.Single((await ImportAsync()).Refusals).Reason,
            StringComparison.Ordinal);
        Assert.Equal("8/3", await FiguresAsync());
        Assert.Equal(8, await ScalarAsync<long>("select count(*) from seats where run_id = @id", new { id = Run }));
    }

    [Fact]
    public async Task Open_seat_that_a_reservation_holds_at_this_moment_is_not_given()
    {
        await OpenAsync(2);
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(
            "update seats set status = 'taken' where (run_id, number) = (select run_id, min(number) from seats where pool = 'open' group by 1)",
            connection,
            transaction);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        Plan.Set(Runs, 1, External, "4");

        var result = await ImportAsync();
        await transaction.CommitAsync();

        Assert.EndsWith("som får 3", Assert.Single(result.Refusals).Reason, StringComparison.Ordinal);
        Assert.Equal("10/3", await FiguresAsync());
        Assert.Equal(3, await ScalarAsync<long>("select count(*) from seats where run_id = @id and pool = 'external'", new { id = Run }));
    }

    [Fact]
    public async Task After_the_release_no_seat_is_set_aside()
    {
        await Database.Data.ExecuteAsync(
            """
            update seats set pool = 'open', department_id = null where run_id = @id;
            update runs set released_at = '2027-02-08 11:00Z' where run_id = @id
            """,
            new { id = Run });
        Plan.Set(Runs, 1, "pladser", "12").Set(Runs, 1, External, "4");

        Assert.Equal(
            "pladserne blev frigivet 08-02-2027; de ledige er åbne for alle, også for de eksterne sektorer",
            Assert.Single((await ImportAsync()).Refusals).Reason);
        Assert.Equal("12/2", await FiguresAsync());
        await Invariants.AssertHoldAsync(Database);
    }

    private Task OpenAsync(int seats) => Database.Data.ExecuteAsync(
        """
        with handed_back as (
            select number, department_id from seats where run_id = @id and department_id <> @north order by number limit @seats),
        noted as (
            insert into seat_transfers (run_id, from_department_id, seats, kind, at, actor)
            select @id, department_id, count(*), 'hand_back', now(), 'test' from handed_back group by department_id)
        update seats set pool = 'open', department_id = null
        where run_id = @id and number in (select number from handed_back)
        """,
        new { id = Run, north = North, seats });

    private Task<string> FiguresAsync() =>
        ScalarAsync<string>("select capacity || '/' || external_seats from runs where run_id = @id", new { id = Run });
}
