namespace Booking.Data.Invariants;

/// <summary>What is asked after a course: of those who attended, and of each once.</summary>
internal static class FollowUpInvariants
{
    public static IReadOnlyList<Invariant> List { get; } =
    [
        new(
            "follow_up.not_attended",
            "Somebody answered about a course that they do not count as having attended.",
            """
            select bookings.run_id, bookings.booking_id, 'form ' || follow_up_forms.form_id as what
            from follow_up_forms
            join bookings on bookings.booking_id = follow_up_forms.booking_id
            where follow_up_forms.answered_at is not null and bookings.status <> 'attended'
            """),
        new(
            "follow_up.twice",
            "The same is asked about one booking more than once.",
            """
            select max(bookings.run_id) as run_id, follow_up_forms.booking_id, 'form ' || max(follow_up_forms.form_id) as what
            from follow_up_forms
            join bookings on bookings.booking_id = follow_up_forms.booking_id
            group by follow_up_forms.booking_id, follow_up_forms.kind, follow_up_forms.days
            having count(*) > 1
            """),
    ];
}
