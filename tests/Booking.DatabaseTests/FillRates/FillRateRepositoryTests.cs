using Booking.Data.FillRates;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.FillRates;

public sealed class FillRateRepositoryTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private TestData Data => _database.Data;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Seats_are_counted_by_pool_as_worked_out_by_hand()
    {
        var (north, south) = (await Data.AddDepartmentAsync("N"), await Data.AddDepartmentAsync("S"));
        var run = await Data.AddRunAsync(await Data.AddCourseAsync(title: "Ædru samtale"), "H1", capacity: 20);
        await Data.AddSeatsAsync(run, 7, north);
        await Data.AddSeatsAsync(run, 5, south);
        await Data.AddSeatsAsync(run, 4, pool: "external");
        await Data.AddSeatsAsync(run, 4);
        await Data.BookAsync(run, 5, north);
        await Data.BookAsync(run, 1, south);
        await Data.BookAsync(run, 2, pool: "external");
        await Data.BookAsync(run, 3, pool: "open");

        var row = Assert.Single(await ListAsync());

        Assert.Equal("H1", row.RunCode);
        Assert.Equal("Ædru samtale", row.CourseTitle);
        Assert.Equal("onsite", row.Form);
        Assert.Equal(20, row.Capacity);
        Assert.Equal((6, 2, 3, 11), (row.TakenDepartment, row.TakenExternal, row.TakenOpen, row.Taken));
        Assert.Equal((6, 2, 8), (row.UnusedDepartment, row.UnusedExternal, row.Unused));
        Assert.Equal(1, row.FreeOpen);
        Assert.Equal(0.55m, row.FillRate);
        Assert.Equal((0, 0, 0), (row.Held, row.Cancelled, row.CancelledLate));
    }

    [Fact]
    public async Task Held_seats_are_taken_but_are_no_participants()
    {
        var department = await Data.AddDepartmentAsync();
        var run = await AddRunAsync(capacity: 10);
        await Data.AddSeatsAsync(run, 6, department);
        await Data.AddSeatsAsync(run, 4, pool: "external");
        await Data.BookAsync(run, 3, department);
        await Data.BookAsync(run, 1, department, status: "held");
        await Data.BookAsync(run, 1, pool: "external", status: "held");
        await Data.ExecuteAsync("update runs set minimum_participants = 4");

        var row = Assert.Single(await ListAsync());

        Assert.Equal((5, 2, 3), (row.Taken, row.Held, row.Participants));
        Assert.False(row.IsMinimumReached);
        Assert.True(row.WillNotFill(61));
        Assert.False(row.WillNotFill(60));
    }

    [Fact]
    public async Task Minimum_is_reached_at_exactly_the_minimum()
    {
        var run = await AddRunAsync(capacity: 10);
        await Data.AddSeatsAsync(run, 10);
        await Data.BookAsync(run, 4, pool: "open");
        await Data.ExecuteAsync("update runs set minimum_participants = 4");

        Assert.True(Assert.Single(await ListAsync()).IsMinimumReached);
    }

    [Fact]
    public async Task Attended_and_absent_seats_stay_taken_on_a_completed_run()
    {
        var run = await AddRunAsync(capacity: 3);
        await Data.AddSeatsAsync(run, 3);
        await Data.BookAsync(run, 1, pool: "open", status: "attended");
        await Data.BookAsync(run, 1, pool: "open", status: "absent");
        await Data.ExecuteAsync("update runs set status = 'completed'");

        var row = Assert.Single(await ListAsync());

        Assert.Equal((2, 1), (row.Taken, row.FreeOpen));
        Assert.Equal(Attention.Past, row.Attention(28));
    }

    [Fact]
    public async Task Released_run_has_no_unused_guaranteed_seats_and_no_days_to_release()
    {
        var department = await Data.AddDepartmentAsync();
        var run = await AddRunAsync(capacity: 10);
        await Data.AddSeatsAsync(run, 6, department);
        await Data.AddSeatsAsync(run, 4, pool: "external");
        await Data.BookAsync(run, 2, department);
        await Data.ReleaseAsync(run);

        var row = Assert.Single(await ListAsync());

        Assert.Equal((2, 0, 8), (row.TakenDepartment, row.Unused, row.FreeOpen));
        Assert.Null(row.DaysToRelease);
    }

    [Fact]
    public async Task Cancelled_bookings_are_counted_and_the_late_ones_among_them()
    {
        var run = await AddRunAsync(capacity: 2);
        await Data.AddSeatsAsync(run, 2);
        await Data.AddCancelledAsync(run);
        await Data.AddCancelledAsync(run, isLate: true);
        await Data.AddCancelledAsync(run, source: "sign_up");
        await Data.AddCancelledAsync(run, isNamed: false);

        var row = Assert.Single(await ListAsync());

        Assert.Equal((0, 4, 1), (row.Taken, row.Cancelled, row.CancelledLate));
    }

    [Fact]
    public async Task Sign_up_that_was_never_confirmed_is_no_cancellation()
    {
        var run = await AddRunAsync();
        await Data.AddSeatsAsync(run, 2);
        await Data.AddCancelledAsync(run, source: "sign_up", isNamed: false);

        Assert.Equal(0, Assert.Single(await ListAsync()).Cancelled);
    }

    [Fact]
    public async Task Cancelled_run_has_nothing_taken_and_nothing_free()
    {
        var department = await Data.AddDepartmentAsync();
        var run = await AddRunAsync(capacity: 5);
        await Data.AddSeatsAsync(run, 5, department);
        await Data.BookAsync(run, 2, department);
        await Data.CancelRunAsync(run);

        var row = Assert.Single(await ListAsync());

        Assert.Equal((0, 0, 0, 2), (row.Taken, row.Unused, row.FreeOpen, row.Cancelled));
        Assert.Equal(Attention.Cancelled, row.Attention(28));
        Assert.False(row.Counts);
    }

    [Fact]
    public async Task Draft_without_seats_is_listed_with_nothing_taken()
    {
        await Data.AddRunAsync(await Data.AddCourseAsync(), "H1", capacity: 12, status: "draft");

        var row = Assert.Single(await ListAsync());

        Assert.Equal((12, 0, 0), (row.Capacity, row.Taken, row.Unused));
        Assert.Equal(Attention.Draft, row.Attention(28));
    }

    [Theory]
    // Half an hour before local midnight and half an hour after it, both on 10 January in UTC.
    [InlineData("2027-01-10T22:30:00Z", "2027-01-11 08:30", 1)]
    [InlineData("2027-01-10T23:30:00Z", "2027-01-11 08:30", 0)]
    // Across the night when clocks go forward (28 March) and back (31 October).
    [InlineData("2027-03-27T23:30:00Z", "2027-03-29 00:15", 1)]
    [InlineData("2027-10-30T21:30:00Z", "2027-11-01 08:30", 2)]
    [InlineData("2027-06-16T10:00:00Z", "2027-06-15 08:30", -1)]
    public async Task Days_are_local_calendar_days(string now, string starts, int days)
    {
        await Data.MoveAsync(await AddRunAsync(), starts, starts);
        _database.Clock.Set(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));

        var row = Assert.Single(await ListAsync());

        Assert.Equal(days, row.DaysToStart);
        Assert.Equal(days, row.DaysToRelease);
        Assert.Equal(days >= 0, row.IsUpcoming);
    }

    [Fact]
    public async Task Filters_choose_by_focus_area_form_month_year_and_start()
    {
        var onsite = await Data.AddCourseAsync("K1", "Konflikt");
        var online = await Data.AddCourseAsync("K2", "Ærlighed på Østre", form: "online");
        await Data.ExecuteAsync("update courses set focus_area = 'career' where code = 'K2'");
        // Just after midnight in Copenhagen on 1 April is still March in UTC.
        await Data.MoveAsync(await Data.AddRunAsync(onsite, "A"), "2027-04-01 00:30", "2027-03-01 12:00");
        await Data.MoveAsync(await Data.AddRunAsync(online, "B"), "2027-03-31 08:30", "2027-03-01 12:00");
        await Data.MoveAsync(await Data.AddRunAsync(online, "C"), "2028-03-31 08:30", "2028-03-01 12:00");
        _database.Clock.Set(new DateTimeOffset(2027, 3, 31, 12, 0, 0, TimeSpan.Zero));

        Assert.Equal(["B", "A"], await CodesAsync(f => f));
        Assert.Equal(["C"], await CodesAsync(f => f with { PlanYear = 2028 }));
        Assert.Equal(["B"], await CodesAsync(f => f with { FocusArea = "career" }));
        Assert.Equal(["A"], await CodesAsync(f => f with { Form = "onsite" }));
        Assert.Equal(["A"], await CodesAsync(f => f with { Month = 4 }));
        Assert.Equal(["B"], await CodesAsync(f => f with { Month = 3 }));
        Assert.Equal(["A"], await CodesAsync(f => f with { IsUpcoming = true }));
        Assert.Equal(["B"], await CodesAsync(f => f with { IsUpcoming = false }));
        Assert.Equal(["B"], await CodesAsync(f => f with { Words = ["ærlig", "ØSTRE"] }));
        Assert.Equal(["A"], await CodesAsync(f => f with { Words = ["k1"] }));
        Assert.Empty(await CodesAsync(f => f with { Words = ["konflikt", "k2"] }));
        Assert.Empty(await CodesAsync(f => f with { Words = ["%"] }));
    }

    [Fact]
    public async Task Year_with_upcoming_runs_is_the_default()
    {
        var course = await Data.AddCourseAsync();
        await Data.MoveAsync(await Data.AddRunAsync(course), "2026-05-01 08:30", "2026-04-01 12:00");
        await Data.MoveAsync(await Data.AddRunAsync(course), "2027-05-01 08:30", "2027-04-01 12:00");
        await Data.MoveAsync(await Data.AddRunAsync(course), "2028-05-01 08:30", "2028-04-01 12:00");
        var repository = new FillRateRepository(_database.DataSource);

        var years = await repository.ListYearsAsync(_database.Clock.GetUtcNow(), CancellationToken.None);
        var later = await repository.ListYearsAsync(new DateTimeOffset(2029, 1, 1, 0, 0, 0, TimeSpan.Zero), CancellationToken.None);

        Assert.Equal([2028, 2027, 2026], years.Select(y => y.Year));
        Assert.Equal(2027, PlanYear.Default(years));
        Assert.Equal(2028, PlanYear.Default(later));
        Assert.Null(PlanYear.Default([]));
    }

    private async Task<long> AddRunAsync(int capacity = 10) => await Data.AddRunAsync(await Data.AddCourseAsync(), capacity: capacity);

    private Task<IReadOnlyList<FillRateRow>> ListAsync() => ListAsync(new FillRateFilter { PlanYear = 2027 });

    private Task<IReadOnlyList<FillRateRow>> ListAsync(FillRateFilter filter) =>
        new FillRateRepository(_database.DataSource).ListAsync(filter, _database.Clock.GetUtcNow(), CancellationToken.None);

    private async Task<IEnumerable<string>> CodesAsync(Func<FillRateFilter, FillRateFilter> change) =>
        (await ListAsync(change(new FillRateFilter { PlanYear = 2027 }))).Select(r => r.RunCode);
}
