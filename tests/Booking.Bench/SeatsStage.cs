namespace Booking.Bench;

/// <summary>
/// The people and runs of the seat figures. Popular runs are the size of a large hall and taken one at a time: when one is
/// full, everybody goes on to the next. Each run has a day of its own, so that nobody is at two courses at once. The bare inserts have runs of their own, with a seat for every number they use.
/// </summary>
internal sealed class SeatsStage(Ground ground)
{
    public const int People = 100_000;
    public const int Departments = 40;
    public const int PopularSeats = 2_000;
    public const int PopularRuns = 150;
    public const int SpreadRuns = 200;
    private const int SpreadSeats = 1_000;
    private const int BareRuns = 10;

    /// <summary>The first of the popular runs; the others follow in order.</summary>
    public long FirstPopular { get; private set; }

    /// <summary>The first of the runs that reservations are spread over.</summary>
    public long FirstSpread { get; private set; }

    /// <summary>The first of the runs for inserts without seat control, with <see cref="People"/> seats each.</summary>
    public long FirstBare { get; private set; }

    public long FirstPerson { get; private set; }

    public long FirstDepartment { get; private set; }

    /// <summary>Every run has one session; its id minus its run's id is the same for all.</summary>
    public long SessionOffset { get; private set; }

    /// <summary>Makes all of it.</summary>
    public async Task PrepareAsync()
    {
        await ground.ExecuteAsync(
            """
            -- The rows are right by construction; checking each of them would take most of the time. Search is not measured here.
            set session_replication_role = replica;
            insert into departments (code, name, postal_code, town)
            select 'BN' || d, 'Bench ' || d, '9000', 'Aalborg' from generate_series(0, @Departments - 1) d;
            insert into department_secretaries (department_id, email)
            select department_id, 'secretary.' || lower(code) || '@example.org' from departments where code like 'BN%';
            insert into people (kind, employee_number, name, email, department_id, leader_email)
            select 'employee', (100000 + p)::text, 'Person ' || p, 'bench' || p || '@example.org',
                (select min(department_id) from departments) + p % @Departments, 'bench0@example.org'
            from generate_series(0, @People - 1) p
            order by p;
            insert into courses (code, title, focus_area, competence_kind, form) values ('BENCH', 'Bench', 'care', 'professional', 'onsite');
            insert into runs (code, course_id, plan_year, status, starts_at, ends_at, venue_name, capacity, sign_up_opens_at,
                sign_up_closes_at, release_at, cancellation_deadline_at, published_at, released_at)
            select 'BENCH-' || r, course_id, 2027, 'published', now() + (30 + r) * interval '1 day', now() + (30 + r) * interval '1 day' + interval '7 hours', 'Bench',
                case when r < @PopularRuns then @PopularSeats when r < @PopularRuns + @SpreadRuns then @SpreadSeats else @People end,
                now() - interval '90 days', now() + interval '27 days', now() - interval '5 days', now() + interval '16 days', now(), now()
            from courses, generate_series(0, @PopularRuns + @SpreadRuns + @BareRuns - 1) r where code = 'BENCH'
            order by r;
            insert into sessions (run_id, number, starts_at, ends_at)
            select run_id, 1, starts_at, ends_at from runs order by run_id;
            insert into seats (run_id, number, pool)
            select run_id, n, 'open' from runs, generate_series(1, capacity) n order by run_id, n;
            reset session_replication_role;
            create sequence bench_bare minvalue 0;
            create sequence bench_design minvalue 0;
            """,
            new { People, Departments, PopularSeats, PopularRuns, SpreadRuns, SpreadSeats, BareRuns });
        await FindAsync();
        // An empty table is planned for by reading all of it, and connections keep that plan while it fills: nobody's system is so new.
        await FillAsync("PAST-", 2_000);
        await ground.ExecuteAsync("vacuum analyze");
        await ground.ExecuteAsync("checkpoint");
    }

    /// <summary>Reads where everything is, in a database that was prepared or copied.</summary>
    public async Task FindAsync()
    {
        FirstPopular = await ground.ScalarAsync("select run_id from runs where code = 'BENCH-0'");
        FirstSpread = FirstPopular + PopularRuns;
        FirstBare = FirstSpread + SpreadRuns;
        FirstPerson = await ground.ScalarAsync("select person_id from people where name = 'Person 0'");
        FirstDepartment = await ground.ScalarAsync("select department_id from departments where code = 'BN0'");
        SessionOffset = await ground.ScalarAsync("select min(session_id) from sessions") - FirstPopular;
    }

    /// <summary>Fills the database with past bookings, their invitations, sent mails and audit trail: 100 seats a run.</summary>
    public async Task FillAsync(string code, int bookings) => await ground.ExecuteAsync(
        """
        set session_replication_role = replica;
        insert into runs (code, course_id, plan_year, status, starts_at, ends_at, venue_name, capacity, sign_up_opens_at,
            sign_up_closes_at, release_at, cancellation_deadline_at, published_at, released_at)
        select @code || r, course_id, 2026, 'completed', now() - interval '60 days', now() - interval '59 days', 'Bench', 100,
            now() - interval '190 days', now() - interval '63 days', now() - interval '90 days', now() - interval '74 days', now(), now()
        from courses, generate_series(1, @bookings / 100) r where code = 'BENCH';
        insert into sessions (run_id, number, starts_at, ends_at)
        select run_id, 1, starts_at, ends_at from runs where code like @code || '%';
        insert into seats (run_id, number, pool, status)
        select run_id, n, 'open', 'taken' from runs, generate_series(1, 100) n where code like @code || '%';
        insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
        select run_id, n, @FirstPerson + (run_id * 100 + n) % @People, @FirstDepartment + (run_id * 100 + n) % @People % @Departments,
            'open', 'attended', 'secretary', 'secretary@example.org', now() - interval '100 days'
        from runs, generate_series(1, 100) n where code like @code || '%';
        insert into invitations (booking_id, session_id, sent_sequence)
        select booking_id, session_id, 0 from bookings join sessions using (run_id) join runs using (run_id) where code like @code || '%';
        insert into outbox (key, kind, queue, run_id, booking_id, session_id, recipient_email, created_at, due_at, status, sent_at)
        select 'booking.invitation/' || booking_id || '/' || session_id || '/0', 'booking.invitation',
            'b' || booking_id || '/s' || session_id, run_id, booking_id, session_id, 'bench@example.org', booked_at, booked_at, 'sent', booked_at
        from bookings join sessions using (run_id) join runs using (run_id) where code like @code || '%';
        insert into audit_entries (at, actor, actor_role, action, run_id, booking_id, person_id, department_id, details)
        select booked_at, booked_by, 'secretary', 'booking.reserved', run_id, booking_id, person_id, department_id, '{"seat": 1, "pool": "open"}'
        from bookings join runs using (run_id) where code like @code || '%';
        reset session_replication_role;
        """,
        new { code, bookings, FirstPerson, People, FirstDepartment, Departments });

    /// <summary>
    /// Takes out what pgbench has left, which no audit passes: it looked at no seat. Its bookings are those that are
    /// external and have no person from outside; the product leaves none like them here.
    /// </summary>
    public async Task RemoveBareAsync()
    {
        await ground.ExecuteAsync(
            """
            set session_replication_role = replica;
            create temporary table bare as select booking_id, run_id, seat_number from bookings where source = 'sign_up' and department_id is null;
            delete from invitations using bare where invitations.booking_id = bare.booking_id;
            delete from outbox where key ~ '^[inr][0-9]+$';
            delete from bookings using bare where bookings.booking_id = bare.booking_id;
            update seats set status = 'free' from bare where seats.run_id = bare.run_id and seats.number = bare.seat_number;
            drop table bare;
            reset session_replication_role;
            """);
        await ground.ExecuteAsync("vacuum analyze");
        await ground.ExecuteAsync("checkpoint");
    }

    /// <summary>A transaction that leaves the rows of one reservation, numbered instead of chosen: nothing is looked at or locked.</summary>
    public string BareScript() =>
        $$"""
        select nextval('bench_bare') as n \gset
        \set run {{FirstBare}} + :n / {{People}}
        \set seat :n % {{People}} + 1
        \set person {{FirstPerson}} + :n % {{People}}
        \set session {{SessionOffset}} + :run
        begin;
        {{InsertBooking}}
        {{InsertRest}}
        end;

        """;

    /// <summary>Inserts booking :seat of :run for :person.</summary>
    public const string InsertBooking =
        """
        insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
        values (:run, :seat, :person, null, 'open', 'booked', 'sign_up', 'secretary@example.org', now()) returning booking_id \gset
        """;

    /// <summary>Inserts what belongs to :booking_id beside itself: invitation, three mails, audit trail.</summary>
    public const string InsertRest =
        """
        insert into invitations (booking_id, session_id) values (:booking_id, :session);
        insert into outbox (key, kind, queue, run_id, booking_id, session_id, recipient_email, created_at, due_at) values
        ('i' || :booking_id, 'booking.invitation', 'i' || :booking_id, :run, :booking_id, :session, 'bench@example.org', now(), now()),
        ('n' || :booking_id, 'booking.notice', 'n' || :booking_id, :run, :booking_id, null, 'bench0@example.org', now(), now()),
        ('r' || :booking_id, 'booking.receipt', 'r' || :booking_id, :run, null, null, 'secretary@example.org', now(), now());
        insert into audit_entries (at, actor, actor_role, action, run_id, booking_id, person_id, details)
        values (now(), 'secretary@example.org', 'secretary', 'booking.reserved', :run, :booking_id, :person, '{"seat": 1, "pool": "open"}');
        """;
}
