namespace Booking.Data.Inbox;

/// <summary>What somebody's calendar answered to an invitation (RFC 5546, method REPLY).</summary>
public sealed record CalendarReply
{
    /// <summary>The invitation's UID.</summary>
    public required Guid Uid { get; init; }

    /// <summary>The version that is answered.</summary>
    public required int Sequence { get; init; }

    /// <summary>Whose answer it is.</summary>
    public required string Attendee { get; init; }

    /// <summary>One of <see cref="CalendarAnswers"/>.</summary>
    public required string Answer { get; init; }
}

/// <summary>What a calendar can answer.</summary>
public static class CalendarAnswers
{
    /// <summary>The person comes.</summary>
    public const string Accepted = "accepted";

    /// <summary>The person does not come.</summary>
    public const string Declined = "declined";

    /// <summary>The person may come.</summary>
    public const string Tentative = "tentative";
}
