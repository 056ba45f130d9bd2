using System.Globalization;
using Booking.Data.FollowUps;

namespace Booking.Web.FollowUps;

/// <summary>The fields of a form after a course, as they are typed. A form has only those of its kind.</summary>
public sealed class FollowUpFields
{
    /// <summary>The course as a whole.</summary>
    public string? Overall { get; set; }

    /// <summary>Relevance for the work.</summary>
    public string? Relevance { get; set; }

    /// <summary>Whether the learning goals were reached.</summary>
    public string? Goals { get; set; }

    /// <summary>Whether one would recommend it.</summary>
    public string? Recommends { get; set; }

    /// <summary>What was best.</summary>
    public string? Best { get; set; }

    /// <summary>What could be better.</summary>
    public string? Better { get; set; }

    /// <summary>What was used.</summary>
    public string? Used { get; set; }

    /// <summary>How often.</summary>
    public string? Frequency { get; set; }

    /// <summary>What stood in the way.</summary>
    public List<string> Barriers { get; set; } = [];

    /// <summary>Whether it was shared.</summary>
    public string? Shared { get; set; }

    /// <summary>What would help.</summary>
    public string? Help { get; set; }

    /// <summary>The fields with what is saved.</summary>
    /// <param name="answer">What is saved.</param>
    public static FollowUpFields Of(FollowUpAnswer answer) => new()
    {
        Overall = Text(answer.Overall),
        Relevance = Text(answer.Relevance),
        Goals = Text(answer.Goals),
        Recommends = Text(answer.Recommends),
        Best = answer.Best,
        Better = answer.Better,
        Used = answer.Used,
        Frequency = Text(answer.Frequency),
        Barriers = [.. answer.Barriers],
        Shared = answer.Shared,
        Help = answer.Help,
    };

    /// <summary>What they say. A choice that is none of those offered counts as not made.</summary>
    public FollowUpAnswer ToAnswer() => new()
    {
        Overall = Point(Overall),
        Relevance = Point(Relevance),
        Goals = Point(Goals),
        Recommends = Point(Recommends),
        Best = Best,
        Better = Better,
        Used = Used,
        Frequency = Point(Frequency),
        Barriers = [.. Barriers],
        Shared = FollowUpAnswer.KnownShared.Contains(Shared) ? Shared : null,
        Help = Help,
    };

    private static short? Point(string? text) => text is "1" or "2" or "3" or "4" or "5" ? short.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string? Text(short? point) => point?.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One question with choices of which one is taken.</summary>
/// <param name="Field">The field's name within the form.</param>
/// <param name="Question">What is asked.</param>
/// <param name="Choices">Stored values, in their order.</param>
/// <param name="Texts">What stands in front of the value in the resource files.</param>
/// <param name="Value">The choice made; null before.</param>
public sealed record FollowUpQuestion(string Field, string Question, IReadOnlyList<string> Choices, string Texts, string? Value)
{
    /// <summary>The five points of a scale.</summary>
    public static IReadOnlyList<string> Points { get; } = ["1", "2", "3", "4", "5"];
}
