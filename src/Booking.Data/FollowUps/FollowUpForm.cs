namespace Booking.Data.FollowUps;

/// <summary>A form as the page behind its link shows it.</summary>
public sealed record FollowUpForm
{
    /// <summary>The form.</summary>
    public required long FormId { get; init; }

    /// <summary>One of <see cref="FollowUpKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>1, 30, 60 or 90 days after the last session.</summary>
    public required int Days { get; init; }

    /// <summary>The course's title.</summary>
    public required string CourseTitle { get; init; }

    /// <summary>What one can do after the course.</summary>
    public required string[] LearningGoals { get; init; }

    /// <summary>The run's code.</summary>
    public required string RunCode { get; init; }

    /// <summary>Start of the first session.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The run's zone.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Who attended.</summary>
    public required string PersonName { get; init; }

    /// <summary>The booking's status: anything but <c>attended</c>, and nothing is asked.</summary>
    public required string BookingStatus { get; init; }

    /// <summary>Until when the link takes an answer.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When something was last saved; null before that.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary>When it was sent in; null while it is a draft.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>What is saved so far.</summary>
    public FollowUpAnswer Answer { get; init; } = new();
}
