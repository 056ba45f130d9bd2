-- After a course: forms to those who attended and to their leaders, and who wants no such mail.

-- One form of one booking. What was answered stands beside the booking only: no name, no address. The names follow from the
-- booking, for as long as the link must find what was saved; figures never go there.
create table follow_up_forms (
    form_id bigint generated always as identity primary key,
    booking_id bigint not null references bookings,
    kind text not null,
    days integer not null,
    due_at timestamptz not null,
    asked_at timestamptz not null,
    reminded_at timestamptz,
    saved_at timestamptz,
    answered_at timestamptz,
    overall smallint,
    relevance smallint,
    goals smallint,
    recommends smallint,
    best text,
    better text,
    used text,
    frequency smallint,
    barriers text[] not null default '{}',
    shared text,
    help text,
    constraint follow_up_forms_once unique (booking_id, kind, days),
    constraint follow_up_forms_kind check (case kind
        when 'evaluation' then days = 1
        when 'use' then days in (30, 60, 90)
        when 'leader' then days = 60
        else false
    end),
    constraint follow_up_forms_scales check (
        overall between 1 and 5 and relevance between 1 and 5 and goals between 1 and 5 and recommends between 1 and 5
        and frequency between 1 and 5),
    constraint follow_up_forms_texts check (
        greatest(length(best), length(better), length(used), length(help)) <= 2000),
    constraint follow_up_forms_barriers check (
        barriers <@ array['time', 'opportunity', 'leader', 'colleagues', 'skill', 'not_relevant']),
    constraint follow_up_forms_shared check (shared in ('yes', 'no', 'planned')),
    constraint follow_up_forms_fields check (
        (kind = 'evaluation' or num_nonnulls(overall, relevance, goals, recommends, best, better) = 0)
        and (kind = 'use' or (num_nonnulls(used, shared) = 0 and barriers = '{}'))
        and (kind = 'leader' or help is null)
        and (kind <> 'evaluation' or frequency is null)),
    constraint follow_up_forms_saved check (answered_at is null or saved_at is not null),
    constraint follow_up_forms_complete check (answered_at is null or case kind
        when 'evaluation' then num_nulls(overall, relevance, goals, recommends) = 0
        when 'use' then num_nulls(frequency, shared) = 0
        else frequency is not null
    end)
);

-- Those that may need their one reminder.
create index follow_up_forms_unanswered on follow_up_forms (asked_at) where answered_at is null and reminded_at is null;

-- An address that wants no mail of one kind. Leaders are known by their address alone.
create table follow_up_opt_outs (
    email text not null,
    kind text not null,
    since timestamptz not null,
    primary key (email, kind),
    constraint follow_up_opt_outs_email check (email = lower(email)),
    constraint follow_up_opt_outs_kind check (kind in ('evaluation', 'use', 'leader'))
);

-- Runs by when they ended, and who attended them: what is looked for every ten minutes.
create index runs_ended on runs (ends_at) where status in ('published', 'completed');
create index bookings_attended on bookings (run_id, booking_id) include (person_id) where status = 'attended';

-- The link in such a mail.
alter table links
    add column form_id bigint references follow_up_forms,
    drop constraint links_target,
    drop constraint links_owner,
    add constraint links_owner check (purpose not in ('release.decide', 'department.feed', 'attendance.mark', 'follow_up.answer') or owner_email is not null),
    add constraint links_target check (
        case purpose
            when 'sign_up.confirm' then sign_up_id is not null
                and num_nonnulls(booking_id, entry_id, approval_id, run_id, department_id, person_id, form_id) = 0
            when 'booking.manage' then booking_id is not null
                and num_nonnulls(sign_up_id, entry_id, approval_id, run_id, department_id, person_id, form_id) = 0
            when 'waiting_list.entry' then entry_id is not null
                and num_nonnulls(sign_up_id, booking_id, approval_id, run_id, department_id, person_id, form_id) = 0
            when 'approval.decide' then approval_id is not null
                and num_nonnulls(sign_up_id, booking_id, entry_id, run_id, department_id, person_id, form_id) = 0
            when 'release.decide' then num_nonnulls(run_id, department_id) = 2
                and num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, person_id, form_id) = 0
            when 'department.feed' then department_id is not null
                and num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, run_id, person_id, form_id) = 0
            when 'person.feed' then person_id is not null
                and num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, run_id, department_id, form_id) = 0
            when 'attendance.mark' then run_id is not null
                and num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, department_id, person_id, form_id) = 0
            when 'follow_up.answer' then form_id is not null
                and num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, run_id, department_id, person_id) = 0
            else false
        end);

create index links_form on links (form_id) where form_id is not null;
