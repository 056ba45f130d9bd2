namespace Booking.Data.Plans.Reading;

/// <summary>The values a column allows: what HR writes in Danish and what the database calls it.</summary>
internal sealed class PlanWords
{
    private readonly Dictionary<string, string> _storedByWord;

    private PlanWords(params (string Word, string Stored)[] words)
    {
        Words = [.. words.Select(word => word.Word)];
        _storedByWord = words.ToDictionary(word => word.Word, word => word.Stored, StringComparer.OrdinalIgnoreCase);
    }

    public static PlanWords FocusAreas { get; } = new(
        ("Udredning, diagnostik og behandling", "assessment"),
        ("Rusmiddelbehandling/dobbeltdiagnose", "substance_use"),
        ("Det gode pleje- og behandlingsforløb", "care"),
        ("Patient- og pårørendeinvolvering", "involvement"),
        ("Ledelsesudvikling", "leadership"),
        ("Introduktionsforløb for nyansatte medarbejdere og ledere", "introduction"),
        ("Karriere- og udviklingsmuligheder gennem hele ansættelsen", "career"));

    public static PlanWords CompetenceKinds { get; } = new(
        ("faglig", "professional"), ("almen", "general"), ("personlig", "personal"), ("organisatorisk", "organisational"));

    public static PlanWords Forms { get; } = new(("fysisk", "onsite"), ("online", "online"), ("hybrid", "hybrid"));

    public static PlanWords Sectors { get; } = new(
        ("Kommuner", "municipality"), ("Almen praksis", "general_practice"), ("Somatik", "somatic_hospital"), ("Andre", "other"));

    public static PlanWords YesNo { get; } = new(("ja", "true"), ("nej", "false"));

    public IReadOnlyList<string> Words { get; }

    public string? Find(string word) => _storedByWord.GetValueOrDefault(word);

    public string Expected(string value) =>
        $"{Suggestion(value, Words)}en af: {string.Join(", ", Words.Select(word => $"«{word}»"))}";

    /// <summary>«mente du …? » when one candidate is near what was written, else nothing.</summary>
    public static string Suggestion(string value, IEnumerable<string> candidates)
    {
        var nearest = candidates
            .Select(candidate => (candidate, distance: Distance(value.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return nearest.candidate is not null && nearest.distance <= Math.Max(2, nearest.candidate.Length / 3)
            ? $"mente du «{nearest.candidate}»? "
            : "";
    }

    // Levenshtein: how many letters to add, drop or change.
    private static int Distance(string one, string other)
    {
        if (Math.Abs(one.Length - other.Length) > 20)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var cost = one[i - 1] == other[j - 1] ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }

        return row[^1];
    }
}
