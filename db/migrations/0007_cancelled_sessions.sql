-- A session that a changed plan drops stays here when calendars know it: the mails that take it out again are made from its
-- row, perhaps a day later. It has no number, so that the run's live sessions are numbered 1, 2, 3 without it.
alter table sessions
    add column cancelled_at timestamptz,
    alter column number drop not null,
    add constraint sessions_numbered check ((cancelled_at is null) = (number is not null)),
    -- Checked at the end of each statement: renumbering moves several sessions at once.
    drop constraint sessions_number,
    add constraint sessions_number unique (run_id, number) deferrable initially immediate;
