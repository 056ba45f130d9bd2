-- What the worker must remember between two attempts at one mail.

-- The sequence of the calendar event in the rendered message, so that what is recorded on acceptance is what left.
alter table outbox add column sequence integer;

-- Set before a message is handed to the mail server, taken back only when the server itself refused it. While it is set,
-- a broken connection or a crash may have hidden an acceptance, so a cancellation may not swallow its invitation.
alter table outbox add column may_have_left boolean not null default false;

-- The nightly clean-up: rendered bytes of mails sent long ago.
create index outbox_sent on outbox (sent_at) where status = 'sent' and message is not null;
