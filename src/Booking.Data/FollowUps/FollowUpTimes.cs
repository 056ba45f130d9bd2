namespace Booking.Data.FollowUps;

/// <summary>
/// How long people have for follow-ups. When they are due stands in the SQL of <see cref="FollowUpRepository"/>: days count from the
/// date of the last session, at eight in the morning on the run's own clock.
/// </summary>
public static class FollowUpTimes
{
    /// <summary>How many days after the mail has left one reminder is sent to whoever has not answered.</summary>
    public const int ReminderDays = 7;

    /// <summary>How long the link in a mail works, from when the mail is made.</summary>
    public static readonly TimeSpan LinkLife = TimeSpan.FromDays(60);
}
