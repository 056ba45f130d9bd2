using Dapper;
using Npgsql;

namespace Booking.Data.People;

/// <summary>What one e-mail address may do: read when somebody signs in.</summary>
public sealed record SignInProfile
{
    /// <summary>The address, as the person's record has it.</summary>
    public required string Email { get; init; }

    /// <summary>The person's name, or null for an address that is only a functional mailbox.</summary>
    public string? Name { get; init; }

    /// <summary>The person, or null for an address that is only a functional mailbox.</summary>
    public long? PersonId { get; init; }

    /// <summary>The department the person works in.</summary>
    public long? DepartmentId { get; init; }

    /// <summary>Whether the person is an active employee.</summary>
    public bool IsEmployee { get; init; }

    /// <summary>The departments the address is secretary of.</summary>
    public long[] SecretaryDepartmentIds { get; init; } = [];

    /// <summary>Roles given by name: <c>hr</c>, <c>administrator</c>.</summary>
    public string[] AssignedRoles { get; init; } = [];

    /// <summary>Whether any run names the address as instructor.</summary>
    public bool IsInstructor { get; init; }

    /// <summary>Whether any active employee names the address as leader.</summary>
    public bool IsLeader { get; init; }

    /// <summary>Whether the address may do anything at all.</summary>
    public bool IsKnown =>
        IsEmployee || IsInstructor || IsLeader || SecretaryDepartmentIds.Length > 0 || AssignedRoles.Length > 0;
}

/// <summary>One person offered by the demonstration's sign-in page.</summary>
public sealed record DemonstrationPerson
{
    /// <summary>The role shown: <c>secretary</c>, <c>hr</c>, <c>administrator</c>, <c>leader</c>, <c>instructor</c> or <c>participant</c>.</summary>
    public required string Role { get; init; }

    /// <summary>The address that signs in.</summary>
    public required string Email { get; init; }

    /// <summary>The person's name, if there is a person behind the address.</summary>
    public string? Name { get; init; }

    /// <summary>Name of the department concerned.</summary>
    public string? Department { get; init; }
}

/// <summary>Reads who somebody is from every table that gives a role.</summary>
/// <param name="dataSource">The process's data source.</param>
public sealed class SignInRepository(NpgsqlDataSource dataSource)
{
    /// <summary>What the address may do; all empty when nobody knows it.</summary>
    /// <param name="email">The address, in any case.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<SignInProfile> GetAsync(string email, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<SignInProfile>(new CommandDefinition(
            """
            select coalesce(p.email, @email) as email,
                   p.name,
                   p.person_id,
                   p.department_id,
                   coalesce(p.kind = 'employee', false) as is_employee,
                   array(select s.department_id
                         from department_secretaries s
                         where lower(s.email) = lower(@email)
                         order by s.department_id) as secretary_department_ids,
                   array(select r.role
                         from role_assignments r
                         where lower(r.email) = lower(@email)
                         order by r.role) as assigned_roles,
                   exists (select from runs r where lower(r.instructor_email) = lower(@email)) as is_instructor,
                   exists (select from people e where lower(e.leader_email) = lower(@email) and e.is_active) as is_leader
            from (values (1)) as one
            left join people p on lower(p.email) = lower(@email) and p.is_active
            """,
            new { email },
            cancellationToken: cancellationToken));
    }

    /// <summary>Every secretary, HR member and administrator, and a few leaders, instructors and participants.</summary>
    /// <param name="limit">How many of each of the last three.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<IReadOnlyList<DemonstrationPerson>> ListDemonstrationAsync(int limit, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<DemonstrationPerson>(new CommandDefinition(
            """
            (select 'secretary' as role, s.email, p.name, d.name as department
             from department_secretaries s
             join departments d using (department_id)
             left join people p on lower(p.email) = lower(s.email)
             order by d.name collate "da-x-icu", s.email)
            union all
            select r.role, r.email, p.name, null
            from role_assignments r
            left join people p on lower(p.email) = lower(r.email)
            union all
            (select 'leader', p.email, p.name, d.name
             from people p
             join departments d using (department_id)
             where p.is_active and exists (select from people e where lower(e.leader_email) = lower(p.email))
             order by p.person_id
             limit @limit)
            union all
            (select 'instructor', min(r.instructor_email), min(p.name), null
             from runs r
             left join people p on lower(p.email) = lower(r.instructor_email)
             where r.instructor_email is not null
             group by lower(r.instructor_email)
             order by 2
             limit @limit)
            union all
            (select 'participant', p.email, p.name, d.name
             from people p
             join departments d using (department_id)
             where p.is_active and p.kind = 'employee'
             and not exists (select from people e where lower(e.leader_email) = lower(p.email))
             order by p.person_id
             limit @limit)
            """,
            new { limit },
            cancellationToken: cancellationToken))).AsList();
    }
}
