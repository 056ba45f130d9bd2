-- What the migrations make, for reading. Written by db/dump-schema.

CREATE FUNCTION public.courses_refresh_search() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    perform refresh_course_search(array(select course_id from changed));
    return null;
end $$;

CREATE FUNCTION public.refresh_course_search(ids bigint[]) RETURNS void
    LANGUAGE sql
    AS $$
    insert into course_search (course_id, document)
    select courses.course_id,
        setweight(search_vector(courses.title || ' ' || courses.code), 'A')
        || setweight(search_vector(concat_ws(' ', courses.summary, case courses.focus_area
            when 'assessment' then 'Udredning, diagnostik og behandling'
            when 'substance_use' then 'Rusmiddelbehandling og dobbeltdiagnose'
            when 'care' then 'Det gode pleje- og behandlingsforløb'
            when 'involvement' then 'Patient- og pårørendeinvolvering'
            when 'leadership' then 'Ledelsesudvikling'
            when 'introduction' then 'Introduktionsforløb for nyansatte medarbejdere og ledere'
            when 'career' then 'Karriere- og udviklingsmuligheder gennem hele ansættelsen'
        end)), 'B')
        || setweight(search_vector(array_to_string(courses.learning_goals, ' ')), 'C')
        || setweight(search_vector(courses.description), 'D')
        || setweight(search_vector(coalesce(towns.names, '')), 'B')
    from courses
    left join lateral (
        select string_agg(distinct runs.town, ' ') as names
        from runs
        where runs.course_id = courses.course_id and runs.status <> 'cancelled') as towns on true
    where courses.course_id = any(ids)
    order by courses.course_id
    on conflict (course_id) do update set document = excluded.document
    where course_search.document is distinct from excluded.document;
$$;

CREATE FUNCTION public.refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception 'audit_entries is append-only';
end $$;

CREATE FUNCTION public.runs_refresh_search() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    perform refresh_course_search(array(
        select unnest(array[after.course_id, before.course_id])
        from changed after
        join replaced before on before.run_id = after.run_id
        where (after.town, after.status, after.course_id) is distinct from (before.town, before.status, before.course_id)));
    return null;
end $$;

CREATE FUNCTION public.search_text(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(replace(replace(replace(replace(replace(translate(lower((value COLLATE "da-x-icu")), 'éèêëáàâíìîóòôúùûüñç'::text, 'eeeeaaaiiiooouuuunc'::text), 'æ'::text, 'ae'::text), 'ä'::text, 'ae'::text), 'ø'::text, 'oe'::text), 'ö'::text, 'oe'::text), 'å'::text, 'aa'::text), ('[^[:alnum:]]+'::text COLLATE "da-x-icu"), ' '::text, 'g'::text);

CREATE FUNCTION public.search_query(value text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT (string_agg(format('(%s | %s)'::text, to_tsquery('danish'::regconfig, (word.word || ':*'::text)), to_tsquery('simple'::regconfig, (word.word || ':*'::text))), ' & '::text))::tsquery AS string_agg FROM regexp_split_to_table(lower((search_query.value COLLATE "da-x-icu")), ('[^[:alnum:]]+'::text COLLATE "da-x-icu")) typed(typed), LATERAL btrim(public.search_text(typed.typed)) word(word) WHERE ((word.word <> ''::text) AND (length(to_tsvector('danish'::regconfig, typed.typed)) > 0) AND (numnode(to_tsquery('danish'::regconfig, (word.word || ':*'::text))) > 0)));

CREATE FUNCTION public.search_vector(value text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (to_tsvector('danish'::regconfig, public.search_text(value)) || to_tsvector('simple'::regconfig, public.search_text(value)));

CREATE TABLE public.allotments (
    allotment_id bigint NOT NULL,
    run_id bigint NOT NULL,
    pool text NOT NULL,
    department_id bigint,
    seats integer NOT NULL,
    weight integer,
    total_weight bigint,
    minimum_seats integer,
    shared_seats integer,
    carry_numerator numeric,
    carry_denominator numeric,
    guaranteed_before integer,
    allotted_at timestamp with time zone NOT NULL,
    CONSTRAINT allotments_department CHECK (((pool = 'department'::text) = (department_id IS NOT NULL))),
    CONSTRAINT allotments_pool CHECK ((pool = ANY (ARRAY['department'::text, 'external'::text, 'open'::text]))),
    CONSTRAINT allotments_seats CHECK ((seats >= 0))
);

ALTER TABLE public.allotments ALTER COLUMN allotment_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.allotments_allotment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.approvals (
    approval_id bigint NOT NULL,
    booking_id bigint NOT NULL,
    leader_email text NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    CONSTRAINT approvals_decided CHECK (((status = 'pending'::text) = (decided_at IS NULL))),
    CONSTRAINT approvals_status CHECK ((status = ANY (ARRAY['pending'::text, 'approved'::text, 'refused'::text, 'expired'::text, 'void'::text])))
);

ALTER TABLE public.approvals ALTER COLUMN approval_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.approvals_approval_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.outbox (
    outbox_id bigint NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    queue text NOT NULL,
    run_id bigint,
    booking_id bigint,
    session_id bigint,
    sign_up_id bigint,
    recipient_email text NOT NULL,
    recipient_name text DEFAULT ''::text NOT NULL,
    language text DEFAULT 'da'::text NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    leased_by uuid,
    leased_until timestamp with time zone,
    message bytea,
    last_error text,
    sent_at timestamp with time zone,
    sequence integer,
    may_have_left boolean DEFAULT false NOT NULL,
    CONSTRAINT outbox_status CHECK ((status = ANY (ARRAY['pending'::text, 'sent'::text, 'dead'::text, 'discarded'::text])))
);

CREATE TABLE public.runs (
    run_id bigint NOT NULL,
    code text NOT NULL,
    course_id bigint NOT NULL,
    plan_year integer NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    time_zone text DEFAULT 'Europe/Copenhagen'::text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    venue_name text NOT NULL,
    venue_address text,
    postal_code text,
    town text,
    latitude numeric(8,5),
    longitude numeric(8,5),
    online_link text,
    capacity integer NOT NULL,
    external_seats integer DEFAULT 0 NOT NULL,
    minimum_participants integer DEFAULT 0 NOT NULL,
    sign_up_opens_at timestamp with time zone NOT NULL,
    sign_up_closes_at timestamp with time zone NOT NULL,
    release_at timestamp with time zone NOT NULL,
    cancellation_deadline_at timestamp with time zone NOT NULL,
    instructor_email text,
    budget numeric(12,2),
    published_at timestamp with time zone,
    released_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    starts_month date GENERATED ALWAYS AS ((date_trunc('month'::text, (starts_at AT TIME ZONE time_zone)))::date) STORED NOT NULL,
    waiting_list_mode text DEFAULT 'offer'::text NOT NULL,
    offer_working_hours integer DEFAULT 16 NOT NULL,
    requires_approval boolean DEFAULT false NOT NULL,
    cancel_reason text,
    minimum_decision text,
    minimum_decided_at timestamp with time zone,
    minimum_decided_by text,
    sessions_added_at timestamp with time zone,
    attendance_settled_at timestamp with time zone,
    attendance_assumed boolean DEFAULT false NOT NULL,
    CONSTRAINT runs_attendance_assumed CHECK (((NOT attendance_assumed) OR (attendance_settled_at IS NOT NULL))),
    CONSTRAINT runs_capacity CHECK ((capacity > 0)),
    CONSTRAINT runs_external_seats CHECK (((external_seats >= 0) AND (external_seats <= capacity))),
    CONSTRAINT runs_minimum CHECK ((minimum_participants >= 0)),
    CONSTRAINT runs_minimum_decided CHECK ((num_nulls(minimum_decision, minimum_decided_at, minimum_decided_by) = ANY (ARRAY[0, 3]))),
    CONSTRAINT runs_minimum_decision CHECK ((minimum_decision = 'goes_ahead'::text)),
    CONSTRAINT runs_offer_working_hours CHECK (((offer_working_hours >= 1) AND (offer_working_hours <= 400))),
    CONSTRAINT runs_status CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text, 'cancelled'::text, 'completed'::text]))),
    CONSTRAINT runs_times CHECK (((starts_at < ends_at) AND (sign_up_opens_at < sign_up_closes_at) AND (sign_up_closes_at <= starts_at) AND (release_at <= starts_at) AND (cancellation_deadline_at <= starts_at))),
    CONSTRAINT runs_waiting_list_mode CHECK ((waiting_list_mode = ANY (ARRAY['book'::text, 'offer'::text])))
);

CREATE VIEW public.attendance_deadlines AS
 SELECT run.run_id,
    run.ends_at,
    run.instructor,
        CASE
            WHEN (first.outbox_id IS NULL) THEN 1
            WHEN (second.outbox_id IS NULL) THEN 2
            ELSE NULL::integer
        END AS next_ask,
    ((
        CASE
            WHEN (first.outbox_id IS NULL) THEN (run.ends_on + 1)
            ELSE GREATEST((run.ends_on + 3), (((first.created_at AT TIME ZONE run.time_zone))::date + 2))
        END + '08:00:00'::time without time zone) AT TIME ZONE run.time_zone) AS ask_due_at,
    concat_ws('/'::text, 'attendance.asked', run.run_id, run.ends_on,
        CASE
            WHEN (first.outbox_id IS NULL) THEN 1
            ELSE 2
        END) AS ask_key,
        CASE
            WHEN (run.instructor IS NULL) THEN (((run.ends_on + 5) + '08:00:00'::time without time zone) AT TIME ZONE run.time_zone)
            WHEN (second.outbox_id IS NULL) THEN (run.ends_at + '14 days'::interval)
            ELSE ((GREATEST((run.ends_on + 5), (((second.created_at AT TIME ZONE run.time_zone))::date + 2)) + '08:00:00'::time without time zone) AT TIME ZONE run.time_zone)
        END AS settle_due_at
   FROM ((( SELECT runs.run_id,
            runs.ends_at,
            runs.time_zone,
            NULLIF(btrim(runs.instructor_email), ''::text) AS instructor,
            ((runs.ends_at AT TIME ZONE runs.time_zone))::date AS ends_on
           FROM public.runs
          WHERE ((runs.status = 'published'::text) AND (runs.attendance_settled_at IS NULL))) run
     LEFT JOIN public.outbox first ON ((first.key = concat_ws('/'::text, 'attendance.asked', run.run_id, run.ends_on, 1))))
     LEFT JOIN public.outbox second ON ((second.key = concat_ws('/'::text, 'attendance.asked', run.run_id, run.ends_on, 2))));

CREATE TABLE public.attendance_marks (
    booking_id bigint NOT NULL,
    session_id bigint NOT NULL,
    is_present boolean NOT NULL,
    marked_at timestamp with time zone NOT NULL,
    marked_by text NOT NULL
);

CREATE TABLE public.audit_entries (
    audit_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    actor_role text NOT NULL,
    action text NOT NULL,
    run_id bigint,
    booking_id bigint,
    person_id bigint,
    department_id bigint,
    details jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE public.audit_entries ALTER COLUMN audit_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_entries_audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bookings (
    booking_id bigint NOT NULL,
    reference uuid DEFAULT gen_random_uuid() NOT NULL,
    run_id bigint NOT NULL,
    seat_number integer NOT NULL,
    person_id bigint,
    department_id bigint,
    pool text NOT NULL,
    status text NOT NULL,
    held_until timestamp with time zone,
    source text NOT NULL,
    booked_by text NOT NULL,
    booked_at timestamp with time zone NOT NULL,
    cancelled_by text,
    cancelled_at timestamp with time zone,
    is_late_cancellation boolean DEFAULT false NOT NULL,
    external_price numeric(10,2),
    ean text,
    held_for text,
    replaces_booking_id bigint,
    CONSTRAINT bookings_cancelled CHECK (((status = 'cancelled'::text) = (cancelled_at IS NOT NULL))),
    CONSTRAINT bookings_ean CHECK ((ean ~ '^[0-9]{13}$'::text)),
    CONSTRAINT bookings_held CHECK (((status <> 'held'::text) OR ((held_for IS NOT NULL) AND (held_until IS NOT NULL)))),
    CONSTRAINT bookings_held_for CHECK ((held_for = ANY (ARRAY['sign_up'::text, 'name'::text, 'offer'::text, 'approval'::text]))),
    CONSTRAINT bookings_held_person CHECK (((status <> 'held'::text) OR ((person_id IS NULL) = (held_for = ANY (ARRAY['sign_up'::text, 'name'::text]))))),
    CONSTRAINT bookings_named CHECK (((status = ANY (ARRAY['held'::text, 'cancelled'::text])) OR (person_id IS NOT NULL))),
    CONSTRAINT bookings_pool CHECK ((pool = ANY (ARRAY['department'::text, 'external'::text, 'open'::text]))),
    CONSTRAINT bookings_source CHECK ((source = ANY (ARRAY['secretary'::text, 'sign_up'::text]))),
    CONSTRAINT bookings_status CHECK ((status = ANY (ARRAY['held'::text, 'booked'::text, 'attended'::text, 'absent'::text, 'cancelled'::text])))
);

ALTER TABLE public.bookings ALTER COLUMN booking_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bookings_booking_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.course_search (
    course_id bigint NOT NULL,
    document tsvector NOT NULL
);

CREATE TABLE public.courses (
    course_id bigint NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    focus_area text NOT NULL,
    competence_kind text NOT NULL,
    target_groups text[] DEFAULT '{}'::text[] NOT NULL,
    audience_explanation text,
    form text NOT NULL,
    variant_of_course_id bigint,
    is_cross_sector boolean DEFAULT false NOT NULL,
    sectors text[] DEFAULT '{}'::text[] NOT NULL,
    summary text DEFAULT ''::text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    learning_goals text[] DEFAULT '{}'::text[] NOT NULL,
    method text DEFAULT ''::text NOT NULL,
    has_learning_agreement boolean DEFAULT false NOT NULL,
    valid_months integer,
    external_price numeric(10,2),
    catering text,
    CONSTRAINT courses_audience_explained CHECK (((cardinality(target_groups) = 0) OR (COALESCE(btrim(audience_explanation), ''::text) <> ''::text))),
    CONSTRAINT courses_competence_kind CHECK ((competence_kind = ANY (ARRAY['professional'::text, 'general'::text, 'personal'::text, 'organisational'::text]))),
    CONSTRAINT courses_external_price CHECK ((external_price >= (0)::numeric)),
    CONSTRAINT courses_focus_area CHECK ((focus_area = ANY (ARRAY['assessment'::text, 'substance_use'::text, 'care'::text, 'involvement'::text, 'leadership'::text, 'introduction'::text, 'career'::text]))),
    CONSTRAINT courses_form CHECK ((form = ANY (ARRAY['onsite'::text, 'online'::text, 'hybrid'::text]))),
    CONSTRAINT courses_sectors CHECK ((sectors <@ ARRAY['municipality'::text, 'general_practice'::text, 'somatic_hospital'::text, 'other'::text])),
    CONSTRAINT courses_sectors_cross CHECK ((is_cross_sector OR (cardinality(sectors) = 0))),
    CONSTRAINT courses_valid_months CHECK ((valid_months > 0)),
    CONSTRAINT courses_variant_online CHECK (((variant_of_course_id IS NULL) OR (form = 'online'::text)))
);

ALTER TABLE public.courses ALTER COLUMN course_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.courses_course_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.data_protection_keys (
    friendly_name text NOT NULL,
    xml text NOT NULL
);

CREATE TABLE public.department_secretaries (
    department_id bigint NOT NULL,
    email text NOT NULL
);

CREATE TABLE public.departments (
    department_id bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    postal_code text NOT NULL,
    town text NOT NULL,
    latitude numeric(8,5),
    longitude numeric(8,5)
);

ALTER TABLE public.departments ALTER COLUMN department_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.departments_department_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.distribution_keys (
    plan_year integer NOT NULL,
    department_id bigint NOT NULL,
    weight integer NOT NULL,
    minimum_seats integer DEFAULT 0 NOT NULL,
    CONSTRAINT distribution_keys_minimum CHECK ((minimum_seats >= 0)),
    CONSTRAINT distribution_keys_weight CHECK ((weight >= 0))
);

CREATE TABLE public.failed_addresses (
    email text NOT NULL,
    failed_at timestamp with time zone NOT NULL,
    status text NOT NULL,
    words text NOT NULL
);

CREATE TABLE public.follow_up_forms (
    form_id bigint NOT NULL,
    booking_id bigint NOT NULL,
    kind text NOT NULL,
    days integer NOT NULL,
    due_at timestamp with time zone NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    reminded_at timestamp with time zone,
    saved_at timestamp with time zone,
    answered_at timestamp with time zone,
    overall smallint,
    relevance smallint,
    goals smallint,
    recommends smallint,
    best text,
    better text,
    used text,
    frequency smallint,
    barriers text[] DEFAULT '{}'::text[] NOT NULL,
    shared text,
    help text,
    CONSTRAINT follow_up_forms_barriers CHECK ((barriers <@ ARRAY['time'::text, 'opportunity'::text, 'leader'::text, 'colleagues'::text, 'skill'::text, 'not_relevant'::text])),
    CONSTRAINT follow_up_forms_complete CHECK (((answered_at IS NULL) OR
CASE kind
    WHEN 'evaluation'::text THEN (num_nulls(overall, relevance, goals, recommends) = 0)
    WHEN 'use'::text THEN (num_nulls(frequency, shared) = 0)
    ELSE (frequency IS NOT NULL)
END)),
    CONSTRAINT follow_up_forms_fields CHECK ((((kind = 'evaluation'::text) OR (num_nonnulls(overall, relevance, goals, recommends, best, better) = 0)) AND ((kind = 'use'::text) OR ((num_nonnulls(used, shared) = 0) AND (barriers = '{}'::text[]))) AND ((kind = 'leader'::text) OR (help IS NULL)) AND ((kind <> 'evaluation'::text) OR (frequency IS NULL)))),
    CONSTRAINT follow_up_forms_kind CHECK (
CASE kind
    WHEN 'evaluation'::text THEN (days = 1)
    WHEN 'use'::text THEN (days = ANY (ARRAY[30, 60, 90]))
    WHEN 'leader'::text THEN (days = 60)
    ELSE false
END),
    CONSTRAINT follow_up_forms_saved CHECK (((answered_at IS NULL) OR (saved_at IS NOT NULL))),
    CONSTRAINT follow_up_forms_scales CHECK ((((overall >= 1) AND (overall <= 5)) AND ((relevance >= 1) AND (relevance <= 5)) AND ((goals >= 1) AND (goals <= 5)) AND ((recommends >= 1) AND (recommends <= 5)) AND ((frequency >= 1) AND (frequency <= 5)))),
    CONSTRAINT follow_up_forms_shared CHECK ((shared = ANY (ARRAY['yes'::text, 'no'::text, 'planned'::text]))),
    CONSTRAINT follow_up_forms_texts CHECK ((GREATEST(length(best), length(better), length(used), length(help)) <= 2000))
);

ALTER TABLE public.follow_up_forms ALTER COLUMN form_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.follow_up_forms_form_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.follow_up_opt_outs (
    email text NOT NULL,
    kind text NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT follow_up_opt_outs_email CHECK ((email = lower(email))),
    CONSTRAINT follow_up_opt_outs_kind CHECK ((kind = ANY (ARRAY['evaluation'::text, 'use'::text, 'leader'::text])))
);

CREATE TABLE public.imported_runs (
    run_id bigint NOT NULL,
    course_id bigint NOT NULL,
    session_starts timestamp with time zone[] NOT NULL,
    session_ends timestamp with time zone[] NOT NULL,
    venue_name text NOT NULL,
    venue_address text,
    postal_code text,
    town text,
    latitude numeric(8,5),
    longitude numeric(8,5),
    online_link text,
    capacity integer NOT NULL,
    external_seats integer NOT NULL,
    minimum_participants integer NOT NULL,
    sign_up_opens_at timestamp with time zone NOT NULL,
    sign_up_closes_at timestamp with time zone NOT NULL,
    release_at timestamp with time zone NOT NULL,
    cancellation_deadline_at timestamp with time zone NOT NULL,
    instructor_email text,
    budget numeric(12,2),
    CONSTRAINT imported_runs_sessions CHECK ((cardinality(session_starts) = cardinality(session_ends)))
);

CREATE TABLE public.inbox_position (
    is_only boolean DEFAULT true NOT NULL,
    uid_validity bigint NOT NULL,
    last_uid bigint NOT NULL,
    CONSTRAINT inbox_position_one CHECK (is_only)
);

CREATE TABLE public.inbox_set_aside (
    uid_validity bigint NOT NULL,
    uid bigint NOT NULL,
    read_at timestamp with time zone NOT NULL,
    reason text NOT NULL
);

CREATE TABLE public.invitations (
    booking_id bigint NOT NULL,
    session_id bigint NOT NULL,
    uid uuid DEFAULT gen_random_uuid() NOT NULL,
    sequence integer DEFAULT 0 NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    sent_sequence integer,
    reply text,
    replied_at timestamp with time zone,
    CONSTRAINT invitations_replied CHECK (((reply IS NULL) = (replied_at IS NULL))),
    CONSTRAINT invitations_reply CHECK ((reply = ANY (ARRAY['accepted'::text, 'declined'::text, 'tentative'::text]))),
    CONSTRAINT invitations_status CHECK ((status = ANY (ARRAY['active'::text, 'cancelled'::text])))
);

CREATE TABLE public.links (
    token_hash bytea NOT NULL,
    purpose text NOT NULL,
    sign_up_id bigint,
    booking_id bigint,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    entry_id bigint,
    approval_id bigint,
    run_id bigint,
    department_id bigint,
    revoked_at timestamp with time zone,
    owner_email text,
    person_id bigint,
    form_id bigint,
    CONSTRAINT links_owner CHECK (((purpose <> ALL (ARRAY['release.decide'::text, 'department.feed'::text, 'attendance.mark'::text, 'follow_up.answer'::text])) OR (owner_email IS NOT NULL))),
    CONSTRAINT links_target CHECK (
CASE purpose
    WHEN 'sign_up.confirm'::text THEN ((sign_up_id IS NOT NULL) AND (num_nonnulls(booking_id, entry_id, approval_id, run_id, department_id, person_id, form_id) = 0))
    WHEN 'booking.manage'::text THEN ((booking_id IS NOT NULL) AND (num_nonnulls(sign_up_id, entry_id, approval_id, run_id, department_id, person_id, form_id) = 0))
    WHEN 'waiting_list.entry'::text THEN ((entry_id IS NOT NULL) AND (num_nonnulls(sign_up_id, booking_id, approval_id, run_id, department_id, person_id, form_id) = 0))
    WHEN 'approval.decide'::text THEN ((approval_id IS NOT NULL) AND (num_nonnulls(sign_up_id, booking_id, entry_id, run_id, department_id, person_id, form_id) = 0))
    WHEN 'release.decide'::text THEN ((num_nonnulls(run_id, department_id) = 2) AND (num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, person_id, form_id) = 0))
    WHEN 'department.feed'::text THEN ((department_id IS NOT NULL) AND (num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, run_id, person_id, form_id) = 0))
    WHEN 'person.feed'::text THEN ((person_id IS NOT NULL) AND (num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, run_id, department_id, form_id) = 0))
    WHEN 'attendance.mark'::text THEN ((run_id IS NOT NULL) AND (num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, department_id, person_id, form_id) = 0))
    WHEN 'follow_up.answer'::text THEN ((form_id IS NOT NULL) AND (num_nonnulls(sign_up_id, booking_id, entry_id, approval_id, run_id, department_id, person_id) = 0))
    ELSE false
END)
);

CREATE TABLE public.mail_control (
    control_id boolean DEFAULT true NOT NULL,
    paused_at timestamp with time zone,
    paused_by text,
    minute timestamp with time zone,
    taken integer DEFAULT 0 NOT NULL,
    CONSTRAINT mail_control_single CHECK (control_id)
);

CREATE TABLE public.outbox_attempts (
    attempt_id bigint NOT NULL,
    outbox_id bigint NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    outcome text,
    words text,
    CONSTRAINT outbox_attempts_outcome CHECK ((outcome = ANY (ARRAY['accepted'::text, 'refused'::text, 'try_again'::text, 'unclear'::text, 'discarded'::text])))
);

ALTER TABLE public.outbox_attempts ALTER COLUMN attempt_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_attempts_attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.outbox ALTER COLUMN outbox_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.people (
    person_id bigint NOT NULL,
    kind text NOT NULL,
    employee_number text,
    name text NOT NULL,
    email text NOT NULL,
    department_id bigint,
    "position" text,
    leader_email text,
    sector text,
    workplace text,
    language text DEFAULT 'da'::text NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT people_kind CHECK ((kind = ANY (ARRAY['employee'::text, 'external'::text]))),
    CONSTRAINT people_kind_complete CHECK ((((kind = 'employee'::text) AND (employee_number IS NOT NULL) AND (department_id IS NOT NULL)) OR ((kind = 'external'::text) AND (employee_number IS NULL) AND (department_id IS NULL) AND (sector IS NOT NULL)))),
    CONSTRAINT people_language CHECK ((language = ANY (ARRAY['da'::text, 'en'::text]))),
    CONSTRAINT people_sector CHECK ((sector = ANY (ARRAY['municipality'::text, 'general_practice'::text, 'somatic_hospital'::text, 'other'::text])))
);

ALTER TABLE public.people ALTER COLUMN person_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.people_person_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.role_assignments (
    email text NOT NULL,
    role text NOT NULL,
    CONSTRAINT role_assignments_role CHECK ((role = ANY (ARRAY['hr'::text, 'administrator'::text])))
);

ALTER TABLE public.runs ALTER COLUMN run_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.runs_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.schedule_runs (
    name text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    node text NOT NULL,
    error text,
    failed_at timestamp with time zone
);

CREATE TABLE public.seat_accounts (
    plan_year integer NOT NULL,
    department_id bigint NOT NULL,
    entitled_numerator numeric DEFAULT 0 NOT NULL,
    entitled_denominator numeric DEFAULT 1 NOT NULL,
    guaranteed_seats integer DEFAULT 0 NOT NULL,
    CONSTRAINT seat_accounts_denominator CHECK ((entitled_denominator > (0)::numeric))
);

CREATE TABLE public.seat_swaps (
    swap_id bigint NOT NULL,
    reference uuid DEFAULT gen_random_uuid() NOT NULL,
    from_department_id bigint NOT NULL,
    to_department_id bigint NOT NULL,
    offered_run_id bigint NOT NULL,
    offered_seats integer NOT NULL,
    wanted_run_id bigint,
    wanted_seats integer DEFAULT 0 NOT NULL,
    status text DEFAULT 'proposed'::text NOT NULL,
    proposed_by text NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    decided_by text,
    decided_at timestamp with time zone,
    CONSTRAINT seat_swaps_decided CHECK (((status = 'proposed'::text) = (decided_at IS NULL))),
    CONSTRAINT seat_swaps_departments CHECK ((from_department_id <> to_department_id)),
    CONSTRAINT seat_swaps_offered CHECK ((offered_seats > 0)),
    CONSTRAINT seat_swaps_status CHECK ((status = ANY (ARRAY['proposed'::text, 'accepted'::text, 'declined'::text, 'withdrawn'::text, 'expired'::text]))),
    CONSTRAINT seat_swaps_wanted CHECK (((wanted_seats >= 0) AND ((wanted_seats = 0) = (wanted_run_id IS NULL))))
);

ALTER TABLE public.seat_swaps ALTER COLUMN swap_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.seat_swaps_swap_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.seat_transfers (
    transfer_id bigint NOT NULL,
    run_id bigint NOT NULL,
    from_department_id bigint NOT NULL,
    to_department_id bigint,
    seats integer NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    CONSTRAINT seat_transfers_kind CHECK ((kind = ANY (ARRAY['hand_back'::text, 'swap'::text]))),
    CONSTRAINT seat_transfers_other CHECK ((from_department_id IS DISTINCT FROM to_department_id)),
    CONSTRAINT seat_transfers_seats CHECK ((seats > 0)),
    CONSTRAINT seat_transfers_target CHECK (((kind = 'swap'::text) = (to_department_id IS NOT NULL)))
);

ALTER TABLE public.seat_transfers ALTER COLUMN transfer_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.seat_transfers_transfer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.seats (
    run_id bigint NOT NULL,
    number integer NOT NULL,
    pool text NOT NULL,
    department_id bigint,
    status text DEFAULT 'free'::text NOT NULL,
    CONSTRAINT seats_department CHECK (((pool = 'department'::text) = (department_id IS NOT NULL))),
    CONSTRAINT seats_number_positive CHECK ((number > 0)),
    CONSTRAINT seats_pool CHECK ((pool = ANY (ARRAY['department'::text, 'external'::text, 'open'::text]))),
    CONSTRAINT seats_status CHECK ((status = ANY (ARRAY['free'::text, 'taken'::text, 'closed'::text])))
)
WITH (fillfactor='70');

CREATE TABLE public.sessions (
    session_id bigint NOT NULL,
    run_id bigint NOT NULL,
    number integer,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    cancelled_at timestamp with time zone,
    CONSTRAINT sessions_number_positive CHECK ((number > 0)),
    CONSTRAINT sessions_numbered CHECK (((cancelled_at IS NULL) = (number IS NOT NULL))),
    CONSTRAINT sessions_times CHECK ((starts_at < ends_at))
);

ALTER TABLE public.sessions ALTER COLUMN session_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sessions_session_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sign_ups (
    sign_up_id bigint NOT NULL,
    reference uuid DEFAULT gen_random_uuid() NOT NULL,
    run_id bigint NOT NULL,
    booking_id bigint,
    name text NOT NULL,
    email text NOT NULL,
    workplace text NOT NULL,
    sector text NOT NULL,
    ean text,
    language text NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    is_for_waiting_list boolean DEFAULT false NOT NULL,
    CONSTRAINT sign_ups_language CHECK ((language = ANY (ARRAY['da'::text, 'en'::text]))),
    CONSTRAINT sign_ups_sector CHECK ((sector = ANY (ARRAY['municipality'::text, 'general_practice'::text, 'somatic_hospital'::text, 'other'::text]))),
    CONSTRAINT sign_ups_status CHECK ((status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'expired'::text, 'answered'::text])))
);

ALTER TABLE public.sign_ups ALTER COLUMN sign_up_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sign_ups_sign_up_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.waiting_list_entries (
    entry_id bigint NOT NULL,
    reference uuid DEFAULT gen_random_uuid() NOT NULL,
    run_id bigint NOT NULL,
    person_id bigint NOT NULL,
    department_id bigint,
    status text DEFAULT 'waiting'::text NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    joined_by text NOT NULL,
    source text NOT NULL,
    booking_id bigint,
    offered_at timestamp with time zone,
    offer_expires_at timestamp with time zone,
    ended_at timestamp with time zone,
    external_price numeric(10,2),
    ean text,
    CONSTRAINT waiting_list_ean CHECK ((ean ~ '^[0-9]{13}$'::text)),
    CONSTRAINT waiting_list_ended CHECK (((status = ANY (ARRAY['waiting'::text, 'offered'::text])) = (ended_at IS NULL))),
    CONSTRAINT waiting_list_offer CHECK (((status <> 'offered'::text) OR ((booking_id IS NOT NULL) AND (offer_expires_at IS NOT NULL)))),
    CONSTRAINT waiting_list_pool CHECK (((source = 'secretary'::text) = (department_id IS NOT NULL))),
    CONSTRAINT waiting_list_source CHECK ((source = ANY (ARRAY['secretary'::text, 'sign_up'::text]))),
    CONSTRAINT waiting_list_status CHECK ((status = ANY (ARRAY['waiting'::text, 'offered'::text, 'accepted'::text, 'declined'::text, 'expired'::text, 'withdrawn'::text])))
);

ALTER TABLE public.waiting_list_entries ALTER COLUMN entry_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.waiting_list_entries_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.allotments
    ADD CONSTRAINT allotments_pkey PRIMARY KEY (allotment_id);

ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_booking UNIQUE (booking_id);

ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_pkey PRIMARY KEY (approval_id);

ALTER TABLE ONLY public.attendance_marks
    ADD CONSTRAINT attendance_marks_pkey PRIMARY KEY (booking_id, session_id);

ALTER TABLE ONLY public.audit_entries
    ADD CONSTRAINT audit_entries_pkey PRIMARY KEY (audit_id);

ALTER TABLE ONLY public.bookings
    ADD CONSTRAINT bookings_pkey PRIMARY KEY (booking_id);

ALTER TABLE ONLY public.bookings
    ADD CONSTRAINT bookings_reference UNIQUE (reference);

ALTER TABLE ONLY public.course_search
    ADD CONSTRAINT course_search_pkey PRIMARY KEY (course_id);

ALTER TABLE ONLY public.courses
    ADD CONSTRAINT courses_code UNIQUE (code);

ALTER TABLE ONLY public.courses
    ADD CONSTRAINT courses_pkey PRIMARY KEY (course_id);

ALTER TABLE ONLY public.data_protection_keys
    ADD CONSTRAINT data_protection_keys_pkey PRIMARY KEY (friendly_name);

ALTER TABLE ONLY public.department_secretaries
    ADD CONSTRAINT department_secretaries_pkey PRIMARY KEY (department_id, email);

ALTER TABLE ONLY public.departments
    ADD CONSTRAINT departments_code UNIQUE (code);

ALTER TABLE ONLY public.departments
    ADD CONSTRAINT departments_pkey PRIMARY KEY (department_id);

ALTER TABLE ONLY public.distribution_keys
    ADD CONSTRAINT distribution_keys_pkey PRIMARY KEY (plan_year, department_id);

ALTER TABLE ONLY public.failed_addresses
    ADD CONSTRAINT failed_addresses_pkey PRIMARY KEY (email);

ALTER TABLE ONLY public.follow_up_forms
    ADD CONSTRAINT follow_up_forms_once UNIQUE (booking_id, kind, days);

ALTER TABLE ONLY public.follow_up_forms
    ADD CONSTRAINT follow_up_forms_pkey PRIMARY KEY (form_id);

ALTER TABLE ONLY public.follow_up_opt_outs
    ADD CONSTRAINT follow_up_opt_outs_pkey PRIMARY KEY (email, kind);

ALTER TABLE ONLY public.imported_runs
    ADD CONSTRAINT imported_runs_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY public.inbox_position
    ADD CONSTRAINT inbox_position_pkey PRIMARY KEY (is_only);

ALTER TABLE ONLY public.inbox_set_aside
    ADD CONSTRAINT inbox_set_aside_pkey PRIMARY KEY (uid_validity, uid);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (booking_id, session_id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_uid UNIQUE (uid);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.mail_control
    ADD CONSTRAINT mail_control_pkey PRIMARY KEY (control_id);

ALTER TABLE ONLY public.outbox_attempts
    ADD CONSTRAINT outbox_attempts_pkey PRIMARY KEY (attempt_id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_key UNIQUE (key);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (outbox_id);

ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_employee_number UNIQUE (employee_number);

ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.role_assignments
    ADD CONSTRAINT role_assignments_pkey PRIMARY KEY (email, role);

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_code UNIQUE (code);

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY public.schedule_runs
    ADD CONSTRAINT schedule_runs_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.seat_accounts
    ADD CONSTRAINT seat_accounts_pkey PRIMARY KEY (plan_year, department_id);

ALTER TABLE ONLY public.seat_swaps
    ADD CONSTRAINT seat_swaps_pkey PRIMARY KEY (swap_id);

ALTER TABLE ONLY public.seat_swaps
    ADD CONSTRAINT seat_swaps_reference UNIQUE (reference);

ALTER TABLE ONLY public.seat_transfers
    ADD CONSTRAINT seat_transfers_pkey PRIMARY KEY (transfer_id);

ALTER TABLE ONLY public.seats
    ADD CONSTRAINT seats_pkey PRIMARY KEY (run_id, number);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_number UNIQUE (run_id, number) DEFERRABLE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (session_id);

ALTER TABLE ONLY public.sign_ups
    ADD CONSTRAINT sign_ups_pkey PRIMARY KEY (sign_up_id);

ALTER TABLE ONLY public.waiting_list_entries
    ADD CONSTRAINT waiting_list_entries_pkey PRIMARY KEY (entry_id);

ALTER TABLE ONLY public.waiting_list_entries
    ADD CONSTRAINT waiting_list_reference UNIQUE (reference);

CREATE INDEX allotments_department ON public.allotments USING btree (department_id) WHERE (department_id IS NOT NULL);

CREATE INDEX allotments_run ON public.allotments USING btree (run_id);

CREATE INDEX approvals_pending ON public.approvals USING btree (expires_at) WHERE (status = 'pending'::text);

CREATE INDEX attendance_marks_session ON public.attendance_marks USING btree (session_id);

CREATE INDEX audit_entries_booking ON public.audit_entries USING btree (booking_id, audit_id) WHERE (booking_id IS NOT NULL);

CREATE INDEX audit_entries_run ON public.audit_entries USING btree (run_id, audit_id) WHERE (run_id IS NOT NULL);

CREATE INDEX bookings_attended ON public.bookings USING btree (run_id, booking_id) INCLUDE (person_id) WHERE (status = 'attended'::text);

CREATE INDEX bookings_department ON public.bookings USING btree (department_id, run_id) WHERE (department_id IS NOT NULL);

CREATE INDEX bookings_held_or_cancelled ON public.bookings USING btree (run_id, status) INCLUDE (is_late_cancellation, source, person_id) WHERE (status = ANY (ARRAY['held'::text, 'cancelled'::text]));

CREATE INDEX bookings_held_until ON public.bookings USING btree (held_until) WHERE ((status = 'held'::text) AND (held_until IS NOT NULL));

CREATE UNIQUE INDEX bookings_live_person ON public.bookings USING btree (run_id, person_id) WHERE ((status <> 'cancelled'::text) AND (person_id IS NOT NULL));

CREATE UNIQUE INDEX bookings_live_seat ON public.bookings USING btree (run_id, seat_number) WHERE (status <> 'cancelled'::text);

CREATE INDEX bookings_person ON public.bookings USING btree (person_id) WHERE (person_id IS NOT NULL);

CREATE INDEX bookings_replaces ON public.bookings USING btree (replaces_booking_id) WHERE (replaces_booking_id IS NOT NULL);

CREATE INDEX course_search_document ON public.course_search USING gin (document);

CREATE INDEX courses_variant ON public.courses USING btree (variant_of_course_id) WHERE (variant_of_course_id IS NOT NULL);

CREATE INDEX department_secretaries_email ON public.department_secretaries USING btree (lower(email));

CREATE INDEX distribution_keys_department ON public.distribution_keys USING btree (department_id);

CREATE INDEX follow_up_forms_unanswered ON public.follow_up_forms USING btree (asked_at) WHERE ((answered_at IS NULL) AND (reminded_at IS NULL));

CREATE INDEX imported_runs_course ON public.imported_runs USING btree (course_id);

CREATE INDEX invitations_session ON public.invitations USING btree (session_id);

CREATE INDEX links_approval ON public.links USING btree (approval_id) WHERE (approval_id IS NOT NULL);

CREATE INDEX links_booking ON public.links USING btree (booking_id) WHERE (booking_id IS NOT NULL);

CREATE INDEX links_department ON public.links USING btree (department_id) WHERE (department_id IS NOT NULL);

CREATE INDEX links_entry ON public.links USING btree (entry_id) WHERE (entry_id IS NOT NULL);

CREATE INDEX links_form ON public.links USING btree (form_id) WHERE (form_id IS NOT NULL);

CREATE INDEX links_person ON public.links USING btree (person_id) WHERE (person_id IS NOT NULL);

CREATE INDEX links_run ON public.links USING btree (run_id) WHERE (run_id IS NOT NULL);

CREATE INDEX links_sign_up ON public.links USING btree (sign_up_id) WHERE (sign_up_id IS NOT NULL);

CREATE INDEX outbox_attempts_outbox ON public.outbox_attempts USING btree (outbox_id, attempt_id);

CREATE INDEX outbox_booking ON public.outbox USING btree (booking_id);

CREATE INDEX outbox_dead ON public.outbox USING btree (outbox_id) WHERE (status = 'dead'::text);

CREATE INDEX outbox_due ON public.outbox USING btree (due_at, outbox_id) WHERE (status = 'pending'::text);

CREATE INDEX outbox_queue ON public.outbox USING btree (queue, outbox_id) WHERE (status = 'pending'::text);

CREATE INDEX outbox_recipient ON public.outbox USING btree (lower(recipient_email), outbox_id);

CREATE INDEX outbox_sent ON public.outbox USING btree (sent_at) WHERE ((status = 'sent'::text) AND (message IS NOT NULL));

CREATE INDEX people_department ON public.people USING btree (department_id, name COLLATE "da-x-icu");

CREATE UNIQUE INDEX people_email ON public.people USING btree (lower(email));

CREATE INDEX people_leader ON public.people USING btree (lower(leader_email)) WHERE (leader_email IS NOT NULL);

CREATE INDEX runs_attendance_open ON public.runs USING btree (ends_at) WHERE ((status = 'published'::text) AND (attendance_settled_at IS NULL));

CREATE INDEX runs_course ON public.runs USING btree (course_id, starts_at);

CREATE INDEX runs_ended ON public.runs USING btree (ends_at) WHERE (status = ANY (ARRAY['published'::text, 'completed'::text]));

CREATE INDEX runs_instructor ON public.runs USING btree (lower(instructor_email));

CREATE INDEX runs_plan_year ON public.runs USING btree (plan_year, starts_at);

CREATE INDEX runs_published ON public.runs USING btree (starts_at, course_id) WHERE (status = 'published'::text);

CREATE INDEX runs_release ON public.runs USING btree (release_at) WHERE ((status = 'published'::text) AND (released_at IS NULL));

CREATE INDEX runs_sessions_added ON public.runs USING btree (sessions_added_at) WHERE (sessions_added_at IS NOT NULL);

CREATE INDEX runs_starts ON public.runs USING btree (starts_at);

CREATE INDEX seat_accounts_department ON public.seat_accounts USING btree (department_id);

CREATE INDEX seat_swaps_expires ON public.seat_swaps USING btree (expires_at) WHERE (status = 'proposed'::text);

CREATE INDEX seat_swaps_from ON public.seat_swaps USING btree (from_department_id, status);

CREATE INDEX seat_swaps_offered_run ON public.seat_swaps USING btree (offered_run_id) WHERE (status = 'proposed'::text);

CREATE INDEX seat_swaps_to ON public.seat_swaps USING btree (to_department_id, status);

CREATE INDEX seat_swaps_wanted_run ON public.seat_swaps USING btree (wanted_run_id) WHERE (status = 'proposed'::text);

CREATE INDEX seat_transfers_from ON public.seat_transfers USING btree (from_department_id);

CREATE INDEX seat_transfers_run ON public.seat_transfers USING btree (run_id);

CREATE INDEX seat_transfers_to ON public.seat_transfers USING btree (to_department_id) WHERE (to_department_id IS NOT NULL);

CREATE INDEX seats_department ON public.seats USING btree (department_id) WHERE (department_id IS NOT NULL);

CREATE INDEX seats_free ON public.seats USING btree (run_id, pool, department_id, number) WHERE (status = 'free'::text);

CREATE INDEX sign_ups_booking ON public.sign_ups USING btree (booking_id);

CREATE INDEX sign_ups_expires ON public.sign_ups USING btree (expires_at) WHERE (status = ANY (ARRAY['pending'::text, 'answered'::text]));

CREATE UNIQUE INDEX sign_ups_form ON public.sign_ups USING btree (reference, run_id, lower(email));

CREATE UNIQUE INDEX sign_ups_waiting ON public.sign_ups USING btree (run_id, lower(email)) WHERE (status = ANY (ARRAY['pending'::text, 'answered'::text]));

CREATE INDEX waiting_list_booking ON public.waiting_list_entries USING btree (booking_id) WHERE (booking_id IS NOT NULL);

CREATE INDEX waiting_list_department ON public.waiting_list_entries USING btree (department_id, run_id) WHERE (department_id IS NOT NULL);

CREATE UNIQUE INDEX waiting_list_live_person ON public.waiting_list_entries USING btree (run_id, person_id) WHERE (status = ANY (ARRAY['waiting'::text, 'offered'::text]));

CREATE INDEX waiting_list_offers ON public.waiting_list_entries USING btree (offer_expires_at) WHERE (status = 'offered'::text);

CREATE INDEX waiting_list_order ON public.waiting_list_entries USING btree (run_id, entry_id) WHERE (status = 'waiting'::text);

CREATE INDEX waiting_list_person ON public.waiting_list_entries USING btree (person_id);

CREATE TRIGGER audit_entries_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();

CREATE TRIGGER courses_search_insert AFTER INSERT ON public.courses REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.courses_refresh_search();

CREATE TRIGGER courses_search_update AFTER UPDATE ON public.courses REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.courses_refresh_search();

CREATE TRIGGER runs_search_delete AFTER DELETE ON public.runs REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.courses_refresh_search();

CREATE TRIGGER runs_search_insert AFTER INSERT ON public.runs REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.courses_refresh_search();

CREATE TRIGGER runs_search_update AFTER UPDATE ON public.runs REFERENCING OLD TABLE AS replaced NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.runs_refresh_search();

ALTER TABLE ONLY public.allotments
    ADD CONSTRAINT allotments_department_id_fkey FOREIGN KEY (department_id) REFERENCES public.departments(department_id);

ALTER TABLE ONLY public.allotments
    ADD CONSTRAINT allotments_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(run_id);

ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT approvals_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES public.bookings(booking_id);

ALTER TABLE ONLY public.attendance_marks
    ADD CONSTRAINT attendance_marks_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES public.bookings(booking_id);

ALTER TABLE ONLY public.attendance_marks
    ADD CONSTRAINT attendance_marks_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(session_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bookings
    ADD CONSTRAINT bookings_department_id_fkey FOREIGN KEY (department_id) REFERENCES public.departments(department_id);

ALTER TABLE ONLY public.bookings
    ADD CONSTRAINT bookings_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(person_id);

ALTER TABLE ONLY public.bookings
    ADD CONSTRAINT bookings_replaces_booking_id_fkey FOREIGN KEY (replaces_booking_id) REFERENCES public.bookings(booking_id);

ALTER TABLE ONLY public.bookings
    ADD CONSTRAINT bookings_seat FOREIGN KEY (run_id, seat_number) REFERENCES public.seats(run_id, number);

ALTER TABLE ONLY public.course_search
    ADD CONSTRAINT course_search_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(course_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.courses
    ADD CONSTRAINT courses_variant_of_course_id_fkey FOREIGN KEY (variant_of_course_id) REFERENCES public.courses(course_id);

ALTER TABLE ONLY public.department_secretaries
    ADD CONSTRAINT department_secretaries_department_id_fkey FOREIGN KEY (department_id) REFERENCES public.departments(department_id);

ALTER TABLE ONLY public.distribution_keys
    ADD CONSTRAINT distribution_keys_department_id_fkey FOREIGN KEY (department_id) REFERENCES public.departments(department_id);

ALTER TABLE ONLY public.follow_up_forms
    ADD CONSTRAINT follow_up_forms_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES public.bookings(booking_id);

ALTER TABLE ONLY public.imported_runs
    ADD CONSTRAINT imported_runs_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(course_id);

ALTER TABLE ONLY public.imported_runs
    ADD CONSTRAINT imported_runs_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(run_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES public.bookings(booking_id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(session_id);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES public.approvals(approval_id);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES public.bookings(booking_id);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_department_id_fkey FOREIGN KEY (department_id) REFERENCES public.departments(department_id);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.waiting_list_entries(entry_id);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_form_id_fkey FOREIGN KEY (form_id) REFERENCES public.follow_up_forms(form_id);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(person_id);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(run_id);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_sign_up_id_fkey FOREIGN KEY (sign_up_id) REFERENCES public.sign_ups(sign_up_id);

ALTER TABLE ONLY public.outbox_attempts
    ADD CONSTRAINT outbox_attempts_outbox_id_fkey FOREIGN KEY (outbox_id) REFERENCES public.outbox(outbox_id);

ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_department_id_fkey FOREIGN KEY (department_id) REFERENCES public.departments(department_id);

ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_course_id_fkey FOREIGN KEY (course_id) REFERENCES public.courses(course_id);

ALTER TABLE ONLY public.seat_accounts
    ADD CONSTRAINT seat_accounts_department_id_fkey FOREIGN KEY (department_id) REFERENCES public.departments(department_id);

ALTER TABLE ONLY public.seat_swaps
    ADD CONSTRAINT seat_swaps_from_department_id_fkey FOREIGN KEY (from_department_id) REFERENCES public.departments(department_id);

ALTER TABLE ONLY public.seat_swaps
    ADD CONSTRAINT seat_swaps_offered_run_id_fkey FOREIGN KEY (offered_run_id) REFERENCES public.runs(run_id);

ALTER TABLE ONLY public.seat_swaps
    ADD CONSTRAINT seat_swaps_to_department_id_fkey FOREIGN KEY (to_department_id) REFERENCES public.departments(department_id);

ALTER TABLE ONLY public.seat_swaps
    ADD CONSTRAINT seat_swaps_wanted_run_id_fkey FOREIGN KEY (wanted_run_id) REFERENCES public.runs(run_id);

ALTER TABLE ONLY public.seat_transfers
    ADD CONSTRAINT seat_transfers_from_department_id_fkey FOREIGN KEY (from_department_id) REFERENCES public.departments(department_id);

ALTER TABLE ONLY public.seat_transfers
    ADD CONSTRAINT seat_transfers_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(run_id);

ALTER TABLE ONLY public.seat_transfers
    ADD CONSTRAINT seat_transfers_to_department_id_fkey FOREIGN KEY (to_department_id) REFERENCES public.departments(department_id);

ALTER TABLE ONLY public.seats
    ADD CONSTRAINT seats_department_id_fkey FOREIGN KEY (department_id) REFERENCES public.departments(department_id);

ALTER TABLE ONLY public.seats
    ADD CONSTRAINT seats_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(run_id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(run_id);

ALTER TABLE ONLY public.sign_ups
    ADD CONSTRAINT sign_ups_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES public.bookings(booking_id);

ALTER TABLE ONLY public.sign_ups
    ADD CONSTRAINT sign_ups_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(run_id);

ALTER TABLE ONLY public.waiting_list_entries
    ADD CONSTRAINT waiting_list_entries_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES public.bookings(booking_id);

ALTER TABLE ONLY public.waiting_list_entries
    ADD CONSTRAINT waiting_list_entries_department_id_fkey FOREIGN KEY (department_id) REFERENCES public.departments(department_id);

ALTER TABLE ONLY public.waiting_list_entries
    ADD CONSTRAINT waiting_list_entries_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(person_id);

ALTER TABLE ONLY public.waiting_list_entries
    ADD CONSTRAINT waiting_list_entries_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.runs(run_id);
