using Booking.Data.Bookings;
using Dapper;
using Npgsql;

namespace Booking.Data.People;

/// <summary>People: the employees of the plan and the external people who confirmed a sign-up.</summary>
public sealed class PersonRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Active employees of some departments whose name or number starts, word by word, like the text.</summary>
    /// <param name="departmentIds">Only these departments: the secretary's own.</param>
    /// <param name="text">Part of a name, or a number.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<Employee>> SearchAsync(
        IReadOnlyCollection<long> departmentIds, string text, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<Employee>(new CommandDefinition(
            """
            select person_id, department_id, employee_number, name, email, position
            from people
            where department_id = any(@departmentIds) and is_active
              and (employee_number = @text or not exists (
                select 1 from unnest(string_to_array(lower(@text), ' ')) as word
                where word <> '' and ' ' || lower(name) not like '% ' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%'))
            order by name collate "da-x-icu", employee_number
            limit @limit
            """,
            new { departmentIds = departmentIds.ToArray(), text = text.Trim(), limit },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Active employees of some departments by what identifies them; all in any case.</summary>
    /// <param name="departmentIds">Only these departments: the secretary's own.</param>
    /// <param name="keys">Addresses, numbers and full names.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<IReadOnlyList<Employee>> FindManyAsync(
        IReadOnlyCollection<long> departmentIds, EmployeeKeys keys, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        // Names are asked for only when there are some: they are the one key without an index of its own.
        var byName = keys.Names.Count == 0 ? "" : "or (department_id = any(@departmentIds) and lower(name) = any(@names))";
        return [.. await connection.QueryAsync<Employee>(new CommandDefinition(
            $"""
            select person_id, department_id, employee_number, name, email, position
            from people
            where (lower(email) = any(@emails) or employee_number = any(@numbers) {byName})
              and department_id = any(@departmentIds) and is_active
            order by name collate "da-x-icu", employee_number
            """,
            new
            {
                departmentIds = departmentIds.ToArray(),
                emails = keys.Emails.ToArray(),
                numbers = keys.Numbers.ToArray(),
                names = keys.Names.ToArray(),
            },
            cancellationToken: cancellationToken))];
    }

    /// <summary>The person of a confirmed sign-up: new, or the one with this address, brought up to date.</summary>
    /// <remarks>An employee keeps what the plan says; only external people are what they typed.</remarks>
    internal async Task<long> SaveExternalAsync(NpgsqlTransaction transaction, SignUpRow signUp, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<long>(new CommandDefinition(
            """
            insert into people (kind, name, email, sector, workplace, language)
            values ('external', @Name, @Email, @Sector, @Workplace, @Language)
            on conflict (lower(email)) do update
            set name = case when people.kind = 'external' then excluded.name else people.name end,
                sector = case when people.kind = 'external' then excluded.sector else people.sector end,
                workplace = case when people.kind = 'external' then excluded.workplace else people.workplace end,
                language = excluded.language
            returning person_id
            """,
            signUp,
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>
    /// The external person with this address, new if nobody has it; null when an employee or somebody of another sector has.
    /// </summary>
    /// <remarks>
    /// Somebody else typed this, so a person who is known keeps what they are. Two statements, because one would not see the
    /// row that somebody else inserted at the same moment.
    /// </remarks>
    internal async Task<long?> FindOrAddExternalAsync(
        NpgsqlTransaction transaction, ExternalPerson person, string sector, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into people (kind, name, email, sector, workplace, language)
            values ('external', @Name, @Email, @sector, @Workplace, @Language)
            on conflict (lower(email)) do nothing
            """,
            new { person.Name, person.Email, sector, person.Workplace, person.Language },
            transaction,
            cancellationToken: cancellationToken));
        return await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            """
            select person_id from people
            where lower(email) = lower(@Email) and kind = 'external' and sector = @sector and is_active
            """,
            new { person.Email, sector },
            transaction,
            cancellationToken: cancellationToken));
    }
}

/// <summary>Somebody from outside, as typed by whoever gives a seat over.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Workplace">Where the person works.</param>
/// <param name="Language">Language of the mails, for somebody new: <c>da</c> or <c>en</c>.</param>
public sealed record ExternalPerson(string Name, string Email, string Workplace, string Language);

/// <summary>What employees are looked up by.</summary>
/// <param name="Emails">Addresses in lower case.</param>
/// <param name="Numbers">Employee numbers.</param>
/// <param name="Names">Full names in lower case.</param>
public sealed record EmployeeKeys(IReadOnlyCollection<string> Emails, IReadOnlyCollection<string> Numbers, IReadOnlyCollection<string> Names);

/// <summary>An employee as a secretary picks them.</summary>
public sealed record Employee
{
    /// <summary>The person.</summary>
    public required long PersonId { get; init; }

    /// <summary>The department that the person belongs to.</summary>
    public required long DepartmentId { get; init; }

    /// <summary>The number in the region's payroll.</summary>
    public required string EmployeeNumber { get; init; }

    /// <summary>Full name.</summary>
    public required string Name { get; init; }

    /// <summary>E-mail address.</summary>
    public required string Email { get; init; }

    /// <summary>Position, such as <c>Sygeplejerske</c>.</summary>
    public string? Position { get; init; }
}
