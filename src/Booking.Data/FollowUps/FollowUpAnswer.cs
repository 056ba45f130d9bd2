namespace Booking.Data.FollowUps;

/// <summary>What somebody answered, or has saved so far. A form has only the fields of its kind; the others stay empty.</summary>
public sealed record FollowUpAnswer
{
    /// <summary>The longest free text, in characters.</summary>
    public const int MaximumText = 2000;

    /// <summary>What may have stood in the way.</summary>
    public static IReadOnlyList<string> KnownBarriers { get; } = ["time", "opportunity", "leader", "colleagues", "skill", "not_relevant"];

    /// <summary>Whether it was shared with colleagues: <c>yes</c>, <c>planned</c> or <c>no</c>.</summary>
    public static IReadOnlyList<string> KnownShared { get; } = ["yes", "planned", "no"];

    /// <summary>Evaluation: the course as a whole, 1 (poor) to 5 (very good).</summary>
    public short? Overall { get; init; }

    /// <summary>Evaluation: relevance for the work, 1 to 5.</summary>
    public short? Relevance { get; init; }

    /// <summary>Evaluation: whether the learning goals were reached, 1 to 5.</summary>
    public short? Goals { get; init; }

    /// <summary>Evaluation: whether the participant would recommend it, 1 to 5.</summary>
    public short? Recommends { get; init; }

    /// <summary>Evaluation: what was best.</summary>
    public string? Best { get; init; }

    /// <summary>Evaluation: what could be better.</summary>
    public string? Better { get; init; }

    /// <summary>Use: what of it was used.</summary>
    public string? Used { get; init; }

    /// <summary>Use and leader: how often, 1 (never), 2 (rarely), 3 (monthly), 4 (weekly), 5 (daily).</summary>
    public short? Frequency { get; init; }

    /// <summary>Use: what stood in the way, of <see cref="KnownBarriers"/>.</summary>
    public string[] Barriers { get; init; } = [];

    /// <summary>Use: whether it was shared with colleagues; see <see cref="KnownShared"/>.</summary>
    public string? Shared { get; init; }

    /// <summary>Leader: what would help.</summary>
    public string? Help { get; init; }

    /// <summary>Whether every choice is one of those offered and no text is too long.</summary>
    internal bool IsValid =>
        new[] { Overall, Relevance, Goals, Recommends, Frequency }.All(value => value is null or (>= 1 and <= 5))
        && Barriers.All(KnownBarriers.Contains)
        && (Shared is null || KnownShared.Contains(Shared))
        && new[] { Best, Better, Used, Help }.All(text => text is null || text.Length <= MaximumText);

    /// <summary>The fields that must be answered before it can be sent, and are not.</summary>
    /// <param name="kind">The form's kind; see <see cref="FollowUpKinds"/>.</param>
    public IReadOnlyList<string> Missing(string kind)
    {
        (string Field, bool IsThere)[] required = kind switch
        {
            FollowUpKinds.Evaluation =>
            [
                (nameof(Overall), Overall is not null), (nameof(Relevance), Relevance is not null),
                (nameof(Goals), Goals is not null), (nameof(Recommends), Recommends is not null),
            ],
            FollowUpKinds.Use => [(nameof(Frequency), Frequency is not null), (nameof(Shared), Shared is not null)],
            _ => [(nameof(Frequency), Frequency is not null)],
        };
        return [.. required.Where(field => !field.IsThere).Select(field => field.Field)];
    }

    /// <summary>The same with only the fields of one kind, and texts without white space around them.</summary>
    internal FollowUpAnswer Of(string kind) => kind switch
    {
        FollowUpKinds.Evaluation => new()
        {
            Overall = Overall,
            Relevance = Relevance,
            Goals = Goals,
            Recommends = Recommends,
            Best = Trimmed(Best),
            Better = Trimmed(Better),
        },
        FollowUpKinds.Use => new()
        {
            Used = Trimmed(Used),
            Frequency = Frequency,
            Barriers = [.. KnownBarriers.Intersect(Barriers)],
            Shared = Shared,
        },
        _ => new() { Frequency = Frequency, Help = Trimmed(Help) },
    };

    private static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.ReplaceLineEndings("\n").Trim();
}
