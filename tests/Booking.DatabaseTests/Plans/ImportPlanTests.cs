using Booking.Data.Audit;
using Booking.Data.Plans;
using Booking.Data.Plans.Reading;
using Booking.TestSupport;
using Booking.TestSupport.Plans;
using Xunit;

namespace Booking.DatabaseTests.Plans;

public sealed class ImportPlanTests : IAsyncLifetime
{
    private const string Departments = PlanFileNames.Departments;
    private const string Courses = PlanFileNames.Courses;
    private const string Runs = PlanFileNames.Runs;
    private const string Employees = PlanFileNames.Employees;

    private readonly PlanText _plan = new();
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task First_import_makes_everything_and_publishes_the_runs()
    {
        var result = await ImportAsync();

        Assert.Equal(ImportPlanOutcome.Imported, result.Outcome);
        Assert.Equal([2, 2, 2, 3, 2], result.Entities.Select(entity => entity.Added));
        Assert.Equal(["2", "2", "2", "3", "2", "3", "18"], await CountsAsync());
        Assert.Equal(2, await ScalarAsync<long>("select count(*) from runs where status = 'published'"));
        Assert.Equal(2, await ScalarAsync<long>("select count(*) from seats where pool = 'external'"));
        Assert.Equal("K1", await ScalarAsync<string>(
            "select original.code from courses join courses original on original.course_id = courses.variant_of_course_id"));
        Assert.Equal("Langt.\nI to linjer; «og» \"citat\".", await ScalarAsync<string>("select description from courses where code = 'K1'"));
        Assert.Equal("sekretaer.syd@example.org,vikar.syd@example.org", await ScalarAsync<string>(
            "select string_agg(email, ',' order by email) from department_secretaries join departments using (department_id) where code = 'SYD'"));
    }

    [Fact]
    public async Task Second_import_of_the_same_files_changes_nothing_but_says_that_it_was()
    {
        await ImportAsync();
        var before = await StateAsync();
        var audit = await ScalarAsync<long>("select count(*) from audit_entries");

        var result = await ImportAsync();

        Assert.True(result.IsWithoutChange);
        Assert.Equal([2, 2, 2, 3, 2], result.Entities.Select(entity => entity.Unchanged));
        Assert.Equal(before, await StateAsync());
        Assert.Equal(audit + 1, await ScalarAsync<long>("select count(*) from audit_entries"));
        Assert.Equal("0", await ScalarAsync<string>(
            "select details ->> 'changes' from audit_entries where action = 'plan.imported' order by audit_id desc limit 1"));
    }

    [Fact]
    public async Task Check_says_what_would_happen_and_changes_nothing()
    {
        var before = await StateAsync();

        var result = await ImportAsync(isCheck: true);

        Assert.Equal([2, 2, 2, 3, 2], result.Entities.Select(entity => entity.Added));
        Assert.Equal(before, await StateAsync());
        Assert.Equal(0, await ScalarAsync<long>("select count(*) from audit_entries"));
    }

    [Fact]
    public async Task Faulty_files_change_nothing()
    {
        await ImportAsync();
        var before = await StateAsync();
        _plan.Set(Departments, 1, "afdeling", "Nyt navn").Set(Employees, 3, "e-mail", "x");

        var result = await ImportAsync();

        Assert.Equal(ImportPlanOutcome.Faulty, result.Outcome);
        Assert.Equal("medarbejdere.csv:4: e-mail: «x» — en e-mailadresse som «navn@example.org»", Assert.Single(result.Faults).ToString());
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task Changed_plan_changes_only_what_changed_and_names_it()
    {
        await ImportAsync();
        _plan.Set(Departments, 1, "vægt", "7").Set(Departments, 2, "sekretær e-mail", "ny.syd@example.org")
            .Set(Courses, 1, "titel", "Selvskade 2").Set(Courses, 1, "pris ekstern", "1.300,00")
            .Set(Runs, 2, "budget", "500,50").Set(Runs, 2, "min. deltagere", "3")
            .Set(Employees, 3, "afdeling", "NORD");

        var result = await ImportAsync();

        Assert.Equal(
            ["Departments SYD sekretær e-mail", "DistributionKeys NORD 2027 vægt", "Courses K1 titel,pris ekstern",
                "Employees 1003 afdeling", "Runs K2-1 min. deltagere,budget"],
            result.Entities.SelectMany(entity => entity.Changes.Select(change => $"{entity.Entity} {change.Code} {string.Join(',', change.Fields)}")));
        Assert.Equal(500.50m, await ScalarAsync<decimal>("select budget from runs where code = 'K2-1'"));
        Assert.Equal("ny.syd@example.org", await ScalarAsync<string>(
            "select string_agg(email, ',') from department_secretaries join departments using (department_id) where code = 'SYD'"));
        Assert.Equal(
            ["course.changed", "department.changed", "distribution_key.changed", "person.changed", "run.changed"],
            await _database.Data.QueryAsync<string>("select action from audit_entries where action like '%changed' order by 1"));
    }

    [Fact]
    public async Task What_disappeared_is_left_alone_and_named_but_employees_become_inactive()
    {
        await ImportAsync();
        _plan.Remove(Employees, 3).Remove(Runs, 2).Remove(Courses, 2);
        _plan.Set(Departments, 2, "kode", "VEST");

        var result = await ImportAsync();

        Assert.Equal(
            ["Departments Missing SYD", "Courses Missing K2", "Employees Deactivated 1003", "Runs Missing K2-1"],
            result.Entities.SelectMany(entity => entity.Changes.Select(change => $"{entity.Entity} {change.Kind} {change.Code}")));
        Assert.False(await ScalarAsync<bool>("select is_active from people where employee_number = '1003'"));
        Assert.Equal(2, await ScalarAsync<long>("select count(*) from runs where status = 'published'"));
    }

    [Fact]
    public async Task Employee_who_is_listed_again_becomes_active_again()
    {
        await ImportAsync();
        var row = _plan.Get(Employees, 3, "navn");
        _plan.Remove(Employees, 3);
        await ImportAsync();
        _plan.Add(Employees, 1, ("medarbejdernr", "1003"), ("navn", row), ("e-mail", "m1003@example.org"), ("afdeling", "SYD"), ("stilling", ""));

        var result = await ImportAsync();

        Assert.Equal(["aktiv"], Assert.Single(Of(result, PlanEntity.Employees).Changes).Fields);
        Assert.True(await ScalarAsync<bool>("select is_active from people where employee_number = '1003'"));
    }

    [Fact]
    public async Task Swapped_addresses_do_not_trip_over_each_other()
    {
        await ImportAsync();
        _plan.Set(Employees, 1, "e-mail", "m1002@example.org").Set(Employees, 2, "e-mail", "m1003@example.org")
            .Set(Employees, 3, "e-mail", "m1001@example.org");

        var result = await ImportAsync();

        Assert.Equal(ImportPlanOutcome.Imported, result.Outcome);
        Assert.Equal(3, Of(result, PlanEntity.Employees).Changed);
        Assert.Equal(
            ["1001 m1002@example.org", "1002 m1003@example.org", "1003 m1001@example.org"],
            await _database.Data.QueryAsync<string>("select employee_number || ' ' || email from people order by employee_number"));
    }

    [Fact]
    public async Task External_person_who_is_hired_becomes_the_employee_and_keeps_the_bookings()
    {
        await ImportAsync();
        var person = await ScalarAsync<long>(
            "insert into people (kind, name, email, sector, workplace) values ('external', 'Ida', 'Ida@example.org', 'other', 'X') returning person_id");
        await BookAsync("K1-1", person, "external");
        _plan.Add(Employees, 2, ("medarbejdernr", "1004"), ("navn", "Ida Holm"), ("e-mail", "ida@example.org"));

        var result = await ImportAsync();

        Assert.Equal((0, 1), (Of(result, PlanEntity.Employees).Added, Of(result, PlanEntity.Employees).Changed));
        Assert.Equal(person, await ScalarAsync<long>("select person_id from people where employee_number = '1004' and kind = 'employee'"));
        Assert.Equal(1, await ScalarAsync<long>("select count(*) from bookings where person_id = @person and status = 'booked'", new { person }));
        Assert.True((await ImportAsync()).IsWithoutChange);
    }

    [Fact]
    public async Task Address_that_somebody_keeps_is_refused_and_the_rest_is_done()
    {
        await ImportAsync();
        await _database.Data.ExecuteAsync(
            "insert into people (kind, name, email, sector) values ('external', 'Ida', 'ida@example.org', 'other')");
        _plan.Set(Employees, 1, "e-mail", "ida@example.org").Set(Employees, 1, "stilling", "Chef").Set(Employees, 2, "leder e-mail", "");

        // The one who wants the refused employee's old address cannot have it either.
        _plan.Set(Employees, 2, "e-mail", "m1001@example.org");
        var result = await ImportAsync();

        Assert.Equal(ImportPlanOutcome.ImportedWithRefusals, result.Outcome);
        Assert.Equal(
            ["1001: e-mail: e-mailen i linje 2 — en ekstern deltager har den e-mail", "1002: e-mail: e-mailen i linje 3 — medarbejder 1001 har den e-mail"],
            result.Refusals.Select(refusal => refusal.ToString()));
        Assert.Equal("m1001@example.org Chef", await ScalarAsync<string>("select email || ' ' || position from people where employee_number = '1001'"));
    }

    [Fact]
    public async Task Two_imports_at_once_take_turns()
    {
        var results = await Task.WhenAll(ImportAsync(), ImportAsync(), ImportAsync());

        Assert.Single(results, result => !result.IsWithoutChange);
        Assert.Equal(["2", "2", "2", "3", "2", "3", "18"], await CountsAsync());
    }

    [Fact]
    public async Task Minimums_that_do_not_fit_leave_a_draft_and_say_so()
    {
        _plan.AddColumn(Departments, "minimum", "9", "1");

        var result = await ImportAsync();

        Assert.Equal(
            ["K1-1: pladser: udgivelse — afdelingernes mindstetal er 10 pladser, og der er 8 at dele; holdet er en kladde",
                "K2-1: pladser: udgivelse — afdelingernes mindstetal er 10 pladser, og der er 8 at dele; holdet er en kladde"],
            result.Refusals.Select(refusal => refusal.ToString()).Order());
        _plan.Set(Departments, 1, "minimum", "");
        Assert.Equal(ImportPlanOutcome.Imported, (await ImportAsync()).Outcome);
        Assert.Equal(2, await ScalarAsync<long>("select count(*) from runs where status = 'published'"));
    }

    private static PlanEntityResult Of(ImportPlanResult result, PlanEntity entity) => result.Entities.Single(e => e.Entity == entity);

    private Task<ImportPlanResult> ImportAsync(bool isCheck = false) =>
        _database.Get<ImportPlan>().RunAsync(
            new ImportPlanRequest { Source = _plan.Source, Actor = Actor.System("import"), IsCheck = isCheck }, CancellationToken.None);

    private Task BookAsync(string run, long person, string pool) =>
        _database.Data.ExecuteAsync(
            """
            with seat as (
                update seats set status = 'taken'
                where (run_id, number) = (
                    select run_id, min(number) from seats join runs using (run_id)
                    where code = @run and pool = @pool and seats.status = 'free' group by run_id)
                returning run_id, number
            )
            insert into bookings (run_id, seat_number, person_id, pool, status, source, booked_by, booked_at)
            select run_id, number, @person, @pool, 'booked', 'sign_up', 'x', now() from seat
            """,
            new { run, person, pool });

    private Task<T> ScalarAsync<T>(string sql, object? parameters = null) => _database.Data.ScalarAsync<T>(sql, parameters);

    private Task<IReadOnlyList<string>> CountsAsync() => _database.Data.QueryAsync<string>(
        """
        select count(*)::text from departments union all select count(*)::text from distribution_keys
        union all select count(*)::text from courses union all select count(*)::text from people
        union all select count(*)::text from runs union all select count(*)::text from sessions
        union all select count(*)::text from seats
        """);

    /// <summary>Every row with the transaction that wrote it: an update that changes nothing shows too.</summary>
    private Task<string> StateAsync() => ScalarAsync<string>(
        """
        select md5(string_agg(row, '|' order by row)) || count(*) from (
            select 'd' || xmin || d::text as row from departments d union all select 'k' || xmin || k::text from distribution_keys k
            union all select 's' || xmin || s::text from department_secretaries s union all select 'c' || xmin || c::text from courses c
            union all select 'p' || xmin || p::text from people p union all select 'r' || xmin || r::text from runs r
            union all select 'e' || xmin || e::text from sessions e union all select 't' || xmin || t::text from seats t
            union all select 'a' || xmin || a::text from seat_accounts a union all select 'l' || xmin || l::text from allotments l
            union all select 'o' || xmin || o::text from outbox o union all select '-') as rows
        """);
}
