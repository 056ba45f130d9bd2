using Booking.Data.Outbox;
using Dapper;
using Npgsql;

namespace Booking.Data.Feeds;

/// <summary>Links to a person's own calendar feed, and what stands in it. Of a link's secret only the hash is kept.</summary>
public sealed class PersonFeedRepository(NpgsqlDataSource dataSource)
{
    /// <summary>A person's links that work, the newest first.</summary>
    public async Task<IReadOnlyList<PersonFeedLink>> ListLinksAsync(long personId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<PersonFeedLink>(new CommandDefinition(
            """
            select encode(token_hash, 'hex') as id, created_at
            from links
            where person_id = @personId and purpose = 'person.feed' and revoked_at is null and expires_at > @now
            order by created_at desc
            """,
            new { personId, now },
            cancellationToken: cancellationToken))];
    }

    /// <summary>The person whose feed a secret opens; null when it is unknown or revoked, or the person has left.</summary>
    /// <remarks>A booking that ended takes its sessions out of the feed, so it counts as a change.</remarks>
    public async Task<FeedPerson?> FindByTokenAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<FeedPerson>(new CommandDefinition(
            """
            select links.person_id,
                greatest(links.created_at,
                    (select max(greatest(booked_at, cancelled_at)) from bookings where bookings.person_id = links.person_id)) as changed_at
            from links
            join people on people.person_id = links.person_id and people.is_active
            where links.token_hash = @tokenHash and links.purpose = 'person.feed' and links.revoked_at is null and links.expires_at > @now
            """,
            new { tokenHash, now },
            cancellationToken: cancellationToken));
    }

    /// <summary>Sessions of runs that the person is booked on, by their start.</summary>
    /// <param name="personId">The person.</param>
    /// <param name="from">Sessions that end after this.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<FeedSession>> ListSessionsAsync(long personId, DateTimeOffset from, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<FeedSession>(new CommandDefinition(
            """
            select bookings.booking_id, sessions.session_id, sessions.number, sessions.starts_at, sessions.ends_at,
                runs.code as run_code, runs.time_zone, courses.title as course_title,
                concat_ws(', ', nullif(runs.venue_name, ''), nullif(runs.venue_address, ''),
                    nullif(concat_ws(' ', runs.postal_code, runs.town), ''), nullif(runs.online_link, '')) as place,
                (select count(*)::integer from sessions others where others.run_id = runs.run_id and others.cancelled_at is null) as session_count,
                coalesce(invitations.sequence, 0) as sequence,
                greatest(bookings.booked_at,
                    (select at from audit_entries where audit_entries.run_id = runs.run_id order by audit_id desc limit 1)) as changed_at
            from bookings
            join runs on runs.run_id = bookings.run_id and runs.status in ('published', 'completed')
            join courses on courses.course_id = runs.course_id
            join sessions on sessions.run_id = runs.run_id and sessions.cancelled_at is null
            left join invitations on invitations.booking_id = bookings.booking_id and invitations.session_id = sessions.session_id
            where bookings.person_id = @personId and bookings.status in ('booked', 'attended', 'absent') and sessions.ends_at > @from
            order by sessions.starts_at, runs.code
            """,
            new { personId, from },
            cancellationToken: cancellationToken))];
    }

    internal async Task InsertAsync(
        NpgsqlTransaction transaction, byte[] tokenHash, long personId, (DateTimeOffset From, DateTimeOffset To) valid, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into links (token_hash, purpose, person_id, created_at, expires_at)
            values (@tokenHash, @Purpose, @personId, @From, @To)
            """,
            new { tokenHash, Purpose = LinkPurposes.PersonFeed, personId, valid.From, valid.To },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Ends a link of this person.</summary>
    /// <returns>Whether there was one that worked.</returns>
    internal async Task<bool> RevokeAsync(
        NpgsqlTransaction transaction, byte[] tokenHash, long personId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update links set revoked_at = @now
            where token_hash = @tokenHash and purpose = 'person.feed' and person_id = @personId and revoked_at is null
            """,
            new { tokenHash, personId, now },
            transaction,
            cancellationToken: cancellationToken)) > 0;
}

/// <summary>A link to one's own feed, as the screen knows it.</summary>
public sealed record PersonFeedLink
{
    /// <summary>The hash of the secret: says which link is meant, and opens nothing.</summary>
    public required string Id { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The person behind a feed's link.</summary>
public sealed record FeedPerson
{
    /// <summary>The person.</summary>
    public required long PersonId { get; init; }

    /// <summary>The latest change that may have taken something out of the feed.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}

/// <summary>One session of a run that a person is booked on.</summary>
public sealed record FeedSession
{
    /// <summary>The booking.</summary>
    public required long BookingId { get; init; }

    /// <summary>The session.</summary>
    public required long SessionId { get; init; }

    /// <summary>Which one of the run's sessions.</summary>
    public required int Number { get; init; }

    /// <summary>How many sessions the run has.</summary>
    public required int SessionCount { get; init; }

    /// <summary>When it starts.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The run's code, as in URLs.</summary>
    public required string RunCode { get; init; }

    /// <summary>The run's zone.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>Venue, address and online link, as far as there are any.</summary>
    public required string Place { get; init; }

    /// <summary>The version that the invitation of the same session has.</summary>
    public required int Sequence { get; init; }

    /// <summary>When something last happened to the booking or its run.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}
