using Booking.Data.Bookings;

namespace Booking.Web.Pages.Bookings;

/// <summary>What the table of bookings shows.</summary>
/// <param name="Bookings">The rows.</param>
/// <param name="Now">Rows that start later can be cancelled.</param>
/// <param name="ByPerson">A run's people, or a person's runs.</param>
public sealed record BookingTable(IReadOnlyList<BookingView> Bookings, DateTimeOffset Now, bool ByPerson);
