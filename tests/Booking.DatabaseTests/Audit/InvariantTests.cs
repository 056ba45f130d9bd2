using Booking.Data.Invariants;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Audit;

/// <summary>The audit finds nothing in a sound database, and each of its rules finds the fault that is planted for it.</summary>
public sealed class InvariantTests(InvariantTests.Arrangement arrangement) : IClassFixture<InvariantTests.Arrangement>
{
    private const string R1 = "(select run_id from runs where code = 'R1')";

    private const string BookedOnR1 = $"(select booking_id from bookings where run_id = {R1} and status = 'booked')";

    private const string NewEntry =
        """
        insert into waiting_list_entries (run_id, person_id, department_id, status, joined_at, joined_by, source)
        select runs.run_id, people.person_id, people.department_id, 'waiting', '2027-01-11T06:00Z', 'sek@example.org', 'secretary'
        from runs, people
        """;

    /// <summary>By rule, the statements that break it. Where the schema itself refuses, its guard goes first.</summary>
    private static readonly Dictionary<string, string> Faults = new()
    {
        ["database.guard_missing"] = "drop index bookings_live_person",
        ["seat.sold_twice"] =
            $"""
            drop index bookings_live_seat;
            insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
            select run_id, seat_number, (select max(person_id) from people), department_id, pool, status, source, booked_by, booked_at
            from bookings where booking_id = {BookedOnR1}
            """,
        ["seat.taken_without_booking"] = $"update seats set status = 'taken' where run_id = {R1} and pool = 'open'",
        ["seat.free_with_booking"] =
            $"update seats set status = 'free' where (run_id, number) = (select run_id, seat_number from bookings where booking_id = {BookedOnR1})",
        ["seat.other_pool"] = $"update bookings set pool = 'open' where booking_id = {BookedOnR1}",
        ["run.capacity"] = "update runs set capacity = capacity + 1 where code = 'R1'",
        ["run.seats_too_early"] = "insert into seats (run_id, number, pool) select run_id, 1, 'open' from runs where code = 'R6'",
        ["run.seats_still_open"] = "update seats set status = 'free' where status = 'closed'",
        ["run.guarantee"] =
            $"""
            update seats set department_id = (select department_id from departments where code = 'B')
            where run_id = {R1} and pool = 'department' and status = 'free'
            """,
        ["run.released_half"] = "update runs set released_at = release_at where code = 'R1'",
        ["booking.run_over"] = "update runs set status = 'cancelled' where code = 'R1'",
        ["booking.person_twice"] =
            $"""
            drop index bookings_live_person;
            insert into bookings (run_id, seat_number, person_id, department_id, pool, status, source, booked_by, booked_at)
            select run_id, (select number from seats where run_id = {R1} and status = 'free' and pool = 'department' limit 1),
                person_id, department_id, pool, status, source, booked_by, booked_at
            from bookings where booking_id = {BookedOnR1}
            """,
        ["booking.without_trail"] =
            $"""
            alter table audit_entries disable trigger audit_entries_append_only;
            delete from audit_entries where booking_id = {BookedOnR1};
            alter table audit_entries enable trigger audit_entries_append_only
            """,
        ["booking.held_too_long"] = "update bookings set held_until = held_until - interval '36 minutes' where held_for = 'sign_up'",
        ["sign_up.without_hold"] = "update sign_ups set booking_id = null",
        ["sign_up.hold_without"] = "update sign_ups set status = 'expired'",
        ["approval.without_hold"] = "update approvals set expires_at = expires_at + interval '1 hour'",
        ["approval.hold_without"] = "update approvals set status = 'void', decided_at = now()",
        ["waiting_list.seat_beside"] = $"{NewEntry} where runs.code = 'R1' and people.person_id = (select max(person_id) from people)",
        ["waiting_list.booked"] =
            $"{NewEntry} where runs.code = 'R1' and people.person_id = (select person_id from bookings where booking_id = {BookedOnR1})",
        ["waiting_list.run_over"] = $"{NewEntry} where runs.code = 'R5' limit 1",
        ["offer.without_hold"] =
            "update waiting_list_entries set offer_expires_at = offer_expires_at + interval '1 hour' where status = 'offered'",
        ["offer.hold_without"] = "update waiting_list_entries set status = 'expired', ended_at = now() where status = 'offered'",
        ["invitation.missing"] = $"delete from invitations where booking_id = {BookedOnR1} and session_id = (select max(session_id) from sessions where run_id = {R1})",
        ["invitation.left_over"] = $"update sessions set cancelled_at = now(), number = null where run_id = {R1} and number = 2",
        ["invitation.without_mail"] = $"delete from outbox where kind = 'booking.invitation' and booking_id = {BookedOnR1}",
        ["invitation.cancellation_without_mail"] = "delete from outbox where kind = 'booking.cancellation'",
        ["invitation.sent_ahead"] = $"update invitations set sent_sequence = sequence + 1 where booking_id = {BookedOnR1}",
        ["follow_up.not_attended"] =
            $"""
            insert into follow_up_forms (booking_id, kind, days, due_at, asked_at, saved_at, answered_at, frequency)
            values ({BookedOnR1}, 'leader', 60, now(), now(), now(), now(), 3)
            """,
        ["follow_up.twice"] =
            $"""
            alter table follow_up_forms drop constraint follow_up_forms_once;
            insert into follow_up_forms (booking_id, kind, days, due_at, asked_at)
            select {BookedOnR1}, 'evaluation', 1, now(), now() from generate_series(1, 2)
            """,
        ["attendance.other_run"] =
            """
            update attendance_marks set session_id = (select min(session_id) from sessions join runs using (run_id) where code = 'R2')
            where booking_id = (select min(booking_id) from attendance_marks)
            """,
        ["attendance.status"] = "update attendance_marks set is_present = true where not is_present",
        ["attendance.settled_open"] = "update bookings set status = 'booked' where status = 'attended'",
        ["outbox.twice"] =
            """
            alter table outbox drop constraint outbox_key;
            insert into outbox (key, kind, queue, recipient_email, created_at, due_at)
            select key, kind, queue, recipient_email, created_at, due_at from outbox limit 1
            """,
        ["outbox.without_reason"] = "update outbox set status = 'discarded' where kind = 'booking.receipt'",
        ["outbox.lease_left"] = "update outbox set leased_by = gen_random_uuid() where kind = 'booking.receipt'",
        ["outbox.overtaken"] = "update outbox set status = 'sent', sent_at = now() where kind = 'booking.cancellation'",
        ["outbox.sent_without_time"] = "update outbox set status = 'sent' where kind = 'booking.receipt'",
    };

    public static TheoryData<string> Rules => [.. AllInvariants.List.Select(invariant => invariant.Rule)];

    [Fact]
    public async Task Sound_database_breaks_no_rule()
    {
        await using var database = await arrangement.World.CopyAsync();

        var report = await Invariants.CheckAsync(database);

        Assert.Empty(report.Findings.Select(finding => $"{finding.Rule}: {finding.Examples[0]}"));
        Assert.Equal(AllInvariants.List.Count, report.Rules);
        Assert.True(report.Bookings > 5);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Planted_fault_is_found(string rule)
    {
        await using var database = await arrangement.World.CopyAsync();

        await database.Data.ExecuteAsync(Faults[rule]);

        Assert.Contains(rule, await Invariants.BrokenAsync(database));
    }

    [Fact]
    public async Task Faults_are_all_counted_and_some_are_shown_without_any_name()
    {
        await using var database = await arrangement.World.CopyAsync();
        await database.Data.AddSeatsAsync(await database.Data.ScalarAsync<long>($"select {R1}"), 25);
        await database.Data.ExecuteAsync($"update seats set status = 'taken' where run_id = {R1} and pool = 'open'");

        var finding = Assert.Single((await Invariants.CheckAsync(database)).Findings);

        Assert.Equal(("seat.taken_without_booking", 26L, 20), (finding.Rule, finding.Count, finding.Examples.Count));
        Assert.All(finding.Examples, example => Assert.Matches("^seat [0-9]+$", example.What));
    }

    [Fact]
    public async Task Free_seat_beside_somebody_who_waits_is_left_to_the_sweep_for_a_minute()
    {
        await using var database = await arrangement.World.CopyAsync();
        var check = new CheckInvariants(database.DataSource, database.Clock);
        await database.Data.ExecuteAsync(Faults["waiting_list.seat_beside"]);
        var minute = TimeSpan.FromMinutes(1);

        // Something happened on the run just now: its sign-up and its bookings.
        Assert.True((await check.RunAsync(minute, null, CancellationToken.None)).IsClean);
        database.Clock.Advance(minute);
        var later = await check.RunAsync(minute, null, CancellationToken.None);

        Assert.Equal("waiting_list.seat_beside", Assert.Single(later.Findings).Rule);
    }

    [Fact]
    public async Task Mail_tried_again_after_it_was_given_up_has_overtaken_nothing()
    {
        await using var database = await arrangement.World.CopyAsync();
        await database.Data.ExecuteAsync(Faults["outbox.overtaken"]);
        await database.Data.ExecuteAsync(
            """
            insert into audit_entries (at, actor, actor_role, action, details)
            select now(), 'hr', 'hr', 'outbox.retried', jsonb_build_object('outbox_id', outbox_id)
            from outbox where kind = 'booking.invitation'
            """);

        Assert.DoesNotContain("outbox.overtaken", await Invariants.BrokenAsync(database));
    }

    /// <summary>Made once; each test breaks a copy.</summary>
    public sealed class Arrangement : IAsyncLifetime
    {
        /// <summary>The sound database.</summary>
        public TestDatabase World { get; private set; } = null!;

        /// <inheritdoc />
        public async ValueTask InitializeAsync() => World = await SoundWorld.CreateAsync();

        /// <inheritdoc />
        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
