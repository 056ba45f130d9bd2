using Booking.Data.WaitingLists;
using Dapper;
using Npgsql;

namespace Booking.Data.Bookings;

/// <summary>External sign-ups and the personal links that belong to them.</summary>
public sealed class SignUpRepository(NpgsqlDataSource dataSource)
{
    /// <summary>What the confirmation page shows for the token of a link; null when there is no such link.</summary>
    /// <param name="tokenHash">SHA-256 of the token; see <see cref="LinkToken"/>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<SignUpView?> FindByTokenAsync(byte[] tokenHash, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<SignUpView>(new CommandDefinition(
            """
            select sign_ups.status, sign_ups.name, sign_ups.expires_at, sign_ups.is_for_waiting_list, courses.title as course_title,
                runs.code as run_code, runs.starts_at, runs.ends_at, runs.time_zone, bookings.reference as booking
            from links
            join sign_ups on sign_ups.sign_up_id = links.sign_up_id
            join runs on runs.run_id = sign_ups.run_id
            join courses on courses.course_id = runs.course_id
            left join bookings on bookings.booking_id = sign_ups.booking_id
            where links.token_hash = @tokenHash and links.purpose = 'sign_up.confirm'
            """,
            new { tokenHash },
            cancellationToken: cancellationToken));
    }

    /// <summary>The live booking that a personal link of a booking leads to; null when there is none or it has expired.</summary>
    /// <param name="tokenHash">SHA-256 of the token; see <see cref="LinkToken"/>.</param>
    /// <param name="now">Links that expire before this are not found.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<LinkedBooking?> FindBookingByTokenAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<LinkedBooking>(new CommandDefinition(
            """
            select bookings.booking_id, bookings.reference
            from links
            join bookings on bookings.booking_id = links.booking_id
            where links.token_hash = @tokenHash and links.purpose = 'booking.manage' and links.expires_at > @now
            """,
            new { tokenHash, now },
            cancellationToken: cancellationToken));
    }

    internal async Task<RunForSignUp?> FindRunAsync(NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<RunForSignUp>(new CommandDefinition(
            """
            select courses.is_cross_sector, courses.sectors, courses.external_price
            from runs
            join courses on courses.course_id = runs.course_id
            where runs.run_id = @runId
            """,
            new { runId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Whether the address needs no new seat: an employee's, or one with a seat or an unconfirmed sign-up on this run.</summary>
    internal async Task<bool> IsKnownAsync(NpgsqlTransaction transaction, long runId, string email, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            select exists (
                select 1 from people
                where lower(people.email) = lower(@email)
                  and ((people.kind = 'employee' and people.is_active) or exists (
                    select 1 from bookings
                    where bookings.run_id = @runId and bookings.person_id = people.person_id and bookings.status <> 'cancelled')))
            """,
            new { runId, email },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The offer from the waiting list that an address can still accept.</summary>
    internal async Task<WaitingEntry?> FindOfferAsync(
        NpgsqlTransaction transaction, LinkRequest request, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<WaitingEntry>(new CommandDefinition(
            $"""
            select {WaitingEntry.Columns}
            from waiting_list_entries
            join people on people.person_id = waiting_list_entries.person_id
            where waiting_list_entries.run_id = @RunId and lower(people.email) = lower(@Email)
              and waiting_list_entries.status = 'offered' and waiting_list_entries.offer_expires_at > @now
            """,
            new { request.RunId, request.Email, now },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The sign-up of an address that can still be confirmed: none or one.</summary>
    internal async Task<IReadOnlyList<SignUpRow>> ListPendingAsync(
        NpgsqlTransaction transaction, LinkRequest request, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<SignUpRow>(new CommandDefinition(
            $"""
            select {SignUpRow.Columns} from sign_ups
            where run_id = @RunId and lower(email) = lower(@Email) and status = 'pending' and expires_at > @now
            """,
            new { request.RunId, request.Email, now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Whether this very form was sent before: a corrected address on the same form is a new sign-up.</summary>
    internal async Task<bool> ExistsAsync(NpgsqlTransaction transaction, SignUpRequest request, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            select exists (
                select 1 from sign_ups
                where reference = @Reference and run_id = @RunId and lower(email) = lower(@Email))
            """,
            request,
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Inserts a sign-up; null when the same address has a pending one on the run, or the form was sent twice.</summary>
    internal async Task<SignUpRow?> InsertAsync(NpgsqlTransaction transaction, NewSignUp signUp, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<SignUpRow>(new CommandDefinition(
            $"""
            insert into sign_ups (reference, run_id, name, email, workplace, sector, ean, language, status, created_at, expires_at,
                is_for_waiting_list)
            values (@Reference, @RunId, @Name, @Email, @Workplace, @Sector, @Ean, @Language, @Status, @CreatedAt, @ExpiresAt,
                @IsForWaitingList)
            on conflict do nothing
            returning {SignUpRow.Columns}
            """,
            signUp,
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Makes an address's unconfirmed wish to wait a sign-up for a seat; null when it has none.</summary>
    internal async Task<SignUpRow?> TakeSeatAsync(
        NpgsqlTransaction transaction, SignUpRequest request, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<SignUpRow>(new CommandDefinition(
            $"""
            update sign_ups set is_for_waiting_list = false, expires_at = @expiresAt
            where run_id = @RunId and lower(email) = lower(@Email) and status in ('pending', 'answered') and is_for_waiting_list
            returning {SignUpRow.Columns}
            """,
            new { request.RunId, request.Email, expiresAt },
            transaction,
            cancellationToken: cancellationToken));

    internal async Task AttachAsync(NpgsqlTransaction transaction, long signUpId, long bookingId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update sign_ups set booking_id = @bookingId where sign_up_id = @signUpId",
            new { signUpId, bookingId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Locks the sign-up behind a link, so that confirming and expiring it take turns.</summary>
    internal async Task<SignUpRow?> FindByTokenForUpdateAsync(
        NpgsqlTransaction transaction, byte[] tokenHash, CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<SignUpRow>(new CommandDefinition(
            $"""
            select {SignUpRow.Columns} from sign_ups
            where sign_up_id = (select sign_up_id from links where token_hash = @tokenHash and purpose = 'sign_up.confirm')
            for update
            """,
            new { tokenHash },
            transaction,
            cancellationToken: cancellationToken));

    internal async Task MarkConfirmedAsync(
        NpgsqlTransaction transaction, long signUpId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            with used as (
                update links set used_at = @now where sign_up_id = @signUpId and used_at is null
            )
            update sign_ups set status = 'confirmed', confirmed_at = @now where sign_up_id = @signUpId and status = 'pending'
            """,
            new { signUpId, now },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Ends one address's sign-up on a run if its time is over, without waiting for the sweep.</summary>
    internal async Task<IReadOnlyList<SignUpRow>> ExpireAddressAsync(
        NpgsqlTransaction transaction, long runId, string email, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<SignUpRow>(new CommandDefinition(
            $"""
            update sign_ups set status = 'expired'
            where run_id = @runId and lower(email) = lower(@email) and status in ('pending', 'answered') and expires_at <= @now
            returning {SignUpRow.Columns}
            """,
            new { runId, email, now },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>A sign-up whose held seat is taken away is over: its link says so, and the same address may sign up again.</summary>
    /// <remarks>
    /// Whoever confirms has the sign-up locked and may want the run, which the caller has: passed over without waiting. The
    /// confirmation finds by itself that the seat is gone.
    /// </remarks>
    internal async Task ExpireOfBookingAsync(NpgsqlTransaction transaction, long bookingId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            with waiting as (
                select sign_up_id from sign_ups
                where booking_id = @bookingId and status in ('pending', 'answered')
                for update skip locked)
            update sign_ups set status = 'expired'
            from waiting
            where sign_ups.sign_up_id = waiting.sign_up_id
            """,
            new { bookingId },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Ends sign-ups whose time is over. Nodes share the work: a row that another node has is passed over.</summary>
    /// <returns>The sign-ups that ended, each with the status that it had until now.</returns>
    internal async Task<IReadOnlyList<SignUpRow>> ExpireAsync(
        NpgsqlTransaction transaction, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<SignUpRow>(new CommandDefinition(
            $"""
            with due as materialized (
                select sign_up_id, status as was from sign_ups
                where status in ('pending', 'answered') and expires_at <= @now
                order by expires_at
                limit @limit
                for update skip locked
            ), ended as (
                update sign_ups set status = 'expired'
                from due
                where sign_ups.sign_up_id = due.sign_up_id
                returning sign_ups.*
            )
            select ended.sign_up_id, run_id, booking_id, name, email, workplace, sector, ean, language, due.was as status, expires_at,
                is_for_waiting_list
            from ended
            join due on due.sign_up_id = ended.sign_up_id
            """,
            new { now, limit },
            transaction,
            cancellationToken: cancellationToken))];
}

/// <summary>What a link's confirmation page shows.</summary>
public sealed record SignUpView
{
    /// <summary><c>pending</c>, <c>confirmed</c> or <c>expired</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The name as typed.</summary>
    public required string Name { get; init; }

    /// <summary>When the held seat is released.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether it asks for a place on the waiting list and not for a seat.</summary>
    public required bool IsForWaitingList { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>The run's code.</summary>
    public required string RunCode { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The run's zone.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The held or confirmed booking.</summary>
    public Guid? Booking { get; init; }
}

/// <summary>The booking behind a personal link.</summary>
public sealed record LinkedBooking
{
    /// <summary>The booking's id: its <see cref="BookingScope"/>.</summary>
    public required long BookingId { get; init; }

    /// <summary>The booking's reference.</summary>
    public required Guid Reference { get; init; }
}

internal sealed record RunForSignUp
{
    public required bool IsCrossSector { get; init; }

    public required string[] Sectors { get; init; }

    public decimal? ExternalPrice { get; init; }
}

internal sealed record NewSignUp(
    Guid Reference, long RunId, string Name, string Email, string Workplace, string Sector, string? Ean,
    string Language, string Status, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool IsForWaitingList = false);

internal sealed record SignUpRow
{
    public const string Columns = "sign_up_id, run_id, booking_id, name, email, workplace, sector, ean, language, status, expires_at, is_for_waiting_list";

    public required long SignUpId { get; init; }

    public required long RunId { get; init; }

    public long? BookingId { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public required string Workplace { get; init; }

    public required string Sector { get; init; }

    public string? Ean { get; init; }

    public required bool IsForWaitingList { get; init; }

    public required string Language { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
