using Dapper;
using Npgsql;

namespace Booking.Data.Reminders;

/// <summary>A reminder that is due and was not written yet.</summary>
internal sealed record DueReminder
{
    /// <summary>Names the booking, the days, and the day the run begins: a postponed run is reminded of anew.</summary>
    public required string Key { get; init; }

    /// <summary>The booking.</summary>
    public required long BookingId { get; init; }

    /// <summary>Its run.</summary>
    public required long RunId { get; init; }

    /// <summary>7 or 1.</summary>
    public required int Days { get; init; }

    /// <summary>The participant's address.</summary>
    public required string Email { get; init; }

    /// <summary>The participant's name.</summary>
    public required string Name { get; init; }

    /// <summary><c>da</c> or <c>en</c>.</summary>
    public required string Language { get; init; }
}

/// <summary>Which reminders are due.</summary>
public sealed class ReminderRepository
{
    /// <summary>Reminders that are due and were not written yet.</summary>
    /// <remarks>
    /// The partial index runs_published keeps this to the runs of the next eight days. Days are counted on the run's own clock.
    /// </remarks>
    internal async Task<IReadOnlyList<DueReminder>> ListDueAsync(
        NpgsqlTransaction transaction, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<DueReminder>(new CommandDefinition(
            """
            with ahead as materialized (
                select run_id, (starts_at at time zone time_zone)::date as begins_on, time_zone
                from runs
                where status = 'published' and starts_at > @now and starts_at <= @now::timestamptz + interval '8 days'
            ), moments as (
                select run_id, begins_on, days,
                    (begins_on - days + time '08:00') at time zone time_zone as due_at
                from ahead
                cross join (values (7), (1)) as reminder (days)
            ), due as materialized (
                -- When both are due only the later one is sent.
                select distinct on (run_id) run_id, begins_on, days, due_at
                from moments
                where due_at <= @now
                order by run_id, due_at desc
            )
            select reminder.key, reminder.booking_id, reminder.run_id, reminder.days, reminder.email, reminder.name, reminder.language
            from (
                select bookings.booking_id, due.run_id, due.days, people.email, people.name, people.language,
                    concat_ws('/', 'booking.reminder', bookings.booking_id, due.days, due.begins_on) as key
                from due
                join bookings on bookings.run_id = due.run_id and bookings.status = 'booked' and bookings.booked_at < due.due_at
                join people on people.person_id = bookings.person_id) as reminder
            where not exists (select from outbox where outbox.key = reminder.key)
            order by reminder.run_id, reminder.booking_id
            limit @limit
            """,
            new { now, limit },
            transaction,
            cancellationToken: cancellationToken))];
}
