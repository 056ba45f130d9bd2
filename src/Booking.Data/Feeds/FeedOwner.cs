using Booking.Data.Outbox;

namespace Booking.Data.Feeds;

/// <summary>Whose calendar a feed shows: a department's or a person's.</summary>
public sealed record FeedOwner
{
    /// <summary>The department; null when it is a person's.</summary>
    public long? DepartmentId { get; init; }

    /// <summary>The person; null when it is a department's.</summary>
    public long? PersonId { get; init; }

    internal string Purpose => PersonId is null ? LinkPurposes.DepartmentFeed : LinkPurposes.PersonFeed;

    /// <summary>A department.</summary>
    /// <param name="departmentId">Which one.</param>
    public static FeedOwner OfDepartment(long departmentId) => new() { DepartmentId = departmentId };

    /// <summary>A person.</summary>
    /// <param name="personId">Which one.</param>
    public static FeedOwner OfPerson(long personId) => new() { PersonId = personId };
}
