using Booking.Data.Bookings;
using Dapper;
using Npgsql;

namespace Booking.Data.WaitingLists;

/// <summary>Waiting lists as the use cases read and write them.</summary>
public sealed class WaitingListRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Puts a person at the end of a run's list; the caller has the run locked, which makes the id the order.</summary>
    /// <returns>The entry; null when the person waits there already.</returns>
    internal async Task<InsertedEntry?> InsertAsync(NpgsqlTransaction transaction, NewEntry entry, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<InsertedEntry>(new CommandDefinition(
            """
            insert into waiting_list_entries (run_id, person_id, department_id, joined_at, joined_by, source, external_price, ean)
            values (@RunId, @PersonId, @DepartmentId, @JoinedAt, @JoinedBy, @Source, @ExternalPrice, @Ean)
            on conflict (run_id, person_id) where status in ('waiting', 'offered') do nothing
            returning entry_id, reference
            """,
            entry,
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>How the run serves its list from now on; the caller has the run locked.</summary>
    internal async Task SetRuleAsync(NpgsqlTransaction transaction, WaitingListRuleRequest rule, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update runs set waiting_list_mode = @Mode, offer_working_hours = @OfferWorkingHours where run_id = @RunId",
            new { rule.Mode, rule.OfferWorkingHours, rule.RunId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Whether anybody waits for this run.</summary>
    internal async Task<bool> AnyoneWaitsAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select 1 from waiting_list_entries where run_id = @runId and status = 'waiting')",
            new { runId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>
    /// Who is next: the longest waiting for whom a seat is free, in the printed order. With a pool given, only those of
    /// that pool's own list, for an open seat that one of them gave up.
    /// </summary>
    internal async Task<WaitingEntry?> FindNextAsync(
        NpgsqlTransaction transaction, long runId, SeatPool? ownList, IReadOnlyCollection<long> passedOver, CancellationToken cancellationToken) =>
        await transaction.Connection!.QueryFirstOrDefaultAsync<WaitingEntry>(new CommandDefinition(
            $"""
            select {WaitingEntry.Columns}
            from waiting_list_entries
            join people on people.person_id = waiting_list_entries.person_id and people.is_active
            where waiting_list_entries.run_id = @runId and waiting_list_entries.status = 'waiting'
              and entry_id <> all(@passedOver)
              and (@kind::text is null
                   or (@kind = 'department' and waiting_list_entries.department_id = @departmentId)
                   or (@kind = 'external' and waiting_list_entries.department_id is null))
              and {EligibleSeat}
            order by entry_id
            limit 1
            for update of waiting_list_entries skip locked
            """,
            new { runId, kind = ownList?.Kind, departmentId = ownList?.DepartmentId, passedOver = passedOver.ToArray() },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The seats that an entry may have: its own pool's and open ones.</summary>
    internal const string EligibleSeat =
        """
        exists (
            select 1 from seats
            where seats.run_id = waiting_list_entries.run_id and seats.status = 'free'
              and (seats.pool = 'open'
                   or (seats.pool = 'department' and seats.department_id = waiting_list_entries.department_id)
                   or (seats.pool = 'external' and waiting_list_entries.department_id is null)))
        """;

    /// <summary>A seat is held for the person until the offer expires.</summary>
    internal async Task MarkOfferedAsync(NpgsqlTransaction transaction, Offer offer, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update waiting_list_entries
            set status = 'offered', booking_id = @BookingId, offered_at = @OfferedAt, offer_expires_at = @ExpiresAt
            where entry_id = @EntryId and status = 'waiting'
            """,
            offer,
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Ends one entry that waits or has an offer.</summary>
    /// <returns>Whether it was live.</returns>
    internal async Task<bool> EndAsync(
        NpgsqlTransaction transaction, long entryId, string status, long? bookingId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update waiting_list_entries
            set status = @status, ended_at = @now, booking_id = coalesce(@bookingId, booking_id)
            where entry_id = @entryId and status in ('waiting', 'offered')
            """,
            new { entryId, status, bookingId, now },
            transaction,
            cancellationToken: cancellationToken)) == 1;

    /// <summary>Whoever got a seat in another way waits no more.</summary>
    internal async Task EndForBookedAsync(
        NpgsqlTransaction transaction, IReadOnlyCollection<long> bookingIds, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update waiting_list_entries
            set status = 'accepted', ended_at = @now, booking_id = bookings.booking_id
            from bookings
            where bookings.booking_id = any(@bookingIds) and waiting_list_entries.run_id = bookings.run_id
              and waiting_list_entries.person_id = bookings.person_id and waiting_list_entries.status = 'waiting'
            """,
            new { bookingIds = bookingIds.ToArray(), now },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The offer behind a booking that ends some other way than by an answer is over.</summary>
    internal async Task EndOfferOfAsync(
        NpgsqlTransaction transaction, long bookingId, string status, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update waiting_list_entries set status = @status, ended_at = @now
            where booking_id = @bookingId and status = 'offered'
            """,
            new { bookingId, status, now },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The run of an entry, to be locked before the entry is; null when this scope may see no such entry.</summary>
    internal async Task<long?> FindRunIdAsync(
        NpgsqlTransaction transaction, Guid reference, EntryScope scope, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            $"select run_id from waiting_list_entries where reference = @reference and {EntryScope.Condition}",
            scope.With(reference),
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Locks one entry; the caller has its run locked.</summary>
    internal async Task<WaitingEntry> GetForUpdateAsync(
        NpgsqlTransaction transaction, Guid reference, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleAsync<WaitingEntry>(new CommandDefinition(
            $"""
            select {WaitingEntry.Columns}
            from waiting_list_entries
            join people on people.person_id = waiting_list_entries.person_id
            where waiting_list_entries.reference = @reference
            for update of waiting_list_entries
            """,
            new { reference },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The entry by which a person waits for a run or has an offer of it; null when there is none.</summary>
    internal async Task<WaitingEntry?> FindLiveAsync(
        NpgsqlTransaction transaction, long runId, long personId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<WaitingEntry>(new CommandDefinition(
            $"""
            select {WaitingEntry.Columns}
            from waiting_list_entries
            join people on people.person_id = waiting_list_entries.person_id
            where waiting_list_entries.run_id = @runId and waiting_list_entries.person_id = @personId
              and waiting_list_entries.status in ('waiting', 'offered')
            """,
            new { runId, personId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Offers of one run that have expired; the caller has the run locked.</summary>
    internal async Task<IReadOnlyList<WaitingEntry>> ListExpiredOffersAsync(
        NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<WaitingEntry>(new CommandDefinition(
            $"""
            select {WaitingEntry.Columns}
            from waiting_list_entries
            join people on people.person_id = waiting_list_entries.person_id
            where waiting_list_entries.run_id = @runId and waiting_list_entries.status = 'offered' and offer_expires_at <= @now
            order by entry_id
            for update of waiting_list_entries
            """,
            new { runId, now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Ends every entry of a run that still waits: its sign-up stop has passed, or it will not take place.</summary>
    internal async Task<IReadOnlyList<WaitingEntry>> EndWaitingAsync(
        NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<WaitingEntry>(new CommandDefinition(
            $"""
            update waiting_list_entries set status = 'expired', ended_at = @now
            from people
            where waiting_list_entries.run_id = @runId and waiting_list_entries.status = 'waiting'
              and people.person_id = waiting_list_entries.person_id
            returning {WaitingEntry.Columns}
            """,
            new { runId, now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Runs where something is due now: an offer has expired, the sign-up stop has passed, or a seat is free for somebody who waits.</summary>
    public async Task<IReadOnlyList<long>> ListRunsDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(
            $"""
            select run_id from waiting_list_entries where status = 'offered' and offer_expires_at <= @now
            union
            select waiting_list_entries.run_id
            from waiting_list_entries
            join runs on runs.run_id = waiting_list_entries.run_id
            join people on people.person_id = waiting_list_entries.person_id
            where waiting_list_entries.status = 'waiting'
              and (runs.status <> 'published' or runs.sign_up_closes_at <= @now or (people.is_active and {EligibleSeat}))
            order by run_id
            """,
            new { now },
            cancellationToken: cancellationToken))];
    }
}

/// <summary>Whose waiting list entries somebody may see and change: asked in the query, so that no page can forget.</summary>
public sealed record EntryScope
{
    internal const string Condition =
        """
        (@Everything or waiting_list_entries.department_id = any(@DepartmentIds) or waiting_list_entries.person_id = @PersonId
            or waiting_list_entries.entry_id = @EntryId)
        """;

    private EntryScope()
    {
    }

    /// <summary>Everything: HR.</summary>
    public bool Everything { get; private init; }

    /// <summary>Entries of these departments: their secretaries.</summary>
    public IReadOnlyCollection<long> DepartmentIds { get; private init; } = [];

    /// <summary>Entries of this person: oneself.</summary>
    public long? PersonId { get; private init; }

    /// <summary>This one entry: the holder of its personal link.</summary>
    public long? EntryId { get; private init; }

    /// <summary>All entries.</summary>
    public static EntryScope All { get; } = new() { Everything = true };

    /// <summary>What a signed-in person may see: own entries and those of the departments one is secretary of.</summary>
    /// <param name="personId">The signed-in person, when known to the plan.</param>
    /// <param name="departmentIds">The departments one is secretary of.</param>
    public static EntryScope Of(long? personId, IReadOnlyCollection<long> departmentIds) =>
        new() { PersonId = personId, DepartmentIds = departmentIds };

    /// <summary>The entry that a personal link leads to.</summary>
    public static EntryScope OfLink(long entryId) => new() { EntryId = entryId };

    internal object With(Guid reference) =>
        new { reference, Everything, DepartmentIds = DepartmentIds.ToArray(), PersonId, EntryId };

    internal object With(long? runId) =>
        new { runId, Everything, DepartmentIds = DepartmentIds.ToArray(), PersonId, EntryId };
}

internal sealed record NewEntry
{
    public required long RunId { get; init; }

    public required long PersonId { get; init; }

    public long? DepartmentId { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }

    public required string JoinedBy { get; init; }

    public required string Source { get; init; }

    public decimal? ExternalPrice { get; init; }

    public string? Ean { get; init; }
}

internal sealed record InsertedEntry(long EntryId, Guid Reference);

internal sealed record Offer(long EntryId, long BookingId, DateTimeOffset OfferedAt, DateTimeOffset ExpiresAt);

internal sealed record WaitingEntry
{
    public const string Columns =
        """
        waiting_list_entries.entry_id, waiting_list_entries.reference, waiting_list_entries.run_id,
        waiting_list_entries.person_id, waiting_list_entries.department_id, waiting_list_entries.status,
        waiting_list_entries.joined_by, waiting_list_entries.source, waiting_list_entries.booking_id,
        waiting_list_entries.offer_expires_at, waiting_list_entries.external_price, waiting_list_entries.ean,
        people.name as person_name, people.email as person_email, people.language
        """;

    public required long EntryId { get; init; }

    public required Guid Reference { get; init; }

    public required long RunId { get; init; }

    public required long PersonId { get; init; }

    public long? DepartmentId { get; init; }

    public required string Status { get; init; }

    public required string JoinedBy { get; init; }

    public required string Source { get; init; }

    public long? BookingId { get; init; }

    public DateTimeOffset? OfferExpiresAt { get; init; }

    public decimal? ExternalPrice { get; init; }

    public string? Ean { get; init; }

    public required string PersonName { get; init; }

    public required string PersonEmail { get; init; }

    public required string Language { get; init; }

    /// <summary>The pool whose own list this is on.</summary>
    public SeatPool OwnPool => SeatPool.OwnOf(DepartmentId);
}
