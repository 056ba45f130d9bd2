using Booking.Data.Audit;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Audit;

public sealed class AuditListRepositoryTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Trail_of_a_run_is_newest_first_with_todays_names()
    {
        var department = await _database.Data.AddDepartmentAsync("N", "Psykiatri Nord");
        var person = await _database.Data.AddEmployeeAsync(department, "Åse Ørn");
        await _database.Data.AddEmployeeAsync(department, "Sekretær Sørensen", "Sek@example.org");
        var run = await _database.Data.AddRunAsync(await _database.Data.AddCourseAsync(title: "Kursus"), "H1");
        await WriteAsync(run, "run.published", Actor.System("import"));
        await WriteAsync(run, "booking.reserved", new Actor { Name = "sek@example.org", Role = ActorRoles.Secretary }, person, department);
        await WriteAsync(run + 1, "run.published", Actor.System("import"));
        var trail = new AuditListRepository(_database.DataSource);

        var found = await trail.FindRunAsync("H1", CancellationToken.None);
        var lines = await trail.ListByRunAsync(found!.RunId, null, 10, CancellationToken.None);

        Assert.Equal(("H1", "Kursus"), (found.RunCode, found.CourseTitle));
        Assert.Equal(["booking.reserved", "run.published"], lines.Select(l => l.Action));
        Assert.Equal(
            ("Sekretær Sørensen", "Åse Ørn", "Psykiatri Nord", "secretary"),
            (lines[0].ActorName, lines[0].PersonName, lines[0].DepartmentName, lines[0].ActorRole));
        Assert.Null(lines[1].ActorName);
        Assert.Equal(_database.Clock.GetUtcNow(), lines[0].At);
        Assert.Contains("\"seat\": 4", lines[0].Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trail_is_read_a_page_at_a_time_without_gap_or_repeat()
    {
        var run = await _database.Data.AddRunAsync(await _database.Data.AddCourseAsync());
        for (var number = 0; number < 7; number++)
        {
            await WriteAsync(run, $"tested.{number}", Actor.System("test"));
        }

        var trail = new AuditListRepository(_database.DataSource);
        List<string> read = [];
        long? before = null;
        while (await trail.ListByRunAsync(run, before, 3, CancellationToken.None) is { Count: > 0 } page)
        {
            read.AddRange(page.Select(l => l.Action));
            before = page[^1].AuditId;
        }

        Assert.Equal(Enumerable.Range(0, 7).Reverse().Select(n => $"tested.{n}"), read);
    }

    [Fact]
    public async Task Unknown_run_has_no_trail() =>
        Assert.Null(await new AuditListRepository(_database.DataSource).FindRunAsync("nowhere", CancellationToken.None));

    private async Task WriteAsync(long runId, string action, Actor actor, long? personId = null, long? departmentId = null)
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await new AuditRepository().InsertAsync(
            transaction,
            new AuditEntry
            {
                At = _database.Clock.GetUtcNow(),
                Actor = actor,
                Action = action,
                RunId = runId,
                PersonId = personId,
                DepartmentId = departmentId,
                Details = new Dictionary<string, object?> { ["seat"] = 4 },
            },
            CancellationToken.None);
        await transaction.CommitAsync();
    }
}
