namespace Booking.Data.Bookings;

/// <summary>Whose bookings somebody may see and change: asked in the query, so that no page can forget.</summary>
public sealed record BookingScope
{
    private BookingScope()
    {
    }

    /// <summary>Everything: HR.</summary>
    public bool Everything { get; private init; }

    /// <summary>Bookings of these departments: their secretaries.</summary>
    public IReadOnlyCollection<long> DepartmentIds { get; private init; } = [];

    /// <summary>Bookings of this person: oneself.</summary>
    public long? PersonId { get; private init; }

    /// <summary>This one booking: the holder of its personal link.</summary>
    public long? BookingId { get; private init; }

    // Whichever part of the scope is not given lets nothing through.
    internal const string Condition =
        """
        (@Everything or bookings.department_id = any(@DepartmentIds) or bookings.person_id = @PersonId
            or bookings.booking_id = @BookingId)
        """;

    internal object With(Guid reference) =>
        new { reference, Everything, DepartmentIds = DepartmentIds.ToArray(), PersonId, BookingId };

    /// <summary>All bookings.</summary>
    public static BookingScope All { get; } = new() { Everything = true };

    /// <summary>What a signed-in person may see: own bookings and those of the departments one is secretary of.</summary>
    /// <param name="personId">The signed-in person, when known to the plan.</param>
    /// <param name="departmentIds">The departments one is secretary of.</param>
    public static BookingScope Of(long? personId, IReadOnlyCollection<long> departmentIds) =>
        new() { PersonId = personId, DepartmentIds = departmentIds };

    /// <summary>The booking that a personal link leads to.</summary>
    public static BookingScope OfLink(long bookingId) => new() { BookingId = bookingId };
}
