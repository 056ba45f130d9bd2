namespace Booking.Data.Invariants;

/// <summary>Marks are of sessions of the booking's own run, its status says what they say, and a settled run leaves nobody open.</summary>
internal static class AttendanceInvariants
{
    public static IReadOnlyList<Invariant> List { get; } =
    [
        new(
            "attendance.other_run",
            "A mark is of a session of another run than the booking's.",
            """
            select bookings.run_id, bookings.booking_id, 'session ' || sessions.session_id as what
            from attendance_marks
            join bookings on bookings.booking_id = attendance_marks.booking_id
            join sessions on sessions.session_id = attendance_marks.session_id
            where sessions.run_id <> bookings.run_id
            """),
        new(
            "attendance.status",
            "A booking has marks, and its status says something else: attended without ever there, absent although once there, or neither.",
            """
            select bookings.run_id, bookings.booking_id, bookings.status as what
            from (
                select booking_id, case when bool_or(is_present) then 'attended' else 'absent' end as status
                from attendance_marks
                group by booking_id) as said
            join bookings on bookings.booking_id = said.booking_id
            where bookings.status <> said.status
            """),
        new(
            "attendance.settled_open",
            "The attendance of a run is settled, but one of its bookings is neither attended nor absent.",
            """
            select bookings.run_id, bookings.booking_id, bookings.status as what
            from runs
            join bookings on bookings.run_id = runs.run_id and bookings.status = 'booked'
            where runs.attendance_settled_at is not null
            """),
    ];
}
