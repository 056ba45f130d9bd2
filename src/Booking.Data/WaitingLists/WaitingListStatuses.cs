namespace Booking.Data.WaitingLists;

/// <summary>Values of <c>waiting_list_entries.status</c>.</summary>
public static class WaitingListStatuses
{
    /// <summary>Waits for a seat.</summary>
    public const string Waiting = "waiting";

    /// <summary>A seat is held for the person, who has not answered yet.</summary>
    public const string Offered = "offered";

    /// <summary>The person has a seat.</summary>
    public const string Accepted = "accepted";

    /// <summary>The person said no to the offer.</summary>
    public const string Declined = "declined";

    /// <summary>The offer was not answered in time, or no seat came before the sign-up stop.</summary>
    public const string Expired = "expired";

    /// <summary>The person, or the department, gave the place up.</summary>
    public const string Withdrawn = "withdrawn";
}
