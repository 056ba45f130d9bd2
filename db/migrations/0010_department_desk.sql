-- The department desk: who acts through a personal link, and which feeds of a department exist.

-- Whoever got the mail with the link, or made it: what is done by it is done in this name.
alter table links
    add column owner_email text,
    add constraint links_owner check (purpose not in ('release.decide', 'department.feed') or owner_email is not null);
