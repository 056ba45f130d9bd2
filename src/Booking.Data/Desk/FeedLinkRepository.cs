using Booking.Data.Outbox;
using Dapper;
using Npgsql;

namespace Booking.Data.Desk;

/// <summary>Links to a department's calendar feed. Of the secret only the hash is kept; its first bytes tell links apart.</summary>
public sealed class FeedLinkRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Links of some departments that work, the newest first.</summary>
    public async Task<IReadOnlyList<FeedLink>> ListAsync(
        IReadOnlyCollection<long> departmentIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<FeedLink>(new CommandDefinition(
            """
            select encode(links.token_hash, 'hex') as id, links.department_id, departments.name as department_name, links.created_at,
                links.owner_email as made_by
            from links
            join departments on departments.department_id = links.department_id
            where links.department_id = any(@departmentIds) and links.purpose = 'department.feed' and links.revoked_at is null
              and links.expires_at > @now
            order by links.created_at desc
            """,
            new { departmentIds = departmentIds.ToArray(), now },
            cancellationToken: cancellationToken))];
    }

    /// <summary>The department whose feed a secret opens; null when it is unknown or revoked.</summary>
    /// <remarks>
    /// When anything of the department last happened, also what took a run out of the feed: a booking that ended, seats handed back.
    /// </remarks>
    public async Task<FeedDepartment?> FindByTokenAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<FeedDepartment>(new CommandDefinition(
            """
            select links.department_id, departments.name,
                greatest(links.created_at,
                    (select max(cancelled_at) from bookings where bookings.department_id = links.department_id),
                    (select max(at) from seat_transfers where links.department_id in (from_department_id, to_department_id)),
                    (select max(greatest(released_at, cancelled_at)) from runs
                     where run_id in (select run_id from allotments where allotments.department_id = links.department_id))) as changed_at
            from links
            join departments on departments.department_id = links.department_id
            where links.token_hash = @tokenHash and links.purpose = 'department.feed' and links.revoked_at is null
              and links.expires_at > @now
            """,
            new { tokenHash, now },
            cancellationToken: cancellationToken));
    }

    internal async Task InsertAsync(NpgsqlTransaction transaction, NewFeedLink link, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into links (token_hash, purpose, department_id, owner_email, created_at, expires_at)
            values (@TokenHash, @Purpose, @DepartmentId, @Owner, @CreatedAt, @ExpiresAt)
            """,
            new { link.TokenHash, Purpose = LinkPurposes.DepartmentFeed, link.DepartmentId, link.Owner, link.CreatedAt, link.ExpiresAt },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Ends a link of one of these departments.</summary>
    /// <returns>Its department; null when there is no such link that works.</returns>
    internal async Task<long?> RevokeAsync(
        NpgsqlTransaction transaction, string id, IReadOnlyCollection<long> departmentIds, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            """
            update links set revoked_at = @now
            where token_hash = @hash and purpose = 'department.feed' and department_id = any(@departmentIds) and revoked_at is null
            returning department_id
            """,
            new { hash = Convert.FromHexString(id), departmentIds = departmentIds.ToArray(), now },
            transaction,
            cancellationToken: cancellationToken));
}

/// <summary>A feed's link as the screens know it.</summary>
public sealed record FeedLink
{
    /// <summary>The hash of the secret: says which link is meant, and opens nothing.</summary>
    public required string Id { get; init; }

    /// <summary>The department.</summary>
    public required long DepartmentId { get; init; }

    /// <summary>Its name.</summary>
    public required string DepartmentName { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string MadeBy { get; init; }
}

/// <summary>The department behind a feed's link.</summary>
public sealed record FeedDepartment
{
    /// <summary>The department.</summary>
    public required long DepartmentId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The latest change that may have taken something out of the feed.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}

internal sealed record NewFeedLink(byte[] TokenHash, long DepartmentId, string Owner, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);
