-- The catalogue's free-text search: one document per course, with the towns of its runs.

-- Text as the search sees it: small letters, æ ø å as they are typed on other keyboards, and only words. Documents and
-- queries both pass here, before the Danish stemmer, so "forældre", "foraeldre" and "Forældre" are one word.
create function search_text(value text) returns text
language sql immutable parallel safe
return regexp_replace(
    replace(replace(replace(replace(replace(
        translate(lower(value collate "da-x-icu"), 'éèêëáàâíìîóòôúùûüñç', 'eeeeaaaiiiooouuuunc'),
        'æ', 'ae'), 'ä', 'ae'), 'ø', 'oe'), 'ö', 'oe'), 'å', 'aa'),
    '[^[:alnum:]]+' collate "da-x-icu", ' ', 'g');

-- Both the stems and the words as they stand: a half-typed word is often longer than the stem it is on its way to.
create function search_vector(value text) returns tsvector
language sql immutable parallel safe
return to_tsvector('danish', search_text(value)) || to_tsvector('simple', search_text(value));

-- Every word of the query must be the beginning of a word or stem; words like "og" and "på" ask for nothing.
-- Null when nothing is asked for.
create function search_query(value text) returns tsquery
language sql immutable parallel safe
return (
    select string_agg(
        format('(%s | %s)', to_tsquery('danish', word || ':*'), to_tsquery('simple', word || ':*')), ' & ')::tsquery
    from regexp_split_to_table(lower(value collate "da-x-icu"), '[^[:alnum:]]+' collate "da-x-icu") as typed,
        btrim(search_text(typed)) as word
    where word <> ''
    and length(to_tsvector('danish', typed)) > 0
    and numnode(to_tsquery('danish', word || ':*')) > 0);

create table course_search (
    course_id bigint primary key references courses on delete cascade,
    document tsvector not null
);
create index course_search_document on course_search using gin (document);

create function refresh_course_search(ids bigint[]) returns void language sql as $$
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

-- One refresh per statement, not per row: a year's plan is thousands of rows.
create function courses_refresh_search() returns trigger language plpgsql as $$
begin
    perform refresh_course_search(array(select course_id from changed));
    return null;
end $$;
create trigger courses_search_insert after insert on courses referencing new table as changed
    for each statement execute function courses_refresh_search();
create trigger courses_search_update after update on courses referencing new table as changed
    for each statement execute function courses_refresh_search();

create trigger runs_search_insert after insert on runs referencing new table as changed
    for each statement execute function courses_refresh_search();
create trigger runs_search_delete after delete on runs referencing old table as changed
    for each statement execute function courses_refresh_search();

-- Runs are updated for many reasons; only a changed town, status or course is a reason to write the document again.
create function runs_refresh_search() returns trigger language plpgsql as $$
begin
    perform refresh_course_search(array(
        select unnest(array[after.course_id, before.course_id])
        from changed after
        join replaced before on before.run_id = after.run_id
        where (after.town, after.status, after.course_id) is distinct from (before.town, before.status, before.course_id)));
    return null;
end $$;
create trigger runs_search_update after update on runs referencing old table as replaced new table as changed
    for each statement execute function runs_refresh_search();

do $$ begin perform refresh_course_search(array(select course_id from courses)); end $$;

-- The month a run starts in, local time: the catalogue groups and filters by it.
alter table runs add column starts_month date not null
    generated always as (date_trunc('month', starts_at at time zone time_zone)::date) stored;

-- Upcoming published runs of all courses, in the order in which the catalogue shows them.
create index runs_published on runs (starts_at, course_id) where status = 'published';
