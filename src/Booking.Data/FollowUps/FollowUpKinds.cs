using Booking.Data.Outbox;

namespace Booking.Data.FollowUps;

/// <summary>What is asked after a course, as stored.</summary>
public static class FollowUpKinds
{
    /// <summary>Of the participant, the day after the last session: how was it?</summary>
    public const string Evaluation = "evaluation";

    /// <summary>Of the participant, after 30, 60 and 90 days: what has been of use?</summary>
    public const string Use = "use";

    /// <summary>Of the participant's leader, after 60 days: has it been used?</summary>
    public const string Leader = "leader";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Evaluation, Use, Leader];

    /// <summary>The mail that asks.</summary>
    internal static string Mail(string kind) => kind switch
    {
        Evaluation => OutboxKinds.FollowUpEvaluation,
        Use => OutboxKinds.FollowUpUse,
        Leader => OutboxKinds.FollowUpLeader,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No follow-up is called so."),
    };
}
