using Booking.Data.Plans.Reading;
using Dapper;
using Npgsql;

namespace Booking.Data.Plans;

/// <summary>Departments, their secretaries and weights, as an import writes them.</summary>
public sealed class PlanDepartmentRepository
{
    internal async Task<IReadOnlyList<DepartmentRow>> ListAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<DepartmentRow>(new CommandDefinition(
            """
            select department_id, code, name, postal_code, town, latitude, longitude,
                array(
                    select email from department_secretaries
                    where department_secretaries.department_id = departments.department_id) as secretary_emails
            from departments
            order by code
            """,
            transaction: transaction,
            cancellationToken: cancellationToken))];

    internal async Task<long> InsertAsync(NpgsqlTransaction transaction, PlanDepartment department, CancellationToken cancellationToken)
    {
        var departmentId = await transaction.Connection!.QuerySingleAsync<long>(new CommandDefinition(
            """
            insert into departments (code, name, postal_code, town, latitude, longitude)
            values (@Code, @Name, @PostalCode, @Town, @Latitude, @Longitude)
            returning department_id
            """,
            department,
            transaction,
            cancellationToken: cancellationToken));
        await WriteSecretariesAsync(transaction, departmentId, department.SecretaryEmails, cancellationToken);
        return departmentId;
    }

    internal async Task UpdateAsync(
        NpgsqlTransaction transaction, long departmentId, PlanDepartment department, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update departments
            set name = @Name, postal_code = @PostalCode, town = @Town, latitude = @Latitude, longitude = @Longitude
            where department_id = @departmentId
            """,
            new { departmentId, department.Name, department.PostalCode, department.Town, department.Latitude, department.Longitude },
            transaction,
            cancellationToken: cancellationToken));
        await WriteSecretariesAsync(transaction, departmentId, department.SecretaryEmails, cancellationToken);
    }

    /// <summary>Sets the weights of plan years.</summary>
    /// <returns>The rows that are new or changed.</returns>
    internal async Task<IReadOnlyList<WrittenKey>> WriteKeysAsync(
        NpgsqlTransaction transaction, int[] years, IReadOnlyList<DepartmentWeight> weights, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<WrittenKey>(new CommandDefinition(
            """
            with written as (
                insert into distribution_keys as stored (plan_year, department_id, weight, minimum_seats)
                select plan_year, department_id, weight, minimum_seats
                from unnest(@years) as plan_year
                cross join unnest(@departmentIds, @weights, @minimums) as planned (department_id, weight, minimum_seats)
                on conflict (plan_year, department_id) do update
                set weight = excluded.weight, minimum_seats = excluded.minimum_seats
                where (stored.weight, stored.minimum_seats) is distinct from (excluded.weight, excluded.minimum_seats)
                -- A row that was just inserted has no deleting transaction.
                returning plan_year, department_id, weight, minimum_seats, xmax = 0 as is_new
            )
            select plan_year, department_id, code, weight, minimum_seats, is_new
            from written
            join departments using (department_id)
            order by plan_year, code
            """,
            new
            {
                years,
                departmentIds = weights.Select(weight => weight.DepartmentId).ToArray(),
                weights = weights.Select(weight => weight.Weight).ToArray(),
                minimums = weights.Select(weight => weight.MinimumSeats).ToArray(),
            },
            transaction,
            cancellationToken: cancellationToken))];

    private static async Task WriteSecretariesAsync(
        NpgsqlTransaction transaction, long departmentId, IReadOnlyList<string> emails, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            with gone as (
                delete from department_secretaries
                where department_id = @departmentId and email <> all(@emails)
            )
            insert into department_secretaries (department_id, email)
            select @departmentId, email from unnest(@emails) as email
            on conflict do nothing
            """,
            new { departmentId, emails = emails.ToArray() },
            transaction,
            cancellationToken: cancellationToken));
    }
}

/// <summary>A department as it is stored.</summary>
internal sealed record DepartmentRow
{
    public required long DepartmentId { get; init; }

    public required string Code { get; init; }

    public required string Name { get; init; }

    public required string PostalCode { get; init; }

    public required string Town { get; init; }

    public decimal? Latitude { get; init; }

    public decimal? Longitude { get; init; }

    public required string[] SecretaryEmails { get; init; }
}

/// <summary>What a department weighs in the distribution key.</summary>
internal sealed record DepartmentWeight(long DepartmentId, int Weight, int MinimumSeats);

/// <summary>A row of a distribution key that an import wrote.</summary>
internal sealed record WrittenKey
{
    public required int PlanYear { get; init; }

    public required long DepartmentId { get; init; }

    public required string Code { get; init; }

    public required int Weight { get; init; }

    public required int MinimumSeats { get; init; }

    public required bool IsNew { get; init; }
}
