using Dapper;
using Npgsql;

namespace Booking.Data.Feeds;

/// <summary>Links to calendar feeds. Of the secret only the hash is kept, which tells links apart and opens nothing.</summary>
public sealed class FeedLinkRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Links of these owners that work, the newest first.</summary>
    public async Task<IReadOnlyList<FeedLink>> ListAsync(
        IReadOnlyCollection<FeedOwner> owners, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<FeedLink>(new CommandDefinition(
            """
            select encode(links.token_hash, 'hex') as id, links.created_at, departments.name as department_name, links.owner_email as made_by
            from links
            left join departments on departments.department_id = links.department_id
            where (links.department_id = any(@departments) or links.person_id = any(@people))
              and links.purpose in ('department.feed', 'person.feed') and links.revoked_at is null and links.expires_at > @now
            order by links.created_at desc
            """,
            new { departments = Departments(owners), people = People(owners), now },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Whose feed a secret opens; null when it is unknown, revoked or too old, or the person has left.</summary>
    public async Task<OpenedFeed?> FindByTokenAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<OpenedFeed>(new CommandDefinition(
            """
            select links.department_id, links.person_id, links.created_at
            from links
            left join people on people.person_id = links.person_id
            where links.token_hash = @tokenHash and links.purpose in ('department.feed', 'person.feed')
              and links.revoked_at is null and links.expires_at > @now and (links.person_id is null or people.is_active)
            """,
            new { tokenHash, now },
            cancellationToken: cancellationToken));
    }

    internal async Task InsertAsync(NpgsqlTransaction transaction, NewFeedLink link, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into links (token_hash, purpose, department_id, person_id, owner_email, created_at, expires_at)
            values (@TokenHash, @Purpose, @DepartmentId, @PersonId, @MadeBy, @CreatedAt, @ExpiresAt)
            """,
            new
            {
                link.TokenHash,
                link.Owner.Purpose,
                link.Owner.DepartmentId,
                link.Owner.PersonId,
                link.MadeBy,
                link.CreatedAt,
                link.ExpiresAt,
            },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Ends a link of one of these owners.</summary>
    /// <returns>Whose it was; null when there is no such link that works.</returns>
    internal async Task<FeedOwner?> RevokeAsync(
        NpgsqlTransaction transaction, byte[] tokenHash, IReadOnlyCollection<FeedOwner> owners, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<FeedOwner>(new CommandDefinition(
            """
            update links set revoked_at = @now
            where token_hash = @tokenHash and purpose in ('department.feed', 'person.feed') and revoked_at is null
              and (department_id = any(@departments) or person_id = any(@people))
            returning department_id, person_id
            """,
            new { tokenHash, departments = Departments(owners), people = People(owners), now },
            transaction,
            cancellationToken: cancellationToken));

    private static long[] Departments(IEnumerable<FeedOwner> owners) => [.. owners.Select(owner => owner.DepartmentId).OfType<long>()];

    private static long[] People(IEnumerable<FeedOwner> owners) => [.. owners.Select(owner => owner.PersonId).OfType<long>()];
}

/// <summary>A feed's link as the screens know it.</summary>
public sealed record FeedLink
{
    /// <summary>The hash of the secret: says which link is meant, and opens nothing.</summary>
    public required string Id { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whose seats it shows; null for a person's own link.</summary>
    public string? DepartmentName { get; init; }

    /// <summary>Which secretary made a department's link; null for a person's own.</summary>
    public string? MadeBy { get; init; }
}

/// <summary>A feed that somebody has the link to.</summary>
public sealed record OpenedFeed
{
    /// <summary>The department; null when it is a person's.</summary>
    public long? DepartmentId { get; init; }

    /// <summary>The person; null when it is a department's.</summary>
    public long? PersonId { get; init; }

    /// <summary>When the link was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed record NewFeedLink
{
    public required byte[] TokenHash { get; init; }

    public required FeedOwner Owner { get; init; }

    public required string? MadeBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
