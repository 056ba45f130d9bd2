using Booking.Data.WaitingLists;

namespace Booking.Web.Pages.WaitingLists;

/// <summary>One entry as its pages show it, by a personal link or signed in.</summary>
public sealed record EntryView
{
    /// <summary>Who waits for what, and at which place.</summary>
    public required WaitingPlace Place { get; init; }

    /// <summary>What stands in the way of a seat.</summary>
    public required WaitingExplanation Explanation { get; init; }

    /// <summary>Whether the reader may see who has the department's seats.</summary>
    public required bool WithNames { get; init; }

    /// <summary>When the page was asked for.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>What became of the answer; null before there was one.</summary>
    public AnswerResult? Answer { get; init; }
}

/// <summary>The people of one run who wait, as a table.</summary>
/// <param name="Places">The people, in their order.</param>
/// <param name="WithDepartment">Whether it says whose list each is on.</param>
public sealed record PlaceTable(IReadOnlyList<WaitingPlace> Places, bool WithDepartment);

/// <summary>How a run's list is served, for the rule of order in words.</summary>
/// <param name="Mode">One of <see cref="Booking.Data.Runs.WaitingListModes"/>.</param>
/// <param name="Hours">For how many working hours an offer stands.</param>
public sealed record OrderView(string Mode, int Hours);
