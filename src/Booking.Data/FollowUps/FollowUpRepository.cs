using Dapper;
using Npgsql;

namespace Booking.Data.FollowUps;

/// <summary>A question that is due to one person.</summary>
internal sealed record DueFollowUp
{
    /// <summary>The form.</summary>
    public required long FormId { get; init; }

    /// <summary>The booking that it asks about.</summary>
    public required long BookingId { get; init; }

    /// <summary>Its run.</summary>
    public required long RunId { get; init; }

    /// <summary>One of <see cref="FollowUpKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>1, 30, 60 or 90.</summary>
    public required int Days { get; init; }

    /// <summary>The participant's address, or the leader's.</summary>
    public required string Email { get; init; }

    /// <summary>The name beside it; empty for a leader whom the plan does not know.</summary>
    public required string Name { get; init; }

    /// <summary><c>da</c> or <c>en</c>; null for a leader: looked up by the address.</summary>
    public string? Language { get; init; }
}

/// <summary>Which follow-ups are due, and that they were asked.</summary>
public sealed class FollowUpRepository
{
    /// <summary>Makes the forms that are due and not made yet.</summary>
    /// <remarks>
    /// The partial index runs_ended keeps this to the runs that have a moment in the window, bookings_attended to those who were
    /// there. On many nodes at once the unique constraint decides who asks; the other node gets fewer rows and goes on.
    /// </remarks>
    internal async Task<IReadOnlyList<DueFollowUp>> InsertDueAsync(
        NpgsqlTransaction transaction, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<DueFollowUp>(new CommandDefinition(
            """
            with moments as materialized (
                select run_id, kind, days, due_at
                from runs
                cross join (values ('evaluation', 1), ('use', 30), ('use', 60), ('use', 90), ('leader', 60)) as question (kind, days)
                cross join lateral (
                    select ((ends_at at time zone time_zone)::date + days + time '08:00') at time zone time_zone as due_at) as moment
                where status in ('published', 'completed')
                    -- Two days more than 90 and the window: no zone and no change of clocks takes a run out too early.
                    and ends_at > @now::timestamptz - interval '92 days' - @catchUp and ends_at <= @now
                    and due_at > @now::timestamptz - @catchUp and due_at <= @now
            ), due as (
                select bookings.booking_id, moments.run_id, moments.kind, moments.days, moments.due_at,
                    recipient.email, recipient.name, recipient.language
                from moments
                join bookings on bookings.run_id = moments.run_id and bookings.status = 'attended'
                join people on people.person_id = bookings.person_id and people.is_active
                left join people as leaders on moments.kind = 'leader' and lower(leaders.email) = lower(people.leader_email)
                cross join lateral (
                    select people.email, people.name, people.language where moments.kind <> 'leader'
                    union all
                    select people.leader_email, coalesce(leaders.name, ''), null where moments.kind = 'leader') as recipient
                where recipient.email like '_%@_%'
                    and not exists (
                        select from follow_up_forms as asked
                        where asked.booking_id = bookings.booking_id and asked.kind = moments.kind and asked.days = moments.days)
                    and not exists (
                        select from follow_up_opt_outs as refused
                        where refused.email = lower(recipient.email) and refused.kind = moments.kind)
                order by moments.run_id, bookings.booking_id, moments.days, moments.kind
                limit @limit
            ), made as (
                insert into follow_up_forms (booking_id, kind, days, due_at, asked_at)
                select booking_id, kind, days, due_at, @now from due
                on conflict (booking_id, kind, days) do nothing
                returning form_id, booking_id, kind, days
            )
            select form_id, booking_id, run_id, kind, days, email, name, language
            from made
            join due using (booking_id, kind, days)
            order by form_id
            """,
            new { now, catchUp = SendFollowUps.CatchUpWindow, limit },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Marks the forms whose reminder is due: the mail left seven days ago, by the run's own date, and nothing was sent in.</summary>
    internal async Task<IReadOnlyList<DueFollowUp>> MarkRemindedAsync(
        NpgsqlTransaction transaction, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<DueFollowUp>(new CommandDefinition(
            """
            with due as (
                select follow_up_forms.form_id, runs.run_id, asked.recipient_email as email, asked.recipient_name as name, asked.language
                from follow_up_forms
                join bookings on bookings.booking_id = follow_up_forms.booking_id and bookings.status = 'attended'
                join runs on runs.run_id = bookings.run_id
                join outbox as asked on asked.key = concat('follow_up.', follow_up_forms.kind, '/', form_id) and asked.status = 'sent'
                cross join lateral (
                    select ((asked.sent_at at time zone time_zone)::date + @days + time '08:00') at time zone time_zone as due_at) as moment
                where answered_at is null and reminded_at is null
                    and moment.due_at <= @now and moment.due_at > @now::timestamptz - @catchUp
                    -- For the index. Mail may have been held back for weeks; then the reminder is, too.
                    and asked_at <= @now::timestamptz - make_interval(days => @days - 1) and asked_at > @now::timestamptz - @linkLife
                order by form_id
                limit @limit
                for update of follow_up_forms skip locked
            ), marked as (
                update follow_up_forms
                set reminded_at = @now
                from due
                where follow_up_forms.form_id = due.form_id
                returning follow_up_forms.form_id, booking_id, kind, days
            )
            select form_id, booking_id, run_id, kind, days, email, name, language
            from marked
            join due using (form_id)
            order by form_id
            """,
            new { now, days = FollowUpTimes.ReminderDays, catchUp = SendFollowUps.CatchUpWindow, linkLife = FollowUpTimes.LinkLife, limit },
            transaction,
            cancellationToken: cancellationToken))];
}
