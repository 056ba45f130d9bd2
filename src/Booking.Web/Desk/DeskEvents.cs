using Booking.Data.Audit;
using Booking.Web.Audit;

namespace Booking.Web.Desk;

/// <summary>Entries of the trail as the desk lists them.</summary>
/// <param name="Lines">The entries, newest first.</param>
/// <param name="Words">How they are worded.</param>
/// <param name="TimeZone">The run's zone.</param>
public sealed record DeskEvents(IReadOnlyList<AuditLine> Lines, AuditWords Words, string TimeZone);
