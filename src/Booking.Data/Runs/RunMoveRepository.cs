using Dapper;
using Npgsql;

namespace Booking.Data.Runs;

/// <summary>What a moved run takes along.</summary>
public sealed class RunMoveRepository
{
    /// <summary>Writes times, place and deadlines.</summary>
    internal async Task UpdateAsync(NpgsqlTransaction transaction, long runId, MovedRun run, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update runs
            set starts_at = @startsAt, ends_at = @endsAt, venue_name = @VenueName, venue_address = @VenueAddress,
                postal_code = @PostalCode, town = @Town, online_link = @OnlineLink,
                -- The point on the map belongs to the address.
                latitude = case when is_elsewhere then null else latitude end,
                longitude = case when is_elsewhere then null else longitude end,
                sign_up_opens_at = @opens, sign_up_closes_at = @closes, release_at = @release, cancellation_deadline_at = @deadline
            from (
                select (venue_address, postal_code, town) is distinct from (@VenueAddress, @PostalCode, @Town) as is_elsewhere
                from runs where run_id = @runId) as place
            where run_id = @runId
            """,
            new
            {
                runId,
                startsAt = run.Sessions[0].StartsAt,
                endsAt = run.Sessions[^1].EndsAt,
                run.Place.VenueName,
                run.Place.VenueAddress,
                run.Place.PostalCode,
                run.Place.Town,
                run.Place.OnlineLink,
                opens = run.Deadlines[RunDeadline.SignUpOpens],
                closes = run.Deadlines[RunDeadline.SignUpCloses],
                release = run.Deadlines[RunDeadline.Release],
                deadline = run.Deadlines[RunDeadline.Cancellation],
            },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>
    /// What is held moves along: seats without names until seven days before the new start, offers never past the sign-up stop,
    /// approvals never past the start.
    /// </summary>
    /// <remarks>
    /// A run that is moved closer leaves the secretaries two days for their names: seats that were held until next month are not
    /// gone at once and without a warning.
    /// </remarks>
    internal async Task MoveHoldsAsync(NpgsqlTransaction transaction, long runId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update waiting_list_entries set offer_expires_at = runs.sign_up_closes_at
            from runs
            where runs.run_id = @runId and waiting_list_entries.run_id = @runId and waiting_list_entries.status = 'offered'
              and waiting_list_entries.offer_expires_at > runs.sign_up_closes_at;

            update approvals set expires_at = runs.starts_at
            from runs
            join bookings on bookings.run_id = runs.run_id
            where runs.run_id = @runId and approvals.booking_id = bookings.booking_id and approvals.status = 'pending'
              and approvals.expires_at > runs.starts_at;

            update bookings
            set held_until = case held_for
                when 'offer' then least(held_until, runs.sign_up_closes_at)
                when 'approval' then least(held_until, runs.starts_at)
                when 'name' then greatest(
                    (runs.starts_at at time zone runs.time_zone - interval '7 days') at time zone runs.time_zone,
                    least(held_until, @now + interval '2 days', runs.starts_at))
                else held_until
            end
            from runs
            where runs.run_id = @runId and bookings.run_id = @runId and bookings.status = 'held'
            """,
            new { runId, now },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Everybody with a live booking on a run, by name.</summary>
    internal async Task<IReadOnlyList<RunPerson>> ListPeopleAsync(
        NpgsqlTransaction transaction, long runId, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<RunPerson>(new CommandDefinition(
            """
            select people.person_id, people.name, departments.name as department_name
            from bookings
            join people on people.person_id = bookings.person_id
            left join departments on departments.department_id = bookings.department_id
            where bookings.run_id = @runId and bookings.status <> 'cancelled'
            order by people.name collate "da-x-icu"
            """,
            new { runId },
            transaction,
            cancellationToken: cancellationToken))];
}

/// <summary>Somebody with a live booking.</summary>
internal sealed record RunPerson
{
    public required long PersonId { get; init; }

    public required string Name { get; init; }

    public string? DepartmentName { get; init; }
}
