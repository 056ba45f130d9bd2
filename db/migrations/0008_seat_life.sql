-- A seat's whole life: held seats, waiting lists, offers, approvals, swaps, hand backs.

-- How a run serves its waiting list, and what else it asks for.
alter table runs
    add column waiting_list_mode text not null default 'offer',
    add column offer_working_hours integer not null default 16,
    add column requires_approval boolean not null default false,
    add column cancel_reason text,
    add column minimum_decision text,
    add column minimum_decided_at timestamptz,
    add column minimum_decided_by text,
    add constraint runs_waiting_list_mode check (waiting_list_mode in ('book', 'offer')),
    add constraint runs_offer_working_hours check (offer_working_hours between 1 and 400),
    add constraint runs_minimum_decision check (minimum_decision in ('goes_ahead')),
    add constraint runs_minimum_decided check (num_nulls(minimum_decision, minimum_decided_at, minimum_decided_by) in (0, 3));

-- What a held booking waits for: an external person's confirmation, a name, an answer to an offer, a leader's yes.
alter table bookings add column held_for text, add column replaces_booking_id bigint references bookings;
update bookings set held_for = 'sign_up' where status = 'held';
alter table bookings
    add constraint bookings_held_for check (held_for in ('sign_up', 'name', 'offer', 'approval')),
    add constraint bookings_held check (status <> 'held' or (held_for is not null and held_until is not null)),
    add constraint bookings_held_person check (status <> 'held' or (person_id is null) = (held_for in ('sign_up', 'name')));
create index bookings_replaces on bookings (replaces_booking_id) where replaces_booking_id is not null;

-- One person waiting for a run. entry_id is the order: it is given under the run's lock.
create table waiting_list_entries (
    entry_id bigint generated always as identity primary key,
    reference uuid not null default gen_random_uuid(),
    run_id bigint not null references runs,
    person_id bigint not null references people,
    department_id bigint references departments,
    status text not null default 'waiting',
    joined_at timestamptz not null,
    joined_by text not null,
    source text not null,
    booking_id bigint references bookings,
    offered_at timestamptz,
    offer_expires_at timestamptz,
    ended_at timestamptz,
    external_price numeric(10, 2),
    ean text,
    constraint waiting_list_reference unique (reference),
    constraint waiting_list_status check (status in ('waiting', 'offered', 'accepted', 'declined', 'expired', 'withdrawn')),
    constraint waiting_list_source check (source in ('secretary', 'sign_up')),
    constraint waiting_list_pool check ((source = 'secretary') = (department_id is not null)),
    constraint waiting_list_offer check (status <> 'offered' or (booking_id is not null and offer_expires_at is not null)),
    constraint waiting_list_ended check ((status in ('waiting', 'offered')) = (ended_at is null)),
    constraint waiting_list_ean check (ean ~ '^[0-9]{13}$')
);
create unique index waiting_list_live_person on waiting_list_entries (run_id, person_id) where status in ('waiting', 'offered');
create index waiting_list_order on waiting_list_entries (run_id, entry_id) where status = 'waiting';
create index waiting_list_offers on waiting_list_entries (offer_expires_at) where status = 'offered';
create index waiting_list_department on waiting_list_entries (department_id, run_id) where department_id is not null;
create index waiting_list_person on waiting_list_entries (person_id);
create index waiting_list_booking on waiting_list_entries (booking_id) where booking_id is not null;

-- A leader's yes to one booking, where the run asks for it.
create table approvals (
    approval_id bigint generated always as identity primary key,
    booking_id bigint not null references bookings,
    leader_email text not null,
    status text not null default 'pending',
    asked_at timestamptz not null,
    expires_at timestamptz not null,
    decided_at timestamptz,
    constraint approvals_booking unique (booking_id),
    constraint approvals_status check (status in ('pending', 'approved', 'refused', 'expired', 'void')),
    constraint approvals_decided check ((status = 'pending') = (decided_at is null))
);
create index approvals_pending on approvals (expires_at) where status = 'pending';

-- Guaranteed seats that changed hands after they were allotted. A department's guarantee on a run before its release is
-- what it was allotted, less what left it here, plus what came to it here.
create table seat_transfers (
    transfer_id bigint generated always as identity primary key,
    run_id bigint not null references runs,
    from_department_id bigint not null references departments,
    to_department_id bigint references departments,
    seats integer not null,
    kind text not null,
    at timestamptz not null,
    actor text not null,
    constraint seat_transfers_seats check (seats > 0),
    constraint seat_transfers_kind check (kind in ('hand_back', 'swap')),
    constraint seat_transfers_target check ((kind = 'swap') = (to_department_id is not null)),
    constraint seat_transfers_other check (from_department_id is distinct from to_department_id)
);
create index seat_transfers_run on seat_transfers (run_id);
create index seat_transfers_from on seat_transfers (from_department_id);
create index seat_transfers_to on seat_transfers (to_department_id) where to_department_id is not null;

-- One department's proposal to another: so many unused guaranteed seats of one run for so many of another, or for nothing.
create table seat_swaps (
    swap_id bigint generated always as identity primary key,
    reference uuid not null default gen_random_uuid(),
    from_department_id bigint not null references departments,
    to_department_id bigint not null references departments,
    offered_run_id bigint not null references runs,
    offered_seats integer not null,
    wanted_run_id bigint references runs,
    wanted_seats integer not null default 0,
    status text not null default 'proposed',
    proposed_by text not null,
    proposed_at timestamptz not null,
    expires_at timestamptz not null,
    decided_by text,
    decided_at timestamptz,
    constraint seat_swaps_reference unique (reference),
    constraint seat_swaps_status check (status in ('proposed', 'accepted', 'declined', 'withdrawn', 'expired')),
    constraint seat_swaps_departments check (from_department_id <> to_department_id),
    constraint seat_swaps_offered check (offered_seats > 0),
    constraint seat_swaps_wanted check (wanted_seats >= 0 and (wanted_seats = 0) = (wanted_run_id is null)),
    constraint seat_swaps_decided check ((status = 'proposed') = (decided_at is null))
);
create index seat_swaps_from on seat_swaps (from_department_id, status);
create index seat_swaps_to on seat_swaps (to_department_id, status);
create index seat_swaps_offered_run on seat_swaps (offered_run_id) where status = 'proposed';
create index seat_swaps_wanted_run on seat_swaps (wanted_run_id) where status = 'proposed';
create index seat_swaps_expires on seat_swaps (expires_at) where status = 'proposed';

-- Personal links lead to more than a sign-up or a booking now.
alter table links
    add column entry_id bigint references waiting_list_entries,
    add column approval_id bigint references approvals,
    add column run_id bigint references runs,
    add column department_id bigint references departments,
    add column revoked_at timestamptz,
    drop constraint links_purpose,
    drop constraint links_target,
    add constraint links_target check (case purpose
        when 'sign_up.confirm' then sign_up_id is not null and num_nonnulls(booking_id, entry_id, approval_id, run_id, department_id) = 0
        when 'booking.manage' then booking_id is not null and num_nonnulls(sign_up_id, entry_id, approval_id, run_id, department_id) = 0
        when 'waiting_list.entry' then entry_id is not null and num_nonnulls(sign_up_id, booking_id, approval_id, run_id, department_id) = 0
        when 'approval.decide' then approval_id is not null and num_nonnulls(sign_up_id, booking_id, entry_id, run_id, department_id) = 0
        when 'release.decide' then num_nonnulls(run_id, department_id) = 2 and num_nonnulls(sign_up_id, booking_id, entry_id, approval_id) = 0
        when 'department.feed' then department_id is not null and num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, run_id) = 0
        else false
    end);
create index links_entry on links (entry_id) where entry_id is not null;
create index links_approval on links (approval_id) where approval_id is not null;
create index links_run on links (run_id) where run_id is not null;
create index links_department on links (department_id) where department_id is not null;

-- A sign-up on a full run asks for a place on its waiting list instead of a seat.
alter table sign_ups add column is_for_waiting_list boolean not null default false;
