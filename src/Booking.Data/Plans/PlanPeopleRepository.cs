using Booking.Data.Plans.Reading;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Booking.Data.Plans;

/// <summary>
/// People as an import writes them. Everything goes through the temporary tables <c>plan_employees</c> (the file's rows and
/// whom they were matched with) and <c>plan_people_changes</c> (what is changed), both gone at the end of the transaction.
/// </summary>
public sealed class PlanPeopleRepository
{
    internal async Task<int> CopyAsync(NpgsqlTransaction transaction, PlanImportContext context, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            transaction,
            """
            create temporary table plan_employees (
                line integer not null,
                employee_number text not null,
                name text not null,
                email text not null,
                department_id bigint not null,
                position text,
                leader_email text,
                person_id bigint,
                is_email_refused boolean not null default false
            ) on commit drop
            """,
            cancellationToken);
        var count = 0;
        await using (var import = await transaction.Connection!.BeginBinaryImportAsync(
            """
            copy plan_employees (line, employee_number, name, email, department_id, position, leader_email) from stdin (format binary)
            """,
            cancellationToken))
        {
            foreach (var employee in context.Files.Employees())
            {
                if (context.Files.Faults.Count > 0)
                {
                    return count;
                }

                await WriteAsync(import, employee, context.DepartmentIds[employee.DepartmentCode], cancellationToken);
                if (++count % 5_000 == 0)
                {
                    context.Tell(PlanImportStep.CopyingEmployees, count, (double)count / context.Files.EmployeeCount);
                }
            }

            if (context.Files.Faults.Count > 0)
            {
                return count;
            }

            await import.CompleteAsync(cancellationToken);
        }

        await ExecuteAsync(transaction, "create unique index on plan_employees (lower(email))", cancellationToken);
        await ExecuteAsync(transaction, "analyze plan_employees", cancellationToken);
        return count;
    }

    /// <summary>Finds who each row is: by number, else by address among those whom no row lists by number.</summary>
    internal async Task MatchAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            transaction,
            """
            update plan_employees
            set person_id = people.person_id
            from people
            where people.employee_number = plan_employees.employee_number
            """,
            cancellationToken);
        await ExecuteAsync(
            transaction,
            """
            update plan_employees
            set person_id = people.person_id
            from people
            where plan_employees.person_id is null
                and lower(people.email) = lower(plan_employees.email)
                and not exists (
                    select from plan_employees listed where listed.employee_number = people.employee_number)
            """,
            cancellationToken);
        await ExecuteAsync(transaction, "create unique index on plan_employees (person_id)", cancellationToken);
        await ExecuteAsync(transaction, "analyze plan_employees", cancellationToken);
    }

    /// <summary>Marks rows whose address belongs to somebody who keeps it.</summary>
    internal async Task<IReadOnlyList<RefusedAddress>> RefuseTakenAddressesAsync(
        NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<RefusedAddress>(new CommandDefinition(
            """
            update plan_employees
            set is_email_refused = true
            from people holder
            where not plan_employees.is_email_refused
                and lower(holder.email) = lower(plan_employees.email)
                and holder.person_id is distinct from plan_employees.person_id
                and not exists (
                    select from plan_employees mover
                    where mover.person_id = holder.person_id and not mover.is_email_refused)
            returning plan_employees.line, plan_employees.employee_number, plan_employees.person_id is null as is_new,
                holder.employee_number as holder_number
            """,
            transaction: transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Notes who differs from the file and in what.</summary>
    internal async Task<ChangedPeople> NoteChangesAsync(NpgsqlTransaction transaction, int kept, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            transaction,
            """
            create temporary table plan_people_changes on commit drop as
            select person_id, employee_number, fields
            from (
                select people.person_id, planned.employee_number, array_remove(array[
                    case when people.employee_number is distinct from planned.employee_number then 'medarbejdernr' end,
                    case when people.name <> planned.name then 'navn' end,
                    case when people.email <> planned.email and not planned.is_email_refused then 'e-mail' end,
                    case when people.department_id is distinct from planned.department_id then 'afdeling' end,
                    case when people.position is distinct from planned.position then 'stilling' end,
                    case when people.leader_email is distinct from planned.leader_email then 'leder e-mail' end,
                    case when not people.is_active then 'aktiv' end], null) as fields
                from plan_employees planned
                join people using (person_id)
            ) as compared
            where cardinality(fields) > 0
            """,
            cancellationToken);
        var count = await transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition(
            "select count(*) from plan_people_changes", transaction: transaction, cancellationToken: cancellationToken));
        var rows = await transaction.Connection!.QueryAsync<ChangedPerson>(new CommandDefinition(
            "select employee_number, fields from plan_people_changes order by employee_number limit @kept",
            new { kept },
            transaction,
            cancellationToken: cancellationToken));
        return new ChangedPeople(count, [.. rows]);
    }

    /// <summary>
    /// Takes their address from those who get another, where somebody else gets theirs: the unique index looks at every
    /// single row, so two people cannot swap in one step.
    /// </summary>
    internal Task ClearMovingAddressesAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        ExecuteAsync(
            transaction,
            """
            update people
            set email = 'moving-' || people.person_id || '@invalid'
            from plan_employees getter
            where lower(getter.email) = lower(people.email)
                and not getter.is_email_refused
                and getter.person_id is distinct from people.person_id
            """,
            cancellationToken);

    internal Task UpdateChangedAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        ExecuteAsync(
            transaction,
            """
            update people
            set kind = 'employee', employee_number = planned.employee_number, name = planned.name,
                email = case when planned.is_email_refused then people.email else planned.email end,
                department_id = planned.department_id, position = planned.position, leader_email = planned.leader_email,
                sector = null, workplace = null, is_active = true
            from plan_employees planned
            join plan_people_changes using (person_id)
            where people.person_id = planned.person_id
            """,
            cancellationToken);

    internal async Task<int> InsertNewAsync(NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into people (kind, employee_number, name, email, department_id, position, leader_email, created_at)
            select 'employee', employee_number, name, email, department_id, position, leader_email, @now
            from plan_employees
            where person_id is null and not is_email_refused
            order by line
            """,
            new { now },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Makes employees inactive whom the file does not list.</summary>
    /// <returns>Their numbers.</returns>
    internal async Task<IReadOnlyList<string>> DeactivateUnlistedAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            """
            with gone as (
                update people set is_active = false
                where kind = 'employee' and is_active
                    and not exists (select from plan_employees where plan_employees.employee_number = people.employee_number)
                returning person_id, employee_number
            ),
            noted as (
                insert into plan_people_changes (person_id, employee_number, fields)
                select person_id, employee_number, array['inaktiv'] from gone
            )
            select employee_number from gone order by employee_number
            """,
            transaction: transaction,
            cancellationToken: cancellationToken))];

    /// <summary>One audit row for each changed person, naming the fields but not what was in them.</summary>
    internal async Task AuditAsync(NpgsqlTransaction transaction, PlanImportContext context, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into audit_entries (at, actor, actor_role, action, person_id, details)
            select @now, @name, @role, 'person.changed', person_id, jsonb_build_object('fields', fields)
            from plan_people_changes
            """,
            new { now = context.Now, name = context.Actor.Name, role = context.Actor.Role },
            transaction,
            cancellationToken: cancellationToken));

    private static async Task WriteAsync(
        NpgsqlBinaryImporter import, PlanEmployee employee, long departmentId, CancellationToken cancellationToken)
    {
        await import.StartRowAsync(cancellationToken);
        await import.WriteAsync(employee.Line, NpgsqlDbType.Integer, cancellationToken);
        await import.WriteAsync(employee.EmployeeNumber, NpgsqlDbType.Text, cancellationToken);
        await import.WriteAsync(employee.Name, NpgsqlDbType.Text, cancellationToken);
        await import.WriteAsync(employee.Email, NpgsqlDbType.Text, cancellationToken);
        await import.WriteAsync(departmentId, NpgsqlDbType.Bigint, cancellationToken);
        await import.WriteAsync(employee.Position, NpgsqlDbType.Text, cancellationToken);
        await import.WriteAsync(employee.LeaderEmail, NpgsqlDbType.Text, cancellationToken);
    }

    // A hundred thousand rows are merged in seconds, but a busy server may need longer than the default of 30.
    private static Task ExecuteAsync(NpgsqlTransaction transaction, string sql, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            sql, transaction: transaction, commandTimeout: 300, cancellationToken: cancellationToken));
}

/// <summary>A row whose address belongs to somebody else.</summary>
internal sealed record RefusedAddress
{
    public required int Line { get; init; }

    public required string EmployeeNumber { get; init; }

    /// <summary>Whether the row was to become a new person, which without an address it cannot.</summary>
    public required bool IsNew { get; init; }

    /// <summary>Number of the employee who has the address; null for an external person.</summary>
    public string? HolderNumber { get; init; }
}

/// <summary>A person who differs from the file.</summary>
internal sealed record ChangedPerson
{
    public required string EmployeeNumber { get; init; }

    public required string[] Fields { get; init; }
}

/// <summary>How many people differ from the file, and the first of them.</summary>
internal sealed record ChangedPeople(int Count, IReadOnlyList<ChangedPerson> Rows);
