namespace Booking.Data.Invariants;

/// <summary>Something that holds over the whole database at every moment, and the query that finds where it does not.</summary>
/// <param name="Rule">Its name, such as <c>seat.sold_twice</c>: what reports and tests call it.</param>
/// <param name="Fault">What is wrong where it does not hold, in one sentence without names of people.</param>
/// <param name="Sql">
/// Selects one row per fault with the columns <c>run_id</c>, <c>booking_id</c> and <c>what</c> (text such as <c>seat 5</c>: ids
/// only), each null where it says nothing. Knows @now and @patience.
/// </param>
internal sealed record Invariant(string Rule, string Fault, string Sql);

/// <summary>Every invariant, in the order in which they are looked at.</summary>
internal static class AllInvariants
{
    public static IReadOnlyList<Invariant> List { get; } =
    [
        .. GuardInvariants.List,
        .. SeatInvariants.List,
        .. BookingInvariants.List,
        .. WaitingListInvariants.List,
        .. InvitationInvariants.List,
        .. FollowUpInvariants.List,
        .. AttendanceInvariants.List,
        .. OutboxInvariants.List,
    ];
}
