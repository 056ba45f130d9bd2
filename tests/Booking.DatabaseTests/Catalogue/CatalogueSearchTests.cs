using Booking.Data.Catalogue;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Catalogue;

/// <summary>Two courses to search in.</summary>
public sealed class SearchCatalogue : IAsyncLifetime
{
    public TestDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        var course = await Database.Data.AddCourseAsync("K27-901", "Samtaler med børn og pårørende");
        await Database.Data.ExecuteAsync(
            "update courses set description = 'Et forløb i Æbleskoven.', learning_goals = array['Kunne lytte opmærksomt'] where course_id = @course",
            new { course });
        var run = await Database.Data.AddRunAsync(course);
        await Database.Data.ExecuteAsync("update runs set town = 'Brønderslev' where run_id = @run", new { run });
        await Database.Data.AddRunAsync(await Database.Data.AddCourseAsync("K27-555", "Noget helt andet"));
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}

public sealed class CatalogueSearchTests(SearchCatalogue catalogue) : IClassFixture<SearchCatalogue>
{
    private readonly TestDatabase _database = catalogue.Database;
    private readonly CatalogueRepository _catalogue = new(catalogue.Database.DataSource, catalogue.Database.Clock);

    [Theory]
    [InlineData("pårørende")]
    [InlineData("PÅRØRENDE")]
    [InlineData("paaroerende")]
    [InlineData("pårør")]
    [InlineData("paaroer")]
    [InlineData("pårørendes")]
    [InlineData("samtale")]
    [InlineData("samtalerne")]
    [InlineData("børne samtal")]
    [InlineData("boern")]
    [InlineData("og børn")]
    [InlineData("Æbleskoven")]
    [InlineData("aebleskov")]
    [InlineData("brønderslev børn")]
    [InlineData("K27-901")]
    [InlineData("k27-9")]
    [InlineData("lytte opmærksomt")]
    [InlineData("indsatsområde; 'drop table' & | ! ( :* \\ børn", false)]
    [InlineData("traktor", false)]
    [InlineData("børn traktor", false)]
    public async Task Words_are_found_by_stem_prefix_and_any_keyboard(string text, bool found = true)
    {
        var list = await ListAsync(new CatalogueFilter { Text = text });

        Assert.Equal(found ? ["K27-901"] : [], list.Courses.Select(c => c.Code));
    }

    [Theory]
    [InlineData("og")]
    [InlineData("på den")]
    [InlineData("   ")]
    [InlineData("&|!")]
    public async Task Words_that_say_nothing_ask_for_nothing(string text)
    {
        Assert.Equal((await ListAsync(new CatalogueFilter())).Total, (await ListAsync(new CatalogueFilter { Text = text })).Total);
    }

    [Fact]
    public async Task A_title_is_a_better_match_than_a_description()
    {
        var inText = await _database.Data.AddCourseAsync("K27-100", "Første");
        await _database.Data.ExecuteAsync("update courses set description = 'Om recovery' where course_id = @inText", new { inText });
        await _database.Data.AddRunAsync(inText, daysFromNow: 10);
        await _database.Data.AddRunAsync(await _database.Data.AddCourseAsync("K27-200", "Recovery"), daysFromNow: 90);

        var list = await ListAsync(new CatalogueFilter { Text = "recovery" });

        Assert.Equal(["K27-200", "K27-100"], list.Courses.Select(c => c.Code));
    }

    [Fact]
    public async Task Changes_are_found_at_once_and_old_words_no_longer()
    {
        var course = await _database.Data.AddCourseAsync(title: "Gammelt navn");
        var run = await _database.Data.AddRunAsync(course);

        await _database.Data.ExecuteAsync("update courses set title = 'Nyt navn' where course_id = @course", new { course });
        await _database.Data.ExecuteAsync("update runs set town = 'Thisted' where run_id = @run", new { run });

        Assert.Equal(1, (await ListAsync(new CatalogueFilter { Text = "nyt thisted" })).Total);
        Assert.Equal(0, (await ListAsync(new CatalogueFilter { Text = "gammelt" })).Total);
        Assert.Equal(0, (await ListAsync(new CatalogueFilter { Text = "aalborg nyt" })).Total);
    }

    private Task<CatalogueList> ListAsync(CatalogueFilter filter) =>
        _catalogue.ListAsync(filter, SeatViewer.Stranger, CancellationToken.None);
}
