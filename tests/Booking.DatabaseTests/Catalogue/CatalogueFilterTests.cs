using Booking.Data.Catalogue;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Catalogue;

/// <summary>A small catalogue in which every filter splits the courses another way.</summary>
public sealed class SmallCatalogue : IAsyncLifetime
{
    private static readonly string[] FocusAreas = ["care", "leadership", "career"];
    private static readonly string[] Forms = ["onsite", "online", "hybrid", "onsite"];
    private static readonly string[] Towns = ["Aalborg", "Thisted", "Ærøskøbing"];

    public TestDatabase Database { get; private set; } = null!;

    public long Department { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        Department = await Database.Data.AddDepartmentAsync();
        var other = await Database.Data.AddDepartmentAsync();
        for (var n = 0; n < 24; n++)
        {
            var course = await Database.Data.AddCourseAsync($"K27-{n:000}", $"Kursus {n}", crossSector: n % 2 == 0, form: Forms[n % 4]);
            await Database.Data.ExecuteAsync(
                "update courses set focus_area = @area where course_id = @course", new { area = FocusAreas[n % 3], course });
            for (var r = 0; r < 2; r++)
            {
                var run = await Database.Data.AddRunAsync(course, daysFromNow: 20 + (n * 7) + (r * 45));
                await Database.Data.ExecuteAsync(
                    "update runs set town = @town where run_id = @run", new { town = Towns[(n + r) % 3], run });
                await Database.Data.AddSeatsAsync(run, n % 5, Department);
                await Database.Data.AddSeatsAsync(run, 2, other);
                await Database.Data.AddSeatsAsync(run, n % 3, pool: "external");
            }
        }
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}

public sealed class CatalogueFilterTests(SmallCatalogue catalogue) : IClassFixture<SmallCatalogue>
{
    private readonly TestDatabase _database = catalogue.Database;
    private readonly CatalogueRepository _catalogue = new(catalogue.Database.DataSource, catalogue.Database.Clock);
    private readonly long _department = catalogue.Department;

    public static TheoryData<CatalogueFilter> Filters =>
    [
        new CatalogueFilter(),
        new CatalogueFilter { FocusAreas = ["care"] },
        new CatalogueFilter { FocusAreas = ["care", "career"], Forms = ["onsite"] },
        new CatalogueFilter { Towns = ["Ærøskøbing"] },
        new CatalogueFilter { Sectors = ["municipality"], OnlyWithSeats = true },
        new CatalogueFilter { Months = [new DateOnly(2027, 3, 1)], Towns = ["Thisted"] },
        new CatalogueFilter { Text = "kursus", OnlyWithSeats = true, Forms = ["hybrid", "online"] },
        new CatalogueFilter { Towns = ["Nowhere"] },
    ];

    // Each count beside a filter is a promise of what choosing only that value leads to; here every promise is kept to the letter.
    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Every_count_is_what_choosing_the_value_leads_to(CatalogueFilter filter)
    {
        SeatViewer[] viewers = [SeatViewer.Stranger, new SeatViewer { DepartmentIds = [_department] }];
        foreach (var viewer in viewers)
        {
            var list = await ListAsync(filter, viewer);
            foreach (var facet in list.Facets)
            {
                var chosen = await ListAsync(Choose(filter, facet), viewer);
                Assert.True(facet.Courses == chosen.Total, $"{facet.Facet} {facet.Value}: {facet.Courses} beside it, {chosen.Total} behind it.");
            }
        }
    }

    [Fact]
    public async Task Seats_left_are_the_viewers_own()
    {
        var stranger = await ListAsync(new CatalogueFilter { OnlyWithSeats = true }, SeatViewer.Stranger);
        var employee = await ListAsync(new CatalogueFilter { OnlyWithSeats = true }, new SeatViewer { DepartmentIds = [_department] });

        Assert.Equal(Enumerable.Range(0, 24).Count(n => n % 2 == 0 && n % 3 > 0), stranger.Total);
        Assert.Equal(Enumerable.Range(0, 24).Count(n => n % 5 > 0), employee.Total);
        Assert.All(stranger.Courses.SelectMany(c => c.Runs), run => Assert.True(run.FreeFor(SeatViewer.Stranger) > 0));
    }

    [Fact]
    public async Task Orders_are_by_next_run_danish_title_and_seats()
    {
        var viewer = new SeatViewer { DepartmentIds = [_department] };
        await _database.Data.ExecuteAsync("update courses set title = 'Åben' where code = 'K27-001'");
        await _database.Data.ExecuteAsync("update courses set title = 'Ærlig' where code = 'K27-002'");
        await _database.Data.ExecuteAsync("update courses set title = 'Zebra' where code = 'K27-003'");

        var byDate = await ListAsync(new CatalogueFilter { Sort = CatalogueSort.NextRun }, viewer);
        var byTitle = await ListAsync(new CatalogueFilter { Sort = CatalogueSort.Title, Page = 2 }, viewer);
        var bySeats = await ListAsync(new CatalogueFilter { Sort = CatalogueSort.SeatsLeft }, viewer);

        Assert.Equal("K27-000", byDate.Courses[0].Code);
        Assert.Equal(["Zebra", "Ærlig", "Åben"], byTitle.Courses.TakeLast(3).Select(c => c.Title));
        var seats = bySeats.Courses.Select(c => c.Runs.Sum(r => r.FreeFor(viewer))).ToList();
        Assert.Equal(seats.OrderDescending(), seats);
    }

    [Fact]
    public async Task Pages_hold_every_course_once_and_a_page_too_far_is_the_last()
    {
        var first = await ListAsync(new CatalogueFilter(), SeatViewer.Stranger);
        var second = await ListAsync(new CatalogueFilter { Page = 2 }, SeatViewer.Stranger);
        var beyond = await ListAsync(new CatalogueFilter { Page = 99 }, SeatViewer.Stranger);

        Assert.Equal((20, 4, 2), (first.Courses.Count, second.Courses.Count, first.Pages));
        Assert.Empty(first.Courses.Select(c => c.Code).Intersect(second.Courses.Select(c => c.Code)));
        Assert.Equal(2, beyond.Page);
        Assert.Equal(second.Courses.Select(c => c.Code), beyond.Courses.Select(c => c.Code));
    }

    [Fact]
    public async Task Drafts_cancelled_and_past_runs_are_not_listed()
    {
        var course = await _database.Data.AddCourseAsync("K27-999", "Skjult");
        await _database.Data.AddRunAsync(course, status: "draft");
        await _database.Data.AddRunAsync(course, status: "cancelled");
        await _database.Data.AddRunAsync(course, daysFromNow: -5);

        Assert.Equal(0, (await ListAsync(new CatalogueFilter { Text = "skjult" }, SeatViewer.Stranger)).Total);
    }

    private static CatalogueFilter Choose(CatalogueFilter filter, FacetCount facet) => facet.Facet switch
    {
        Facets.FocusArea => filter with { FocusAreas = [facet.Value] },
        Facets.Form => filter with { Forms = [facet.Value] },
        Facets.Sector => filter with { Sectors = [facet.Value] },
        Facets.Month => filter with { Months = [DateOnly.Parse($"{facet.Value}-01", System.Globalization.CultureInfo.InvariantCulture)] },
        Facets.Town => filter with { Towns = [facet.Value] },
        _ => filter with { OnlyWithSeats = true },
    };

    private Task<CatalogueList> ListAsync(CatalogueFilter filter, SeatViewer viewer) =>
        _catalogue.ListAsync(filter, viewer, CancellationToken.None);
}
