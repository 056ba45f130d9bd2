using Booking.Data.Bookings;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Bookings;

public sealed class SubstitutePersonTests : IAsyncLifetime
{
    private SubstituteCase _case = null!;

    private TestData Data => _case.Data;

    public async ValueTask InitializeAsync() => _case = await SubstituteCase.CreateAsync();

    public ValueTask DisposeAsync() => _case.DisposeAsync();

    [Theory]
    [InlineData("Bo Birk")]
    [InlineData("BO@example.org")]
    [InlineData("Bo Birk; bo@example.org")]
    public async Task Secretary_puts_a_colleague_on_the_same_seat(string who)
    {
        var bo = await _case.AddColleagueAsync("bo@example.org", "Bo Birk");

        var result = await _case.SubstituteAsync(who);

        Assert.Equal(SubstituteOutcome.Substituted, result.Outcome);
        Assert.Equal(
            $"{bo} 1 department booked {SubstituteCase.Secretary}",
            await Data.ScalarAsync<string>(
                "select concat_ws(' ', person_id, seat_number, pool, status, booked_by) from bookings where reference = @Booking", new { result.Booking }));
        Assert.Equal("taken", await Data.ScalarAsync<string>("select status from seats where run_id = @Run", new { _case.Run }));
        Assert.False(await Data.ScalarAsync<bool>("select is_late_cancellation from bookings where reference = @Booking", new { _case.Booking }));
        Assert.Equal(4, await Data.ScalarAsync<long>("select count(distinct uid) from invitations"));
        Assert.Equal(
            ["booking.cancellation anna@example.org", "booking.invitation bo@example.org", "booking.notice leder@example.org", "booking.substituted_receipt sek@example.org"],
            await Data.QueryAsync<string>(
                "select distinct kind || ' ' || recipient_email from outbox where outbox_id > (select max(outbox_id) from outbox where kind = 'booking.receipt') order by 1"));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task Trail_ties_the_new_booking_to_the_old()
    {
        await _case.AddColleagueAsync("bo@example.org");
        await _case.SubstituteAsync("bo@example.org");

        Assert.Equal(
            ["booking.given_over", "booking.substituted"],
            await Data.QueryAsync<string>("select action from audit_entries where action in ('booking.given_over', 'booking.substituted') order by audit_id"));
        Assert.Equal(
            1, await Data.ScalarAsync<long>(
                """
                select count(*) from audit_entries entry
                join bookings made using (booking_id)
                where entry.action = 'booking.substituted' and (entry.details ->> 'replaces')::bigint = made.replaces_booking_id
                """));
    }

    [Fact]
    public async Task After_the_deadline_it_is_not_flagged_late_and_until_the_first_session_starts_it_works()
    {
        await _case.AddColleagueAsync("bo@example.org");
        _case.Database.Clock.Set(await StartAsync() - TimeSpan.FromSeconds(1));

        Assert.Equal(SubstituteOutcome.Substituted, (await _case.SubstituteAsync("bo@example.org")).Outcome);
        Assert.Equal(0, await Data.ScalarAsync<long>("select count(*) from bookings where is_late_cancellation"));
    }

    [Fact]
    public async Task Once_the_first_session_has_started_it_is_too_late()
    {
        await _case.AddColleagueAsync("bo@example.org");
        _case.Database.Clock.Set(await StartAsync());

        Assert.Equal(SubstituteOutcome.TooLate, (await _case.SubstituteAsync("bo@example.org")).Outcome);
    }

    [Fact]
    public async Task Who_has_a_seat_already_is_named_with_the_booking()
    {
        await Data.AddSeatsAsync(_case.Run, 1, _case.A);
        var bo = await _case.AddColleagueAsync("bo@example.org");
        var existing = await _case.ReserveAsync(_case.Run, bo);

        var result = await _case.SubstituteAsync("bo@example.org");

        Assert.Equal((SubstituteOutcome.AlreadyBooked, existing), (result.Outcome, result.Booking));
        Assert.Equal(SubstituteOutcome.AlreadyBooked, (await _case.SubstituteAsync("anna@example.org")).Outcome);
    }

    [Fact]
    public async Task Nobody_from_another_department_nobody_inactive_and_nobody_twice_of_a_name()
    {
        await Data.AddEmployeeAsync(_case.B, "Carl Cedergren", "carl@example.org");
        await _case.AddColleagueAsync("dorte@example.org");
        await Data.ExecuteAsync("update people set is_active = false where email = 'dorte@example.org'");
        await _case.AddColleagueAsync("e1@example.org", "Ene Eng");
        await _case.AddColleagueAsync("e2@example.org", "Ene Eng");

        Assert.Equal(SubstituteOutcome.NotInDepartment, (await _case.SubstituteAsync("carl@example.org")).Outcome);
        Assert.Equal(SubstituteOutcome.NotInDepartment, (await _case.SubstituteAsync("dorte@example.org")).Outcome);
        Assert.Equal(SubstituteOutcome.NotInDepartment, (await _case.SubstituteAsync("ingen@example.org")).Outcome);
        Assert.Equal(SubstituteOutcome.Ambiguous, (await _case.SubstituteAsync("ene eng")).Outcome);
        Assert.Equal(1, await Data.ScalarAsync<long>("select count(*) from bookings where status = 'booked'"));
    }

    [Fact]
    public async Task Overlap_is_shown_and_can_be_confirmed()
    {
        var bo = await _case.AddColleagueAsync("bo@example.org");
        await BookElsewhereAsync(bo);

        var asked = await _case.SubstituteAsync("bo@example.org");
        Assert.Equal(SubstituteOutcome.Overlaps, asked.Outcome);
        Assert.Single(asked.Overlaps);

        Assert.Equal(SubstituteOutcome.Substituted, (await _case.SubstituteAsync("bo@example.org", acceptsOverlap: true)).Outcome);
    }

    [Fact]
    public async Task Where_the_run_asks_for_it_the_leader_is_asked_and_nobody_is_invited_yet()
    {
        await Data.ExecuteAsync("update runs set requires_approval = true");
        await _case.AddColleagueAsync("bo@example.org");

        Assert.Equal(SubstituteOutcome.AwaitsApproval, (await _case.SubstituteAsync("bo@example.org")).Outcome);

        Assert.Equal("held", await Data.ScalarAsync<string>("select status from bookings where status <> 'cancelled'"));
        Assert.Equal(1, await Data.ScalarAsync<long>("select count(*) from outbox where kind = 'approval.asked'"));
        Assert.Equal(0, await Data.ScalarAsync<long>("select count(*) from outbox where recipient_email = 'bo@example.org'"));
        // Who waits for a leader can be replaced, too: the question is withdrawn.
        await _case.AddColleagueAsync("ci@example.org");
        var held = await Data.ScalarAsync<Guid>("select reference from bookings where status = 'held'");
        Assert.Equal(SubstituteOutcome.AwaitsApproval, (await _case.SubstituteAsync("ci@example.org", held)).Outcome);
        Assert.Equal(["pending", "void"], await Data.QueryAsync<string>("select status from approvals order by status"));
    }

    [Fact]
    public async Task A_foreign_or_cancelled_booking_is_left_alone()
    {
        await _case.AddColleagueAsync("bo@example.org");

        Assert.Equal(SubstituteOutcome.NotFound, (await _case.SubstituteAsync("bo@example.org", scope: BookingScope.Of(null, [_case.B]))).Outcome);
        await _case.CancelAsync(_case.Booking);
        Assert.Equal(SubstituteOutcome.NotLive, (await _case.SubstituteAsync("bo@example.org")).Outcome);
    }

    [Fact]
    public async Task By_the_personal_link_a_colleague_is_named_by_address_only()
    {
        await _case.AddColleagueAsync("bo@example.org", "Bo Birk");

        Assert.Equal(SubstituteOutcome.NotInDepartment, (await _case.SubstituteByLinkAsync("Bo Birk")).Outcome);
        Assert.Equal(SubstituteOutcome.Substituted, (await _case.SubstituteByLinkAsync("bo@example.org")).Outcome);
        Assert.Equal(
            SubstituteCase.Secretary, await Data.ScalarAsync<string>("select booked_by from bookings where status = 'booked'"));
        Assert.Equal(
            SubstituteCase.Secretary, await Data.ScalarAsync<string>("select recipient_email from outbox where kind = 'booking.substituted_receipt'"));
    }

    [Fact]
    public async Task The_personal_link_does_not_tell_who_is_booked_or_elsewhere()
    {
        await Data.AddSeatsAsync(_case.Run, 1, _case.A);
        await _case.ReserveAsync(_case.Run, await _case.AddColleagueAsync("booked@example.org"));
        await BookElsewhereAsync(await _case.AddColleagueAsync("elsewhere@example.org"));

        foreach (var address in new[] { "booked@example.org", "elsewhere@example.org", "nobody@example.org" })
        {
            var result = await _case.SubstituteByLinkAsync(address);
            Assert.Equal(SubstituteOutcome.NotInDepartment, result.Outcome);
            Assert.Null(result.Booking);
            Assert.Empty(result.Overlaps);
        }
    }

    [Fact]
    public async Task A_substitute_who_waited_waits_no_more()
    {
        var waiter = await _case.JoinAsync();
        var email = await Data.ScalarAsync<string>("select email from people where person_id = @waiter", new { waiter });

        await _case.SubstituteAsync(email);

        Assert.Equal("accepted", await Data.ScalarAsync<string>("select status from waiting_list_entries"));
    }

    [Fact]
    public async Task A_substitute_who_refuses_gives_the_seat_to_the_waiting_list()
    {
        await Data.ExecuteAsync("update runs set waiting_list_mode = 'book'");
        var waiter = await _case.JoinAsync();
        await _case.AddColleagueAsync("bo@example.org");
        var bo = (await _case.SubstituteAsync("bo@example.org")).Booking!.Value;

        Assert.Equal(CancelOutcome.Cancelled, await _case.CancelAsync(bo));

        Assert.Equal(waiter, await Data.ScalarAsync<long>("select person_id from bookings where status = 'booked'"));
        await Invariants.AssertHoldAsync(_case.Database);
    }

    [Fact]
    public async Task External_seat_goes_to_somebody_of_the_same_sector_with_price_and_ean()
    {
        var eva = await _case.AddExternalBookingAsync();

        var result = await _case.SubstituteExternalAsync(eva, "ida@nibe.example");

        Assert.Equal(SubstituteOutcome.Substituted, result.Outcome);
        Assert.Equal(
            "Ida Ibsen municipality Nibe Kommune 500.00 5790000123452 external",
            await Data.ScalarAsync<string>(
                """
                select concat_ws(' ', name, sector, workplace, external_price, ean, pool)
                from bookings join people using (person_id) where reference = @Booking
                """,
                new { result.Booking }));
    }

    [Fact]
    public async Task External_seat_does_not_change_who_is_known_and_goes_to_no_employee_and_no_other_sector()
    {
        var eva = await _case.AddExternalBookingAsync();
        await Data.ExecuteAsync(
            """
            insert into people (kind, name, email, sector, workplace) values
                ('external', 'Læge Lund', 'lund@praksis.example', 'general_practice', 'Praksis'),
                ('external', 'Kim Kær', 'kim@kommune.example', 'municipality', 'Hjørring Kommune')
            """);

        Assert.Equal(SubstituteOutcome.NotInDepartment, (await _case.SubstituteExternalAsync(eva, "anna@example.org")).Outcome);
        Assert.Equal(SubstituteOutcome.NotInDepartment, (await _case.SubstituteExternalAsync(eva, "lund@praksis.example")).Outcome);
        Assert.Equal(SubstituteOutcome.Substituted, (await _case.SubstituteExternalAsync(eva, "KIM@kommune.example", "Nogen Anden")).Outcome);
        Assert.Equal("Kim Kær Hjørring Kommune", await Data.ScalarAsync<string>("select name || ' ' || workplace from people where email = 'kim@kommune.example'"));
        // A department's seat stays with its department, whatever the form says.
        Assert.Equal(SubstituteOutcome.NotInDepartment, (await _case.SubstituteExternalAsync(_case.Booking, "ny@kommune.example")).Outcome);
        Assert.Equal(0, await Data.ScalarAsync<long>("select count(*) from people where email = 'ny@kommune.example'"));
    }

    private Task<DateTimeOffset> StartAsync() => StartOfAsync(_case.Run);

    private async Task<DateTimeOffset> StartOfAsync(long run) =>
        new(await Data.ScalarAsync<DateTime>("select starts_at from runs where run_id = @run", new { run }), TimeSpan.Zero);

    private async Task BookElsewhereAsync(long person)
    {
        var other = await Data.AddRunAsync(await Data.AddCourseAsync());
        await Data.AddSeatsAsync(other, 1, _case.A);
        await _case.ReserveAsync(other, person);
    }
}
