-- Who was there: one mark for each booking and session. No row means that nobody has said.
create table attendance_marks (
    booking_id bigint not null references bookings,
    session_id bigint not null references sessions on delete cascade,
    is_present boolean not null,
    marked_at timestamptz not null,
    marked_by text not null,
    constraint attendance_marks_pkey primary key (booking_id, session_id)
);

create index attendance_marks_session on attendance_marks (session_id);

-- Settled: nobody is asked any more. Assumed: for somebody without any mark.
alter table runs
    add column attendance_settled_at timestamptz,
    add column attendance_assumed boolean not null default false,
    add constraint runs_attendance_assumed check (not attendance_assumed or attendance_settled_at is not null);

-- Keeps the schedule to the runs that are not settled, however many lie behind.
create index runs_attendance_open on runs (ends_at) where status = 'published' and attendance_settled_at is null;

alter table links
    drop constraint links_owner,
    add constraint links_owner check (
        purpose not in ('release.decide', 'department.feed', 'attendance.mark') or owner_email is not null),
    drop constraint links_target,
    add constraint links_target check (
        case purpose
            when 'sign_up.confirm' then sign_up_id is not null
                and num_nonnulls(booking_id, entry_id, approval_id, run_id, department_id, person_id) = 0
            when 'booking.manage' then booking_id is not null
                and num_nonnulls(sign_up_id, entry_id, approval_id, run_id, department_id, person_id) = 0
            when 'waiting_list.entry' then entry_id is not null
                and num_nonnulls(sign_up_id, booking_id, approval_id, run_id, department_id, person_id) = 0
            when 'approval.decide' then approval_id is not null
                and num_nonnulls(sign_up_id, booking_id, entry_id, run_id, department_id, person_id) = 0
            when 'release.decide' then num_nonnulls(run_id, department_id) = 2
                and num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, person_id) = 0
            when 'department.feed' then department_id is not null
                and num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, run_id, person_id) = 0
            when 'person.feed' then person_id is not null
                and num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, run_id, department_id) = 0
            when 'attendance.mark' then run_id is not null
                and num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, department_id, person_id) = 0
            else false
        end);

-- When the instructor of a run that is not settled is asked, and when its attendance is assumed: at eight in the morning of the run's
-- own clock, one, three and five days after the last session; after a stop no sooner than two days after the question before.
-- A question that has been written is known by its key, which has the day: a run that is moved is asked about anew.
create view attendance_deadlines as
select run.run_id, run.ends_at, run.instructor,
    case when first.outbox_id is null then 1 when second.outbox_id is null then 2 end as next_ask,
    (case when first.outbox_id is null then run.ends_on + 1
        else greatest(run.ends_on + 3, (first.created_at at time zone run.time_zone)::date + 2) end
        + time '08:00') at time zone run.time_zone as ask_due_at,
    concat_ws('/', 'attendance.asked', run.run_id, run.ends_on, case when first.outbox_id is null then 1 else 2 end) as ask_key,
    -- Whoever teaches it may answer for fourteen days; that long it waits only when the questions could not be asked.
    case when run.instructor is null then (run.ends_on + 5 + time '08:00') at time zone run.time_zone
        when second.outbox_id is null then run.ends_at + interval '14 days'
        else (greatest(run.ends_on + 5, (second.created_at at time zone run.time_zone)::date + 2) + time '08:00') at time zone run.time_zone
    end as settle_due_at
from (
    select run_id, ends_at, time_zone, nullif(btrim(instructor_email), '') as instructor,
        (ends_at at time zone time_zone)::date as ends_on
    from runs
    where status = 'published' and attendance_settled_at is null) as run
left join outbox as first on first.key = concat_ws('/', 'attendance.asked', run.run_id, run.ends_on, 1)
left join outbox as second on second.key = concat_ws('/', 'attendance.asked', run.run_id, run.ends_on, 2);
