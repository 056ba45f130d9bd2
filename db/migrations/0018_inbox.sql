-- What comes back to the functional mailbox: delivery reports and calendar replies.

-- How far the mailbox was read (IMAP's UIDVALIDITY and UID): moved in the transaction that does what a mail asks for, so each is taken once.
create table inbox_position (
    is_only boolean primary key default true,
    uid_validity bigint not null,
    last_uid bigint not null,
    constraint inbox_position_one check (is_only)
);

-- Reports and replies that could not be used, for administrators. Never what stood in them.
create table inbox_set_aside (
    uid_validity bigint not null,
    uid bigint not null,
    read_at timestamptz not null,
    reason text not null,
    primary key (uid_validity, uid)
);

-- By address, in lower case, and not by person: whoever gets another address has no failed one any more.
create table failed_addresses (
    email text primary key,
    failed_at timestamptz not null,
    status text not null,
    words text not null
);

alter table invitations
    add column reply text,
    add column replied_at timestamptz,
    add constraint invitations_reply check (reply in ('accepted', 'declined', 'tentative')),
    add constraint invitations_replied check ((reply is null) = (replied_at is null));
