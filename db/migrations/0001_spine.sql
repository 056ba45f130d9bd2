-- The main path: departments, people, courses, runs, seats, bookings, outbox, audit trail.

create table departments (
    department_id bigint generated always as identity primary key,
    code text not null constraint departments_code unique,
    name text not null,
    postal_code text not null,
    town text not null,
    latitude numeric(8, 5),
    longitude numeric(8, 5)
);

-- The agreed weights of one plan year.
create table distribution_keys (
    plan_year integer not null,
    department_id bigint not null references departments,
    weight integer not null constraint distribution_keys_weight check (weight >= 0),
    minimum_seats integer not null default 0 constraint distribution_keys_minimum check (minimum_seats >= 0),
    primary key (plan_year, department_id)
);
create index distribution_keys_department on distribution_keys (department_id);

-- What each department was due and was given so far in a plan year: the carry-over of the distribution key.
-- entitled_numerator / entitled_denominator is the exact sum of the department's shares, in seats.
create table seat_accounts (
    plan_year integer not null,
    department_id bigint not null references departments,
    entitled_numerator numeric not null default 0,
    entitled_denominator numeric not null default 1 constraint seat_accounts_denominator check (entitled_denominator > 0),
    guaranteed_seats integer not null default 0,
    primary key (plan_year, department_id)
);
create index seat_accounts_department on seat_accounts (department_id);

create table department_secretaries (
    department_id bigint not null references departments,
    email text not null,
    primary key (department_id, email)
);
create index department_secretaries_email on department_secretaries (lower(email));

create table role_assignments (
    email text not null,
    role text not null constraint role_assignments_role check (role in ('hr', 'administrator')),
    primary key (email, role)
);

create table people (
    person_id bigint generated always as identity primary key,
    kind text not null constraint people_kind check (kind in ('employee', 'external')),
    employee_number text constraint people_employee_number unique,
    name text not null,
    email text not null,
    department_id bigint references departments,
    position text,
    leader_email text,
    sector text constraint people_sector
        check (sector in ('municipality', 'general_practice', 'somatic_hospital', 'other')),
    workplace text,
    language text not null default 'da' constraint people_language check (language in ('da', 'en')),
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    constraint people_kind_complete check (
        (kind = 'employee' and employee_number is not null and department_id is not null)
        or (kind = 'external' and employee_number is null and department_id is null and sector is not null))
);
create unique index people_email on people (lower(email));
create index people_department on people (department_id, name collate "da-x-icu");
create index people_leader on people (lower(leader_email)) where leader_email is not null;

create table courses (
    course_id bigint generated always as identity primary key,
    code text not null constraint courses_code unique,
    title text not null,
    focus_area text not null constraint courses_focus_area check (focus_area in
        ('assessment', 'substance_use', 'care', 'involvement', 'leadership', 'introduction', 'career')),
    competence_kind text not null constraint courses_competence_kind
        check (competence_kind in ('professional', 'general', 'personal', 'organisational')),
    target_groups text[] not null default '{}',
    audience_explanation text,
    form text not null constraint courses_form check (form in ('onsite', 'online', 'hybrid')),
    variant_of_course_id bigint references courses,
    is_cross_sector boolean not null default false,
    sectors text[] not null default '{}' constraint courses_sectors
        check (sectors <@ array['municipality', 'general_practice', 'somatic_hospital', 'other']),
    summary text not null default '',
    description text not null default '',
    learning_goals text[] not null default '{}',
    method text not null default '',
    has_learning_agreement boolean not null default false,
    valid_months integer constraint courses_valid_months check (valid_months > 0),
    external_price numeric(10, 2) constraint courses_external_price check (external_price >= 0),
    catering text,
    -- "Common or explain": a limited audience needs its reason.
    constraint courses_audience_explained
        check (cardinality(target_groups) = 0 or coalesce(btrim(audience_explanation), '') <> ''),
    constraint courses_variant_online check (variant_of_course_id is null or form = 'online'),
    constraint courses_sectors_cross check (is_cross_sector or cardinality(sectors) = 0)
);
create index courses_variant on courses (variant_of_course_id) where variant_of_course_id is not null;

create table runs (
    run_id bigint generated always as identity primary key,
    code text not null constraint runs_code unique,
    course_id bigint not null references courses,
    -- Calendar year of the first session in the run's own time zone: which distribution key applies.
    plan_year integer not null,
    status text not null default 'draft'
        constraint runs_status check (status in ('draft', 'published', 'cancelled', 'completed')),
    time_zone text not null default 'Europe/Copenhagen',
    -- First session's start and last session's end, kept here because every list sorts and filters by them.
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    venue_name text not null,
    venue_address text,
    postal_code text,
    town text,
    latitude numeric(8, 5),
    longitude numeric(8, 5),
    online_link text,
    capacity integer not null constraint runs_capacity check (capacity > 0),
    external_seats integer not null default 0,
    minimum_participants integer not null default 0 constraint runs_minimum check (minimum_participants >= 0),
    sign_up_opens_at timestamptz not null,
    sign_up_closes_at timestamptz not null,
    release_at timestamptz not null,
    cancellation_deadline_at timestamptz not null,
    instructor_email text,
    budget numeric(12, 2),
    published_at timestamptz,
    released_at timestamptz,
    cancelled_at timestamptz,
    constraint runs_times check (starts_at < ends_at and sign_up_opens_at < sign_up_closes_at
        and sign_up_closes_at <= starts_at and release_at <= starts_at and cancellation_deadline_at <= starts_at),
    constraint runs_external_seats check (external_seats between 0 and capacity)
);
create index runs_course on runs (course_id, starts_at);
create index runs_starts on runs (starts_at);
create index runs_release on runs (release_at) where status = 'published' and released_at is null;
create index runs_instructor on runs (lower(instructor_email));

create table sessions (
    session_id bigint generated always as identity primary key,
    run_id bigint not null references runs,
    number integer not null constraint sessions_number_positive check (number > 0),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    constraint sessions_number unique (run_id, number),
    constraint sessions_times check (starts_at < ends_at)
);

-- How many seats a pool was guaranteed when the run was published, with the arithmetic that led there.
-- carry_... is the department's exact due minus its guaranteed seats before this run, as a fraction of seats.
create table allotments (
    allotment_id bigint generated always as identity primary key,
    run_id bigint not null references runs,
    pool text not null constraint allotments_pool check (pool in ('department', 'external', 'open')),
    department_id bigint references departments,
    seats integer not null constraint allotments_seats check (seats >= 0),
    weight integer,
    total_weight bigint,
    minimum_seats integer,
    shared_seats integer,
    carry_numerator numeric,
    carry_denominator numeric,
    guaranteed_before integer,
    allotted_at timestamptz not null,
    constraint allotments_department check ((pool = 'department') = (department_id is not null))
);
-- More than one row per pool: raised capacity is allotted as its own round.
create index allotments_run on allotments (run_id);
create index allotments_department on allotments (department_id) where department_id is not null;

-- One chair in one run. It belongs to exactly one pool at a time.
create table seats (
    run_id bigint not null references runs,
    number integer not null constraint seats_number_positive check (number > 0),
    pool text not null constraint seats_pool check (pool in ('department', 'external', 'open')),
    department_id bigint references departments,
    -- 'closed' belongs to a cancelled run: closing the seats is what makes a reservation lose that race.
    status text not null default 'free' constraint seats_status check (status in ('free', 'taken', 'closed')),
    primary key (run_id, number),
    constraint seats_department check ((pool = 'department') = (department_id is not null))
) with (fillfactor = 70);
-- Claiming looks only at free seats of one pool, from a random start: protects speed, not correctness.
create index seats_free on seats (run_id, pool, department_id, number) where status = 'free';
create index seats_department on seats (department_id) where department_id is not null;

create table bookings (
    booking_id bigint generated always as identity primary key,
    -- What URLs show: cannot be guessed.
    reference uuid not null default gen_random_uuid() constraint bookings_reference unique,
    run_id bigint not null,
    seat_number integer not null,
    person_id bigint references people,
    -- The department that the seat is taken for; null for external people.
    department_id bigint references departments,
    -- The pool the seat was taken from.
    pool text not null constraint bookings_pool check (pool in ('department', 'external', 'open')),
    status text not null constraint bookings_status
        check (status in ('held', 'booked', 'attended', 'absent', 'cancelled')),
    -- Set for an unconfirmed external sign-up: when the hold lapses.
    held_until timestamptz,
    source text not null constraint bookings_source check (source in ('secretary', 'sign_up')),
    booked_by text not null,
    booked_at timestamptz not null,
    cancelled_by text,
    cancelled_at timestamptz,
    is_late_cancellation boolean not null default false,
    external_price numeric(10, 2),
    ean text constraint bookings_ean check (ean ~ '^[0-9]{13}$'),
    constraint bookings_seat foreign key (run_id, seat_number) references seats (run_id, number),
    constraint bookings_named check (status in ('held', 'cancelled') or person_id is not null),
    constraint bookings_cancelled check ((status = 'cancelled') = (cancelled_at is not null))
);
-- The last word on overselling: a seat has at most one live booking, whatever the code above it does.
create unique index bookings_live_seat on bookings (run_id, seat_number) where status <> 'cancelled';
-- The last word on double booking: a person has at most one live booking on a run.
create unique index bookings_live_person on bookings (run_id, person_id)
    where status <> 'cancelled' and person_id is not null;
create index bookings_person on bookings (person_id) where person_id is not null;
create index bookings_department on bookings (department_id, run_id) where department_id is not null;
create index bookings_held_until on bookings (held_until) where status = 'held' and held_until is not null;

-- An external person's sign-up, as typed; it becomes a person only when the link in the mail is used.
create table sign_ups (
    sign_up_id bigint generated always as identity primary key,
    -- Made with the form: the same form with the same address is one sign-up, however often it is sent.
    reference uuid not null default gen_random_uuid(),
    run_id bigint not null references runs,
    -- The hold. Also an address that needs no seat holds one for its 30 minutes: otherwise the seats left would tell.
    booking_id bigint references bookings,
    name text not null,
    email text not null,
    workplace text not null,
    sector text not null constraint sign_ups_sector
        check (sector in ('municipality', 'general_practice', 'somatic_hospital', 'other')),
    ean text,
    language text not null constraint sign_ups_language check (language in ('da', 'en')),
    -- 'answered': the address has a seat already, or is an employee's; the mail says so.
    status text not null default 'pending'
        constraint sign_ups_status check (status in ('pending', 'confirmed', 'expired', 'answered')),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    confirmed_at timestamptz
);
create unique index sign_ups_form on sign_ups (reference, run_id, lower(email));
create unique index sign_ups_waiting on sign_ups (run_id, lower(email)) where status in ('pending', 'answered');
create index sign_ups_booking on sign_ups (booking_id);
create index sign_ups_expires on sign_ups (expires_at) where status in ('pending', 'answered');

-- Personal links in mails. Only the SHA-256 of the token is kept; using one is a POST, never a GET.
create table links (
    token_hash bytea primary key,
    purpose text not null constraint links_purpose check (purpose in ('sign_up.confirm', 'booking.manage')),
    sign_up_id bigint references sign_ups,
    booking_id bigint references bookings,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint links_target check (num_nonnulls(sign_up_id, booking_id) = 1)
);
create index links_sign_up on links (sign_up_id) where sign_up_id is not null;
create index links_booking on links (booking_id) where booking_id is not null;

-- The calendar event of one booking and one session.
create table invitations (
    booking_id bigint not null references bookings,
    session_id bigint not null references sessions,
    uid uuid not null default gen_random_uuid() constraint invitations_uid unique,
    -- Raised in the transaction that changes start, end, place, link or status; never a clock.
    sequence integer not null default 0,
    status text not null default 'active' constraint invitations_status check (status in ('active', 'cancelled')),
    -- The highest sequence that the mail server has accepted; null while the person knows nothing of the event.
    sent_sequence integer,
    primary key (booking_id, session_id)
);
create index invitations_session on invitations (session_id);

-- The only queue. A row is written in the transaction of the decision that it tells about.
create table outbox (
    outbox_id bigint generated always as identity primary key,
    -- Says what is told, to whom, about what, once: the same key twice is one message.
    key text not null constraint outbox_key unique,
    kind text not null,
    -- Rows of one queue leave in the order of their id, each after the one before was accepted.
    queue text not null,
    run_id bigint,
    booking_id bigint,
    session_id bigint,
    sign_up_id bigint,
    recipient_email text not null,
    recipient_name text not null default '',
    language text not null default 'da',
    payload jsonb not null default '{}',
    status text not null default 'pending'
        constraint outbox_status check (status in ('pending', 'sent', 'dead', 'discarded')),
    attempts integer not null default 0,
    created_at timestamptz not null,
    due_at timestamptz not null,
    leased_by uuid,
    leased_until timestamptz,
    -- The rendered mail, kept from the first attempt: a retry sends the same bytes.
    message bytea,
    last_error text,
    sent_at timestamptz
);
-- What the worker asks for all day: due and pending, oldest first.
create index outbox_due on outbox (due_at, outbox_id) where status = 'pending';
-- Whether something older waits in the same queue.
create index outbox_queue on outbox (queue, outbox_id) where status = 'pending';
create index outbox_booking on outbox (booking_id);

create table audit_entries (
    audit_id bigint generated always as identity primary key,
    at timestamptz not null,
    actor text not null,
    actor_role text not null,
    action text not null,
    run_id bigint,
    booking_id bigint,
    person_id bigint,
    department_id bigint,
    details jsonb not null default '{}'
);
create index audit_entries_run on audit_entries (run_id, audit_id) where run_id is not null;
create index audit_entries_booking on audit_entries (booking_id, audit_id) where booking_id is not null;

-- Append-only: nobody rewrites what happened, not even the application.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'audit_entries is append-only';
end $$;
create trigger audit_entries_append_only before update or delete or truncate on audit_entries
    for each statement execute function refuse_audit_change();

create table data_protection_keys (
    friendly_name text primary key,
    xml text not null
);
