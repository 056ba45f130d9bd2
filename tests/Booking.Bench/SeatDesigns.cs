namespace Booking.Bench;

/// <summary>Ways to take a seat of one popular run; each leaves the same rows. The first is the product's.</summary>
internal static class SeatDesigns
{
    public static IEnumerable<(string Name, string Script)> All(SeatsStage stage) =>
    [
        ("first free, skip locked", InSteps(stage, Claim("0::integer"))),
        ("random start, skip locked", InSteps(stage, "\\set start random(0, 1999)\n" + Claim(":start::integer"))),
        ("random start, read from the first seat", InSteps(stage, "\\set start random(0, 1999)\n" + Claim(":start::integer * 1.0::float8"))),
        ("start of the connection's own, skip locked", InSteps(stage, $"\\set start :client_id * {SeatsStage.PopularSeats} / :clients\n" + Claim(":start::integer"))),
        ("random start, claim and booking in one statement", Choose(stage) + Together(WithInvitation: false)),
        ("random start, everything in one statement", Choose(stage) + Together(WithInvitation: true)),
        ("no seat row: random number, the unique index refuses", Choose(stage) + Guess),
    ];

    // Each transaction has a number of its own; 2,000 of them go to one run, then all go on to the next. Counted from the
    // last of the popular runs, because the use case takes them from the first.
    private static string Choose(SeatsStage stage) =>
        $"""
        select nextval('bench_design') as n \gset
        \set run {stage.FirstPopular + SeatsStage.PopularRuns - 1} - :n / {SeatsStage.PopularSeats}
        \set person {stage.FirstPerson} + :n % {SeatsStage.People}
        \set session {stage.SessionOffset} + :run
        \set start random(0, {SeatsStage.PopularSeats - 1})

        """;

    private static string InSteps(SeatsStage stage, string claim) =>
        $"""
        {Choose(stage)}
        begin;
        {claim}
        \if :seat > 0
        {SeatsStage.InsertBooking}
        {SeatsStage.InsertRest}
        \endif
        end;

        """;

    private static string Pick(string start) =>
        $"""
        start as materialized (select {start} as number),
        after_start as materialized (
            select number from seats
            where run_id = :run and pool = 'open' and department_id is null and status = 'free' and number >= (select number from start)
            order by number limit 1 for update skip locked),
        before_start as materialized (
            select number from seats
            where run_id = :run and pool = 'open' and department_id is null and status = 'free' and number < (select number from start)
            order by number limit (select 1 - count(*) from after_start) for update skip locked),
        taken as (
            update seats set status = 'taken'
            from (select number from after_start union all select number from before_start) as picked
            where seats.run_id = :run and seats.number = picked.number
            returning seats.number)
        """;

    private static string Claim(string start) =>
        $"""
        with {Pick(start)}
        select coalesce(max(number), 0) as seat from taken \gset
        """;

    private static string Together(bool WithInvitation)
    {
        var booked =
            $"""
            with {Pick(":start::integer")},
            booked as (
                insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
                select :run, number, :person, null, 'open', 'booked', 'sign_up', 'secretary@example.org', now() from taken
                returning booking_id)
            """;
        return WithInvitation
            ? $"""
              {booked},
              invited as (
                  insert into invitations (booking_id, session_id) select booking_id, :session from booked),
              mails as (
                  insert into outbox (key, kind, queue, run_id, booking_id, session_id, recipient_email, created_at, due_at)
                  select letter || booking_id, kind, letter || booking_id, :run, booking_id, case when letter = 'i' then :session::bigint end,
                      'bench@example.org', now(), now()
                  from booked, (values ('i', 'booking.invitation'), ('n', 'booking.notice'), ('r', 'booking.receipt')) as mail (letter, kind))
              insert into audit_entries (at, actor, actor_role, action, run_id, booking_id, person_id, details)
              select now(), 'secretary@example.org', 'secretary', 'booking.reserved', :run, booking_id, :person, '{"{"}"seat": 1, "pool": "open"{"}"}'
              from booked;

              """
            : $"""
              begin;
              {booked}
              select coalesce(max(booking_id), 0) as booking_id from booked \gset
              \if :booking_id > 0
              {SeatsStage.InsertRest}
              \endif
              end;

              """;
    }

    // Ten guesses of one statement, nearest first: what a reservation would cost if seats had no row of their own.
    private static readonly string Guess =
        $"""
        begin;
        with booked as (
            insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
            select :run, guess.number, :person, null, 'open', 'booked', 'sign_up', 'secretary@example.org', now()
            from (
                select (:start + n) % {SeatsStage.PopularSeats} + 1 as number from generate_series(0, {SeatsStage.PopularSeats - 1}) n
                where not exists (
                    select 1 from bookings
                    where run_id = :run and seat_number = (:start + n) % {SeatsStage.PopularSeats} + 1 and status <> 'cancelled')
                limit 1) as guess
            on conflict do nothing
            returning booking_id)
        select coalesce(max(booking_id), 0) as booking_id from booked \gset
        \if :booking_id > 0
        {SeatsStage.InsertRest}
        \endif
        end;

        """;
}
