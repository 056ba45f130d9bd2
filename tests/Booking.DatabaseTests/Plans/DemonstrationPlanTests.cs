using Booking.Data.Audit;
using Booking.Data.Plans;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Plans;

public sealed class DemonstrationPlanTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("2026-11-22T12:00Z")]
    [InlineData("2027-03-14T12:00Z")]
    [InlineData("2028-02-29T23:30Z")]
    [InlineData("2031-08-01T00:00Z")]
    public async Task Empty_database_gets_the_plan_with_its_first_run_about_four_weeks_ahead(string now)
    {
        _database.Clock.Set(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));

        Assert.True(await _database.Get<ImportDemonstrationPlan>().RunAsync(null, CancellationToken.None));

        Assert.Equal(["12", "36", "86", "420", "2"], await _database.Data.QueryAsync<string>(
            """
            select count(*)::text from departments union all select count(*)::text from courses
            union all select count(*)::text from runs where status = 'published'
            union all select count(*)::text from people union all select count(*)::text from role_assignments
            """));
        var days = await _database.Data.ScalarAsync<int>(
            "select min((starts_at at time zone 'Europe/Copenhagen')::date) - (@now::timestamptz at time zone 'Europe/Copenhagen')::date from runs",
            new { now });
        Assert.InRange(days, 28 - 3, 28 + 4);

        // The clock times are those of the files in summer and in winter.
        Assert.Equal(["08:30-15:30", "09:00-12:00"], await _database.Data.QueryAsync<string>(
            """
            select distinct to_char(starts_at at time zone 'Europe/Copenhagen', 'HH24:MI') || '-'
                || to_char(ends_at at time zone 'Europe/Copenhagen', 'HH24:MI')
            from sessions order by 1
            """));
        Assert.Equal(0, await _database.Data.ScalarAsync<long>(
            "select count(*) from runs where (select count(*) from seats where seats.run_id = runs.run_id) <> capacity"));
    }

    [Fact]
    public async Task Database_with_a_department_is_left_alone()
    {
        await _database.Data.AddDepartmentAsync("EGEN");

        Assert.False(await _database.Get<ImportDemonstrationPlan>().RunAsync(null, CancellationToken.None));
        Assert.Equal(0, await _database.Data.ScalarAsync<long>("select count(*) from courses"));
        Assert.Equal(0, await _database.Data.ScalarAsync<long>("select count(*) from role_assignments"));
    }

    [Fact]
    public async Task Its_files_can_be_imported_as_they_stand_and_again()
    {
        var request = new ImportPlanRequest { Source = DemonstrationPlan.Source, Actor = Actor.System("import") };
        var import = _database.Get<ImportPlan>();

        var first = await import.RunAsync(request, CancellationToken.None);
        var second = await import.RunAsync(request, CancellationToken.None);

        Assert.Equal(ImportPlanOutcome.Imported, first.Outcome);
        Assert.Equal([12, 12, 36, 420, 86], first.Entities.Select(entity => entity.Added));
        Assert.True(second.IsWithoutChange);
        Assert.Equal([2027], await _database.Data.QueryAsync<int>("select distinct plan_year from runs"));
        Assert.Equal(0, await _database.Data.ScalarAsync<long>(
            "select count(*) from runs where sign_up_closes_at <> (((starts_at at time zone time_zone)::date - 3) + time '12:00') at time zone time_zone"));
    }
}
