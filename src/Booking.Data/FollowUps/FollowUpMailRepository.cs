using Dapper;
using Npgsql;

namespace Booking.Data.FollowUps;

/// <summary>What the mails after a course tell, and whether they still may.</summary>
public sealed class FollowUpMailRepository(NpgsqlDataSource dataSource)
{
    /// <summary>A form and what became of it, for the mail to one address.</summary>
    /// <param name="formId">The form.</param>
    /// <param name="email">Whom the mail is addressed to.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="InvalidOperationException">There is no such form.</exception>
    public async Task<FollowUpMail> GetAsync(long formId, string email, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<FollowUpMail>(new CommandDefinition(
            """
            select form_id, days, people.name as person_name,
                answered_at is not null as is_answered,
                bookings.status = 'attended' as is_attended,
                coalesce(people.is_active and lower(@email) = lower(case follow_up_forms.kind when 'leader' then people.leader_email else people.email end), false)
                    as is_recipient,
                exists (
                    select from follow_up_opt_outs
                    where follow_up_opt_outs.email = lower(@email) and follow_up_opt_outs.kind = follow_up_forms.kind) as is_turned_off
            from follow_up_forms
            join bookings using (booking_id)
            join people using (person_id)
            where form_id = @formId
            """,
            new { formId, email },
            cancellationToken: cancellationToken));
    }

    /// <summary>Which kind of mail a link belongs to, and whether its reader wants it; null when there is no such link.</summary>
    /// <param name="tokenHash">SHA-256 of the token; see <see cref="Bookings.LinkToken"/>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<FollowUpMailChoice?> FindChoiceAsync(byte[] tokenHash, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<FollowUpMailChoice>(new CommandDefinition(
            """
            select lower(links.owner_email) as email, follow_up_forms.kind,
                opt_outs.email is not null as is_turned_off,
                exists (select from people where lower(people.email) = lower(links.owner_email) and people.kind = 'employee') as is_employee
            from links
            join follow_up_forms on follow_up_forms.form_id = links.form_id
            left join follow_up_opt_outs as opt_outs
                on opt_outs.email = lower(links.owner_email) and opt_outs.kind = follow_up_forms.kind
            where links.token_hash = @tokenHash and links.purpose = 'follow_up.answer' and links.revoked_at is null
            """,
            new { tokenHash },
            cancellationToken: cancellationToken));
    }

    internal async Task<bool> InsertOptOutAsync(
        NpgsqlTransaction transaction, string email, string kind, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "insert into follow_up_opt_outs (email, kind, since) values (@email, @kind, @now) on conflict do nothing",
            new { email, kind, now },
            transaction,
            cancellationToken: cancellationToken)) > 0;

    internal async Task<bool> DeleteOptOutAsync(
        NpgsqlTransaction transaction, string email, string kind, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "delete from follow_up_opt_outs where email = @email and kind = @kind",
            new { email, kind },
            transaction,
            cancellationToken: cancellationToken)) > 0;
}

/// <summary>Whether the reader of a mail wants more of its kind.</summary>
public sealed record FollowUpMailChoice
{
    /// <summary>The address, in lower case.</summary>
    public required string Email { get; init; }

    /// <summary>One of <see cref="FollowUpKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether it is turned off.</summary>
    public required bool IsTurnedOff { get; init; }

    /// <summary>Whether the address is an employee's.</summary>
    public required bool IsEmployee { get; init; }
}

/// <summary>What a mail after a course must know at the moment it leaves.</summary>
public sealed record FollowUpMail
{
    /// <summary>The form.</summary>
    public required long FormId { get; init; }

    /// <summary>1, 30, 60 or 90.</summary>
    public required int Days { get; init; }

    /// <summary>Who attended.</summary>
    public required string PersonName { get; init; }

    /// <summary>Whether it was sent in.</summary>
    public required bool IsAnswered { get; init; }

    /// <summary>Whether the participant still counts as having been there.</summary>
    public required bool IsAttended { get; init; }

    /// <summary>Whether the address is still the participant's, or the leader's.</summary>
    public required bool IsRecipient { get; init; }

    /// <summary>Whether this address wants no such mail.</summary>
    public required bool IsTurnedOff { get; init; }
}
