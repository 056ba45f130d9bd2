namespace Booking.Data.Invariants;

/// <summary>Whoever is booked is told every session, and whoever was told hears when it is over.</summary>
internal static class InvitationInvariants
{
    public static IReadOnlyList<Invariant> List { get; } =
    [
        new(
            "invitation.missing",
            "A booked person has no calendar event for one of the run's sessions.",
            """
            select bookings.run_id, bookings.booking_id, 'session ' || sessions.session_id as what
            from bookings
            join sessions on sessions.run_id = bookings.run_id and sessions.cancelled_at is null
            left join invitations on invitations.booking_id = bookings.booking_id and invitations.session_id = sessions.session_id
                and invitations.status = 'active'
            where bookings.status = 'booked' and invitations.booking_id is null
            """),
        new(
            "invitation.left_over",
            "A calendar event is active although the booking or the session is cancelled, or only held.",
            """
            select bookings.run_id, bookings.booking_id, 'session ' || sessions.session_id as what
            from invitations
            join bookings on bookings.booking_id = invitations.booking_id
            join sessions on sessions.session_id = invitations.session_id
            where invitations.status = 'active' and (bookings.status in ('cancelled', 'held') or sessions.cancelled_at is not null)
            """),
        new(
            "invitation.without_mail",
            "The current version of a calendar event has no mail in the outbox.",
            """
            select bookings.run_id, bookings.booking_id, 'session ' || invitations.session_id as what
            from invitations
            join bookings on bookings.booking_id = invitations.booking_id
            left join outbox on outbox.key =
                'booking.invitation/' || invitations.booking_id || '/' || invitations.session_id || '/' || invitations.sequence
            where invitations.status = 'active' and outbox.outbox_id is null
            """),
        new(
            "invitation.cancellation_without_mail",
            "A calendar event was cancelled after the invitation may have left, but no mail takes it out of the calendar.",
            """
            select bookings.run_id, bookings.booking_id, 'session ' || invitations.session_id as what
            from invitations
            join bookings on bookings.booking_id = invitations.booking_id
            left join outbox on outbox.key =
                'booking.cancellation/' || invitations.booking_id || '/' || invitations.session_id || '/' || invitations.sequence
            where invitations.status = 'cancelled' and outbox.outbox_id is null
              and (invitations.sent_sequence is not null or exists (
                select from outbox told
                where told.booking_id = invitations.booking_id and told.session_id = invitations.session_id
                  and told.kind = 'booking.invitation' and (told.status = 'pending' or told.may_have_left)))
            """),
        new(
            "invitation.sent_ahead",
            "A calendar was told a version of an event that does not exist yet.",
            """
            select bookings.run_id, bookings.booking_id, 'session ' || invitations.session_id as what
            from invitations
            join bookings on bookings.booking_id = invitations.booking_id
            where invitations.sent_sequence > invitations.sequence
            """),
    ];
}
