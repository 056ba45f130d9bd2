-- Everybody's own courses as a calendar that other programs fetch.
alter table links
    add column person_id bigint references people,
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
            else false
        end);

create index links_person on links (person_id) where person_id is not null;
