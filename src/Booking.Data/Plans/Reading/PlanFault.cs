namespace Booking.Data.Plans.Reading;

/// <summary>Something in the plan's files that HR has to put right before the plan can be imported.</summary>
public sealed record PlanFault
{
    /// <summary>Name of the file, such as <c>hold.csv</c>.</summary>
    public required string File { get; init; }

    /// <summary>The physical line, counted from 1, on which the record starts; 0 when the fault is about the whole file.</summary>
    public required int Line { get; init; }

    /// <summary>The column's name as it stands in the file; empty when the fault is about the whole line or file.</summary>
    public required string Column { get; init; }

    /// <summary>The value as typed, shortened when it is long.</summary>
    public required string Value { get; init; }

    /// <summary>What would be right, in Danish.</summary>
    public required string Expected { get; init; }

    /// <summary>The fault as one line: <c>fil:linje: kolonne: værdi — hvad der ville være rigtigt</c>.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}" : File;
        var column = Column.Length > 0 ? $" {Column}:" : "";
        return $"{place}:{column} «{Value}» — {Expected}";
    }
}

/// <summary>Collects faults, so that all are reported at once; a file of nothing but faults still fits in memory.</summary>
public sealed class PlanFaultList
{
    /// <summary>How many faults of one file are kept; the rest are only counted.</summary>
    public const int KeptPerFile = 5_000;

    private const int ShownCharacters = 80;
    private readonly List<PlanFault> _faults = [];
    private readonly Dictionary<string, int> _countByFile = [];

    /// <summary>How many faults were found, kept or not.</summary>
    public int Count { get; private set; }

    /// <summary>The kept faults by file (in the order they are read) and line.</summary>
    public IReadOnlyList<PlanFault> Sorted() =>
        [.. _faults.OrderBy(fault => Array.IndexOf(PlanFileNames.All, fault.File)).ThenBy(fault => fault.Line)];

    /// <summary>How many faults a file has.</summary>
    /// <param name="file">Name of the file.</param>
    public int CountIn(string file) => _countByFile.GetValueOrDefault(file);

    internal void Add(string file, int line, string column, string? value, string expected)
    {
        Count++;
        var count = _countByFile[file] = CountIn(file) + 1;
        if (count <= KeptPerFile)
        {
            _faults.Add(new PlanFault { File = file, Line = line, Column = column, Value = Shown(value), Expected = expected });
        }
    }

    private static string Shown(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return "";
        }

        var cut = value.Length > ShownCharacters;
        var end = cut && char.IsHighSurrogate(value[ShownCharacters - 1]) ? ShownCharacters - 1 : Math.Min(value.Length, ShownCharacters);
        var shown = string.Create(end, value, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = source[i] switch { '\n' => '⏎', '\r' or '\t' => ' ', < ' ' or '\x7f' => '�', var other => other };
            }
        });
        return cut ? $"{shown}… ({value.Length} tegn)" : shown;
    }
}
