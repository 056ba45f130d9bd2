-- The mail queue as administrators look into it and steer it, and what became of each schedule.

-- Every attempt at a mail, with the server's own words. One that never ended belongs to a worker that died.
create table outbox_attempts (
    attempt_id bigint generated always as identity primary key,
    outbox_id bigint not null references outbox,
    began_at timestamptz not null,
    ended_at timestamptz,
    outcome text constraint outbox_attempts_outcome
        check (outcome in ('accepted', 'refused', 'try_again', 'unclear', 'discarded')),
    words text
);

create index outbox_attempts_outbox on outbox_attempts (outbox_id, attempt_id);

-- All mail of one person, for the queue's search.
create index outbox_recipient on outbox (lower(recipient_email), outbox_id);

-- Those that were given up, for the queue's page and its count.
create index outbox_dead on outbox (outbox_id) where status = 'dead';

-- One row, which all workers share: whether mail is paused, and how many mails were taken up in which minute.
create table mail_control (
    control_id boolean primary key default true constraint mail_control_single check (control_id),
    paused_at timestamptz,
    paused_by text,
    minute timestamptz,
    taken integer not null default 0
);

insert into mail_control default values;

-- The latest run of each schedule, whichever node and engine ran it.
create table schedule_runs (
    name text primary key,
    began_at timestamptz not null,
    ended_at timestamptz,
    node text not null,
    error text,
    failed_at timestamptz
);
