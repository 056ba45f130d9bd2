using Booking.Data.Audit;
using Booking.Data.Site;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Booking.Data.Plans;

/// <summary>Fills an empty database with the demonstration plan, moved to the near future.</summary>
public sealed class ImportDemonstrationPlan(NpgsqlDataSource dataSource, ImportPlan import, TimeProvider clock, IOptions<SiteOptions> site)
{
    /// <summary>Address that signs in as HR.</summary>
    public const string HrEmail = "hr@example.org";

    /// <summary>Address that signs in as administrator.</summary>
    public const string AdministratorEmail = "administrator@example.org";

    /// <summary>Imports the demonstration plan unless the database has any department.</summary>
    /// <param name="progress">Told how far the import has come.</param>
    /// <param name="cancellationToken">Stops the import; nothing of the plan is then there.</param>
    /// <returns>Whether it was imported.</returns>
    /// <exception cref="InvalidOperationException">The program's own files have faults.</exception>
    public async Task<bool> RunAsync(IProgress<PlanImportProgress>? progress, CancellationToken cancellationToken)
    {
        if (!await AddRolesAsync(cancellationToken))
        {
            return false;
        }

        var zone = TimeZoneInfo.FindSystemTimeZoneById(site.Value.TimeZone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);
        var result = await import.RunAsync(
            new ImportPlanRequest
            {
                Source = DemonstrationPlan.Source,
                Actor = Actor.System("demonstration"),
                ShiftDays = DemonstrationPlan.ShiftDays(today, site.Value.TimeZone),
                Progress = progress,
            },
            cancellationToken);
        return result.Outcome == ImportPlanOutcome.Faulty
            ? throw new InvalidOperationException($"The demonstration plan has {result.FaultCount} faults; the first is {result.Faults[0]}")
            : true;
    }

    /// <summary>Adds the two people with roles by name to a database without departments.</summary>
    /// <returns>Whether there are no departments.</returns>
    private async Task<bool> AddRolesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from departments)", cancellationToken: cancellationToken)))
        {
            return false;
        }

        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into role_assignments (email, role)
            values (@HrEmail, 'hr'), (@AdministratorEmail, 'administrator')
            on conflict do nothing
            """,
            new { HrEmail, AdministratorEmail },
            cancellationToken: cancellationToken));
        return true;
    }
}
