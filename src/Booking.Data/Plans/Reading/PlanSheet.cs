using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Booking.Data.Plans.Reading;

/// <summary>One CSV file of the plan, row by row, with the line each row starts on and the columns found by name.</summary>
internal sealed class PlanSheet : IDisposable
{
    /// <summary>Longer fields are taken for a forgotten closing quote.</summary>
    public const int LongestField = 100_000;

    private readonly PlanStream _stream;
    private readonly StreamReader _text;
    private readonly CsvParser _parser;
    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);
    private int _headerFields;
    private bool _isBad;
    private bool _isFinished;

    private PlanSheet(string file, Stream bytes, PlanFaultList faults)
    {
        File = file;
        Faults = faults;
        _stream = new PlanStream(bytes);
        _text = _stream.OpenText();
        _parser = new CsvParser(_text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = ";",
            Mode = CsvMode.RFC4180,
            TrimOptions = TrimOptions.Trim,
            IgnoreBlankLines = false,
            MaxFieldSize = LongestField,
            BadDataFound = _ => _isBad = true,
        });
    }

    public string File { get; }

    public PlanFaultList Faults { get; }

    /// <summary>The physical line on which the current record starts.</summary>
    public int Line { get; private set; }

    /// <summary>Hexadecimal SHA-256 of the file, once it is read to its end.</summary>
    public string Sha256 => _stream.Sha256();

    /// <summary>Share of the file that has been read, from 0 to 1.</summary>
    public double Progress => _stream.Length == 0 ? 1 : (double)_stream.BytesRead / _stream.Length;

    /// <summary>Opens a file and reads its header; a file without usable columns has no rows.</summary>
    public static PlanSheet? Open(PlanSource source, string file, PlanFaultList faults, string[] required, params string[] optional)
    {
        if (source.Open(file) is not { } bytes)
        {
            faults.Add(file, 0, "", "", $"filen mangler; mappen skal rumme {string.Join(", ", PlanFileNames.All)}");
            return null;
        }

        var sheet = new PlanSheet(file, bytes, faults);
        sheet.ReadHeader(required, optional);
        return sheet;
    }

    /// <summary>Goes to the next row that holds anything; false at the end of the file.</summary>
    public bool Read()
    {
        while (!_isFinished)
        {
            if (!Advance(out var fields))
            {
                Finish();
            }
            else if (fields.Any(field => field.Length > 0))
            {
                CheckShape(fields);
                return true;
            }
        }

        return false;
    }

    /// <summary>The trimmed value of a column, empty when blank; null when this row or file has no such column.</summary>
    public string? Value(string column) =>
        _columns.TryGetValue(column, out var index) && index < _parser.Count ? _parser[index] : null;

    public bool Has(string column) => _columns.ContainsKey(column);

    public void Fault(string column, string? value, string expected) => Faults.Add(File, Line, column, value, expected);

    public void Dispose()
    {
        _parser.Dispose();
        _text.Dispose();
    }

    private bool Advance(out string[] fields)
    {
        fields = [];
        Line = _parser.RawRow + 1;
        _isBad = false;
        try
        {
            if (!_parser.Read())
            {
                return false;
            }

            fields = _parser.Record ?? [];
        }
        catch (MaxFieldSizeException)
        {
            Fault("", "", $"felter på højst {LongestField} tegn; sandsynligvis mangler et afsluttende anførselstegn. Resten af filen er ikke læst");
            Finish();
            return false;
        }

        if (_isBad)
        {
            Fault("", fields.FirstOrDefault(field => field.Contains('"', StringComparison.Ordinal)), "et felt med anførselstegn står helt i anførselstegn, og hvert anførselstegn i det skrives to gange");
        }

        return true;
    }

    private void Finish()
    {
        if (!_isFinished && _stream.Invalid is { } invalid)
        {
            Faults.Add(File, invalid.Line, "", $"byte 0x{invalid.Value:X2} på plads {invalid.Position}", "UTF-8; gem filen som «CSV UTF-8» (den ligner Windows-1252/ANSI)");
        }

        _isFinished = true;
    }

    private void CheckShape(string[] fields)
    {
        if (fields.Length < _headerFields)
        {
            Fault("", fields[0], $"{_headerFields} felter som i overskriften, ikke {fields.Length}; mangler der et semikolon eller et anførselstegn?");
        }
        else if (fields.Skip(_headerFields).FirstOrDefault(field => field.Length > 0) is { } surplus)
        {
            Fault("", surplus, $"{_headerFields} felter som i overskriften, ikke {fields.Length}; tekst med semikolon skal stå i anførselstegn");
        }
    }

    private void ReadHeader(string[] required, string[] optional)
    {
        if (!Advance(out var header) || Array.TrueForAll(header, name => name.Length == 0))
        {
            if (!_isFinished)
            {
                Faults.Add(File, 1, "", "", $"filen er tom; første linje skal være {string.Join(';', required)}");
            }

            Finish();
            return;
        }

        if (UnreadableHeader(header, required) is { } reason)
        {
            Fault("", header[0], reason);
            _isFinished = true;
            return;
        }

        _headerFields = header.Length;
        string[] known = [.. required, .. optional];
        for (var i = 0; i < header.Length; i++)
        {
            AddColumn(header[i], i, known);
        }

        foreach (var missing in required.Where(name => !_columns.ContainsKey(name)))
        {
            Fault(missing, "", "kolonnen mangler i overskriften");
        }
    }

    private string? UnreadableHeader(string[] header, string[] required)
    {
        if (header[0].StartsWith("ÿþ", StringComparison.Ordinal) || header[0].StartsWith("þÿ", StringComparison.Ordinal) || header[0].Contains('\0', StringComparison.Ordinal))
        {
            return "UTF-8; filen er gemt som Unicode (UTF-16). Gem den som «CSV UTF-8»";
        }

        var delimiter = header.Length > 1 ? '\0' : header[0].FirstOrDefault(letter => letter is ',' or '\t' or '|');
        return delimiter != '\0' && header[0].Split(delimiter).Any(name => required.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase))
            ? $"semikolon mellem kolonnerne, ikke {(delimiter switch { ',' => "komma", '\t' => "tabulator", _ => "lodret streg" })}"
            : null;
    }

    // A nameless column is what Excel leaves behind for an emptied one: no fault until a row has something in it.
    private void AddColumn(string name, int index, string[] known)
    {
        if (name.Length == 0)
        {
            _headerFields = Math.Min(_headerFields, index);
        }
        else if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            Fault(name, name, $"{PlanWords.Suggestion(name, known)}kolonnerne er {string.Join(", ", known)}");
        }
        else if (!_columns.TryAdd(name, index))
        {
            Fault(name, name, "kolonnen må kun stå én gang");
        }
    }
}
