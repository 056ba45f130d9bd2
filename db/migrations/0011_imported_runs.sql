-- What the last import of the plan wrote into a run. The next one changes only what the plan has changed since; what HR has
-- changed on a page meanwhile stays.
create table imported_runs (
    run_id bigint primary key references runs on delete cascade,
    course_id bigint not null references courses,
    session_starts timestamptz[] not null,
    session_ends timestamptz[] not null,
    venue_name text not null,
    venue_address text,
    postal_code text,
    town text,
    latitude numeric(8, 5),
    longitude numeric(8, 5),
    online_link text,
    capacity integer not null,
    external_seats integer not null,
    minimum_participants integer not null,
    sign_up_opens_at timestamptz not null,
    sign_up_closes_at timestamptz not null,
    release_at timestamptz not null,
    cancellation_deadline_at timestamptz not null,
    instructor_email text,
    budget numeric(12, 2),
    constraint imported_runs_sessions check (cardinality(session_starts) = cardinality(session_ends))
);
create index imported_runs_course on imported_runs (course_id);

-- Nobody knows what earlier imports wrote: what is stored now stands for it.
insert into imported_runs
select run_id, course_id,
    array(select sessions.starts_at from sessions where sessions.run_id = runs.run_id and cancelled_at is null order by number),
    array(select sessions.ends_at from sessions where sessions.run_id = runs.run_id and cancelled_at is null order by number),
    venue_name, venue_address, postal_code, town, latitude, longitude, online_link, capacity, external_seats, minimum_participants,
    sign_up_opens_at, sign_up_closes_at, release_at, cancellation_deadline_at, instructor_email, budget
from runs;

-- A published run got another session: whoever booked at that moment may lack its invitation until somebody has looked.
alter table runs add column sessions_added_at timestamptz;
create index runs_sessions_added on runs (sessions_added_at) where sessions_added_at is not null;
