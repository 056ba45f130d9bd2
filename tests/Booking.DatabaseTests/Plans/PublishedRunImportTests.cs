using Booking.Data.Bookings;
using Booking.Data.Plans;
using Booking.DatabaseTests.Bookings;
using Booking.TestSupport;
using Dapper;
using Npgsql;
using Xunit;

namespace Booking.DatabaseTests.Plans;

/// <summary>What an import may do to a run that people have seats on.</summary>
public sealed class PublishedRunImportTests : PublishedRunTests
{
    [Fact]
    public async Task Moved_session_is_sent_to_those_who_have_it_and_only_that_session()
    {
        await ReserveAsync("1001", "1002");
        var sessionIds = await SessionIdsAsync();
        Plan.Set(Runs, 1, "dage", "15-03-2027 08:30-15:30 | 17-03-2027 09:00-15:30");

        var result = await ImportAsync();

        Assert.Equal(["dage"], Fields(result));
        Assert.Equal(sessionIds, await SessionIdsAsync());
        Assert.Equal(["1/0", "1/0", "2/1", "2/1"], await SequencesAsync());
        Assert.Equal(2, await UpdatesAsync());
        Assert.Equal(
            new DateTime(2027, 3, 17, 14, 30, 0, DateTimeKind.Utc), await ScalarAsync<DateTime>("select ends_at from runs where run_id = @id", new { id = Run }));
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Personal_links_are_good_until_the_new_start_of_a_run_that_the_plan_moves()
    {
        await ReserveAsync("1001");
        await Database.Data.ExecuteAsync(
            """
            insert into links (token_hash, purpose, booking_id, created_at, expires_at)
            select 'x', 'booking.manage', booking_id, now(), starts_at from bookings join runs using (run_id)
            """);
        Plan.Set(Runs, 1, "dage", "16-03-2027 08:30-15:30 | 17-03-2027 08:30-15:30");

        await ImportAsync();

        Assert.True(await ScalarAsync<bool>("select links.expires_at = runs.starts_at from links, runs where runs.run_id = @Run", new { Run }));
    }

    [Fact]
    public async Task Moved_place_is_sent_once_for_every_session()
    {
        await ReserveAsync("1001");
        Plan.Set(Runs, 1, "sted", "Ny sal").Set(Runs, 1, "by", "Hobro");

        Assert.Equal(["sted", "by"], Fields(await ImportAsync()));
        Assert.Equal(["1/1", "2/1"], await SequencesAsync());
        await ImportAsync();
        Assert.Equal(["1/1", "2/1"], await SequencesAsync());
        Assert.Equal(2, await UpdatesAsync());
    }

    [Fact]
    public async Task Change_that_is_in_no_calendar_is_sent_to_nobody()
    {
        await ReserveAsync("1001");
        Plan.Set(Runs, 1, "budget", "1,00").Set(Runs, 1, "afmeldingsfrist", "02-03-2027 12:00").Set(Runs, 1, "breddegrad", "57,1");

        Assert.Equal(["breddegrad", "afmeldingsfrist", "budget"], Fields(await ImportAsync()));
        Assert.Equal(["1/0", "2/0"], await SequencesAsync());
    }

    [Fact]
    public async Task New_session_is_sent_to_everybody_who_is_booked()
    {
        await ReserveAsync("1001", "1002");
        Plan.Set(Runs, 1, "dage", "15-03-2027 08:30-15:30 | 16-03-2027 08:30-15:30 | 22-03-2027 08:30-12:00");

        await ImportAsync();

        Assert.Equal(["1/0", "1/0", "2/0", "2/0", "3/0", "3/0"], await SequencesAsync());
        await Invariants.AssertHoldAsync(Database);
    }

    [Theory]
    [InlineData("15-03-2027 08:30-15:30 | 16-03-2027 08:30-15:30 | 22-03-2027 08:30-12:00", "1/0 2/0 3/0")]
    [InlineData("15-03-2027 08:30-15:30 | 17-03-2027 09:00-15:30", "1/0 2/1")]
    public async Task Booking_that_is_under_way_while_a_session_is_added_or_moved_is_told_too(string days, string sequences)
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await BookAsync(transaction, "1001");
        Plan.Set(Runs, 1, "dage", days);

        var import = ImportAsync();
        await WaitUntilSomebodyWaitsAsync();
        await transaction.CommitAsync();
        await import;

        Assert.Equal(sequences, string.Join(' ', await SequencesAsync()));
        Assert.Equal(1, await ScalarAsync<long>("select count(*) from outbox where kind = 'booking.invitation'"));
    }

    [Fact]
    public async Task Cancellation_that_is_under_way_while_a_session_is_added_and_the_import_do_not_wait_in_a_circle()
    {
        await ReserveAsync("1001");
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select from bookings for update", transaction: transaction);
        Plan.Set(Runs, 1, "dage", "15-03-2027 08:30-15:30 | 16-03-2027 08:30-15:30 | 22-03-2027 08:30-12:00");

        var import = ImportAsync();
        await WaitUntilSomebodyWaitsAsync();
        await connection.ExecuteAsync("select from runs for share", transaction: transaction);
        await transaction.RollbackAsync();
        await import;

        Assert.Equal(["1/0", "2/0", "3/0"], await SequencesAsync());
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Raised_capacity_shares_only_the_added_seats()
    {
        await ReserveAsync("1001");
        var before = await SeatsAsync();
        Plan.Set(Runs, 1, "pladser", "14");

        Assert.Equal(["pladser"], Fields(await ImportAsync()));

        var after = await SeatsAsync();
        Assert.Equal(14, after.Count);
        Assert.Equal(before, after.Take(10));
        Assert.Equal(14, await ScalarAsync<int>("select capacity from runs where run_id = @id", new { id = Run }));
        Assert.True((await ImportAsync()).IsWithoutChange);
    }

    [Fact]
    public async Task Lower_capacity_is_refused_while_seats_are_promised_and_named_with_the_counts()
    {
        await ReserveAsync("1001");
        var before = await SeatsAsync();
        Plan.Set(Runs, 1, "pladser", "9").Set(Runs, 1, "budget", "1,00");

        var result = await ImportAsync();

        Assert.Equal(ImportPlanOutcome.ImportedWithRefusals, result.Outcome);
        Assert.Equal(
            "K1-1: pladser: 9 pladser i stedet for 10 — 1 er taget, 7 ledige er garanteret afdelinger, 2 er eksterne; kun 0 ledige åbne pladser kan fjernes",
            Assert.Single(result.Refusals).ToString());
        Assert.Equal(["budget"], Fields(result));
        Assert.Equal(before, await SeatsAsync());
    }

    [Fact]
    public async Task Lower_capacity_removes_free_open_seats_with_the_highest_numbers()
    {
        await Database.Data.ExecuteAsync(
            """
            update seats set pool = 'open', department_id = null where run_id = @id and pool = 'department';
            update allotments set pool = 'open', department_id = null where run_id = @id and pool = 'department'
            """,
            new { id = Run });
        var reserved = await ReserveAsync("1001", "1002");
        Plan.Set(Runs, 1, "pladser", "6");

        Assert.Equal(["pladser"], Fields(await ImportAsync()));

        Assert.Equal(6, (await SeatsAsync()).Count);
        Assert.Equal(2, await ScalarAsync<long>("select count(*) from seats where run_id = @id and status = 'taken'", new { id = Run }));
        Assert.Equal(2, await ScalarAsync<long>("select count(*) from seats where run_id = @id and pool = 'external'", new { id = Run }));
        Assert.All(reserved, result => Assert.Equal(ReserveOutcome.Booked, result.Outcome));
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Seat_that_a_reservation_holds_at_this_moment_is_never_removed()
    {
        await Database.Data.ExecuteAsync(
            "update seats set pool = 'open', department_id = null where run_id = @id and pool = 'department'", new { id = Run });
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(
            "update seats set status = 'taken' where run_id = $1 and pool = 'open' and number <= 7", connection, transaction)
        {
            Parameters = { new() { Value = Run } },
        };
        var held = await command.ExecuteNonQueryAsync();
        Plan.Set(Runs, 1, "pladser", "8");

        var result = await ImportAsync();
        await transaction.CommitAsync();

        Assert.True(held >= 7);
        Assert.Equal("pladser", Assert.Single(result.Refusals).Column);
        Assert.Equal(10, (await SeatsAsync()).Count);
        Assert.Equal(10, await ScalarAsync<int>("select capacity from runs where run_id = @id", new { id = Run }));
    }

    [Theory]
    [InlineData("1", "2 pladser er givet til de eksterne sektorer")]
    [InlineData("3", "0 er taget, 8 ledige er garanteret afdelinger; kun 0 nye og 0 ledige åbne pladser kan gives til de eksterne sektorer, som får 2")]
    public async Task External_seats_are_never_taken_from_departments_nor_back(string externalSeats, string reason)
    {
        var before = await SeatsAsync();
        Plan.Set(Runs, 1, "eksterne pladser", externalSeats);

        var result = await ImportAsync();

        Assert.Equal(reason, Assert.Single(result.Refusals).Reason);
        Assert.True(result.IsWithoutChange);
        Assert.Equal(before, await SeatsAsync());
    }

    [Fact]
    public async Task Release_that_would_take_guaranteed_seats_at_once_is_refused()
    {
        Database.Clock.Set(new DateTimeOffset(2027, 1, 20, 8, 0, 0, TimeSpan.Zero));
        Plan.Set(Runs, 1, "frigives", "19-01-2027 12:00");

        Assert.Equal("8 garanterede pladser ville være væk med det samme", Assert.Single((await ImportAsync()).Refusals).Reason);
    }

    [Fact]
    public async Task Release_that_has_happened_cannot_be_moved()
    {
        await Database.Data.ExecuteAsync("update runs set released_at = '2027-02-08 11:00Z' where run_id = @id", new { id = Run });
        Plan.Set(Runs, 1, "frigives", "01-03-2027 12:00");

        Assert.Equal("pladserne blev frigivet 08-02-2027", Assert.Single((await ImportAsync()).Refusals).Reason);
    }

    [Fact]
    public async Task Run_with_bookings_stays_on_its_course()
    {
        Plan.Set(Runs, 2, "kursuskode", "K1");
        Assert.Equal(["kursuskode"], (await ImportAsync()).Entities[^1].Changes[0].Fields);
        await ReserveAsync("1001");
        Plan.Set(Runs, 1, "kursuskode", "K2").Set(Runs, 1, "eksterne pladser", "0");

        Assert.Equal([RunFields.Course, RunFields.ExternalSeats], (await ImportAsync()).Refusals.Select(r => r.Column).Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public async Task Cancelled_run_is_not_changed()
    {
        await Database.Data.ExecuteAsync("update runs set status = 'cancelled', cancelled_at = now() where run_id = @id", new { id = Run });
        Plan.Set(Runs, 1, "sted", "Ny sal");

        var result = await ImportAsync();

        Assert.Equal("K1-1: sted: ændring — holdet er aflyst", Assert.Single(result.Refusals).ToString());
        Assert.True(result.IsWithoutChange);
    }

    // What a reservation has written before it commits.
    private async Task BookAsync(NpgsqlTransaction transaction, string employeeNumber) => await transaction.Connection!.ExecuteAsync(
        """
        update seats set status = 'taken' where run_id = @Run and number = 1;
        with booked as (
            insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
            select @Run, 1, person_id, @North, 'department', 'booked', 'secretary', 'x', now() from people where employee_number = @employeeNumber
            returning booking_id)
        insert into invitations (booking_id, session_id) select booking_id, session_id from booked, sessions where run_id = @Run
        """,
        new { Run, North, employeeNumber },
        transaction);
}
