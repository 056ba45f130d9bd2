using Booking.Data.Audit;
using Booking.Data.Plans;
using Booking.Data.Runs;
using Booking.TestSupport;
using Dapper;
using Xunit;

namespace Booking.DatabaseTests.Plans;

/// <summary>The plan is imported again after HR has changed the run on its page.</summary>
public sealed class ChangedOnPageTests : PublishedRunTests
{
    private const string BothChanged = "er også rettet på holdets side siden sidste import; gør planen og siden ens";

    private static readonly Actor Hr = new() { Name = "hr@example.org", Role = ActorRoles.Hr };

    [Fact]
    public async Task Postponed_run_stays_postponed_when_the_plan_is_imported_unchanged()
    {
        await ReserveAsync("1001");
        await PostponeAsync(7);
        var before = await RowAsync();

        var result = await ImportAsync();

        Assert.True(result.IsWithoutChange);
        Assert.Empty(result.Refusals);
        Assert.Equal(before, await RowAsync());
        Assert.Equal(["1/1", "2/1"], await SequencesAsync());
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Raised_capacity_stays_when_the_plan_is_imported_unchanged()
    {
        await ChangeCapacityAsync(10, 14);

        var result = await ImportAsync();

        Assert.True(result.IsWithoutChange);
        Assert.Empty(result.Refusals);
        Assert.Equal(14, await ScalarAsync<int>("select capacity from runs where run_id = @Run", new { Run }));
    }

    [Fact]
    public async Task What_the_plan_changes_beside_what_HR_changed_is_taken()
    {
        await PostponeAsync(7);
        await ChangeCapacityAsync(10, 14);
        var times = await RowAsync();
        Plan.Set(Runs, 1, "budget", "1,00").Set(Runs, 1, "underviser", "ny@example.org");

        var result = await ImportAsync();

        Assert.Equal(["underviser", "budget"], Fields(result));
        Assert.Empty(result.Refusals);
        Assert.Equal(times, await RowAsync());
    }

    [Fact]
    public async Task Capacity_that_plan_and_page_changed_differently_is_refused_by_name_until_they_agree()
    {
        await ChangeCapacityAsync(10, 14);
        Plan.Set(Runs, 1, "pladser", "12");

        Assert.Equal([$"K1-1: pladser: «12» i stedet for «14» — {BothChanged}"], Lines(await ImportAsync()));
        Assert.Single((await ImportAsync()).Refusals);
        Assert.Equal(14, await ScalarAsync<int>("select capacity from runs where run_id = @Run", new { Run }));

        Plan.Set(Runs, 1, "pladser", "14");
        Assert.Empty((await ImportAsync()).Refusals);
        Plan.Set(Runs, 1, "pladser", "16");
        Assert.Equal(["pladser"], Fields(await ImportAsync()));
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Days_that_plan_and_page_moved_differently_are_refused_with_the_deadlines_that_follow_them()
    {
        await PostponeAsync(7);
        var before = await RowAsync();
        Plan.Set(Runs, 1, "dage", "29-03-2027 08:30-15:30 | 30-03-2027 08:30-15:30").Set(Runs, 1, "afmeldingsfrist", "15-03-2027 12:00");

        var result = await ImportAsync();

        Assert.Equal(
            [
                "K1-1: dage: «29-03-2027 08:30-15:30 | 30-03-2027 08:30-15:30» i stedet for "
                    + $"«22-03-2027 08:30-15:30 | 23-03-2027 08:30-15:30» — {BothChanged}",
                $"K1-1: tilmelding lukker: «26-03-2027 12:00» i stedet for «19-03-2027 12:00» — {BothChanged}",
                $"K1-1: afmeldingsfrist: «15-03-2027 12:00» i stedet for «08-03-2027 12:00» — {BothChanged}",
            ],
            Lines(result));
        Assert.Equal(before, await RowAsync());
        Assert.True(result.IsWithoutChange);
    }

    [Fact]
    public async Task Plan_that_follows_the_page_changes_nothing_and_leads_again()
    {
        await ReserveAsync("1001");
        await PostponeAsync(7);
        MovePlan("22-03-2027", "23-03-2027", "08-03-2027");
        var followed = await ImportAsync();
        MovePlan("29-03-2027", "30-03-2027", "15-03-2027");

        var moved = await ImportAsync();

        Assert.Empty(followed.Refusals);
        Assert.Empty(moved.Refusals);
        Assert.Equal(["1/2", "2/2"], await SequencesAsync());
        await Invariants.AssertHoldAsync(Database);
    }

    [Fact]
    public async Task Deadline_of_the_plan_that_does_not_fit_the_days_of_the_page_is_refused()
    {
        var deadline = new DateTimeOffset(2027, 3, 1, 11, 0, 0, TimeSpan.Zero);
        await PostponeAsync(-7, new() { [RunDeadline.Cancellation] = deadline });
        Plan.Set(Runs, 1, "afmeldingsfrist", "10-03-2027 12:00");

        var result = await ImportAsync();

        Assert.Equal(
            ["K1-1: afmeldingsfrist: «10-03-2027 12:00» i stedet for «01-03-2027 12:00» — passer ikke sammen med de tider, der er rettet på holdets side"],
            Lines(result));
        Assert.True(result.IsWithoutChange);
    }

    [Fact]
    public async Task Place_is_taken_or_left_as_a_whole()
    {
        await MoveToAsync(new RunPlace { VenueName = "Kulturhuset", VenueAddress = "Havnegade 1", PostalCode = "9400", Town = "Nørresundby" });
        var before = await RowAsync();

        var unchanged = await ImportAsync();
        Plan.Set(Runs, 1, "by", "Hobro");
        var changed = await ImportAsync();

        Assert.Empty(unchanged.Refusals);
        Assert.Equal([$"K1-1: by: «Hobro» i stedet for «Nørresundby» — {BothChanged}"], Lines(changed));
        Assert.Equal(before, await RowAsync());
    }

    [Fact]
    public async Task Wish_that_was_refused_for_taken_seats_is_tried_again_and_is_no_change_on_a_page()
    {
        Plan.Set(Runs, 1, "pladser", "9");
        var first = await ImportAsync();
        var second = await ImportAsync();

        Assert.Contains("i stedet for 10", Assert.Single(first.Refusals).Asked, StringComparison.Ordinal);
        Assert.Equal(Lines(first), Lines(second));
    }

    [Fact]
    public async Task Cancelled_run_that_HR_had_moved_is_no_refusal_while_the_plan_says_the_same()
    {
        await PostponeAsync(7);
        await Database.Get<CancelRun>().RunAsync(new CancelRunRequest(Run, "Sygdom", Hr), CancellationToken.None);

        Assert.Empty((await ImportAsync()).Refusals);
        Plan.Set(Runs, 1, "budget", "1,00");
        Assert.Equal(["K1-1: budget: ændring — holdet er aflyst"], Lines(await ImportAsync()));
    }

    [Fact]
    public async Task Import_that_waits_while_HR_cancels_the_run_finds_it_cancelled()
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select from runs where run_id = @Run for no key update", new { Run }, transaction);
        Plan.Set(Runs, 1, "budget", "1,00").Set(Runs, 1, "pladser", "14");

        var import = ImportAsync();
        await WaitUntilSomebodyWaitsAsync();
        await connection.ExecuteAsync("update runs set status = 'cancelled', cancelled_at = now() where run_id = @Run", new { Run }, transaction);
        await transaction.CommitAsync();
        var result = await import;

        Assert.Equal(["K1-1: pladser: ændring — holdet er aflyst", "K1-1: budget: ændring — holdet er aflyst"], Lines(result));
        Assert.Equal("10 36000.00", await ScalarAsync<string>("select capacity || ' ' || budget from runs where run_id = @Run", new { Run }));
    }

    private static IEnumerable<string> Lines(ImportPlanResult result) => result.Refusals.Select(refusal => refusal.ToString());

    private void MovePlan(string first, string second, string deadline)
    {
        var days = (DateTime.ParseExact(first, "dd-MM-yyyy", null) - new DateTime(2027, 3, 15)).Days;
        string Moved(string at) => DateTime.ParseExact(at, "dd-MM-yyyy", null).AddDays(days).ToString("dd-MM-yyyy", null);
        Plan.Set(Runs, 1, "dage", $"{first} 08:30-15:30 | {second} 08:30-15:30").Set(Runs, 1, "afmeldingsfrist", $"{deadline} 12:00")
            .Set(Runs, 1, "frigives", $"{Moved("08-02-2027")} 12:00").Set(Runs, 1, "tilmelding åbner", $"{Moved("15-11-2026")} 08:00");
    }

    private Task MoveToAsync(RunPlace place) => PostponeAsync(0, place: place);

    // As HR's page does; deadlines that are not given follow.
    private async Task PostponeAsync(int days, Dictionary<RunDeadline, DateTimeOffset>? deadlines = null, RunPlace? place = null)
    {
        var run = (await Database.Get<HrRunRepository>().FindAsync("K1-1", CancellationToken.None))!;
        var wish = new PostponeWish(
            [.. run.Sessions.Select(session => new SessionMove(session.SessionId, session.StartsAt.AddDays(days), session.EndsAt.AddDays(days)))],
            place ?? RunPlace.Of(run),
            deadlines ?? []);
        var result = await Database.Get<PostponeRun>().RunAsync(new PostponeRequest(Run, wish, Hr), CancellationToken.None);
        Assert.Equal(PostponeOutcome.Moved, result.Outcome);
    }

    private async Task ChangeCapacityAsync(int from, int to)
    {
        var result = await Database.Get<ChangeCapacity>().RunAsync(
            new ChangeCapacityRequest(Run, from, to, AlsoExternal: false, Hr), CancellationToken.None);
        Assert.Equal(ChangeCapacityOutcome.Raised, result.Outcome);
    }

    private Task<string> RowAsync() => ScalarAsync<string>(
        """
        select concat_ws(' ', starts_at, ends_at, sign_up_opens_at, sign_up_closes_at, release_at, cancellation_deadline_at,
            venue_name, venue_address, postal_code, town, latitude, online_link, capacity)
        from runs where run_id = @Run
        """,
        new { Run });
}
