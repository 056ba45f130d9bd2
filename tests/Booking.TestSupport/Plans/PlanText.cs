using System.Text;
using Booking.Data.Plans.Reading;

namespace Booking.TestSupport.Plans;

/// <summary>The four files of a small valid plan, to be changed cell by cell.</summary>
public sealed class PlanText
{
    private readonly Dictionary<string, List<string[]>> rows = new()
    {
        [PlanFileNames.Departments] =
        [
            ["kode", "afdeling", "postnr", "by", "breddegrad", "længdegrad", "vægt", "sekretær e-mail"],
            ["NORD", "Psykiatri Nord", "9700", "Brønderslev", "57,2702", "9,9410", "6", "sekretaer.nord@example.org"],
            ["SYD", "Psykiatri Syd", "9000", "Aalborg", "57,0488", "9,9217", "4", "sekretaer.syd@example.org; vikar.syd@example.org"],
        ],
        [PlanFileNames.Courses] =
        [
            [
                "kursuskode", "titel", "indsatsområde", "kompetencetype", "målgruppe", "form", "onlineudgave af", "tværsektoriel",
                "sektorer", "begrundelse for begrænset målgruppe", "resumé", "beskrivelse", "læringsmål", "metode", "læringsaftale",
                "gyldig i måneder", "pris ekstern", "forplejning",
            ],
            [
                "K1", "Selvskade", "Udredning, diagnostik og behandling", "faglig", "", "fysisk", "", "ja", "Kommuner; Andre", "",
                "Kort.", "Langt.\nI to linjer; «og» \"citat\".", "Kunne et | Kunne to", "dialog", "ja", "24", "1.250,00", "økologisk",
            ],
            [
                "K2", "Selvskade, online", "Det gode pleje- og behandlingsforløb", "almen", "Læger; Psykologer", "online", "K1", "nej", "",
                "Kræver autorisation.", "", "", "", "", "nej", "", "", "",
            ],
        ],
        [PlanFileNames.Runs] =
        [
            [
                "holdkode", "kursuskode", "dage", "sted", "adresse", "postnr", "by", "breddegrad", "længdegrad", "link", "pladser",
                "eksterne pladser", "min. deltagere", "tilmelding åbner", "frigives", "afmeldingsfrist", "underviser", "budget",
            ],
            [
                "K1-1", "K1", "15-03-2027 08:30-15:30 | 16-03-2027 08:30-15:30", "Psykiatriens Hus", "Mølleparkvej 10", "9000", "Aalborg",
                "57,0406", "9,9020", "", "10", "2", "6", "15-11-2026 08:00", "08-02-2027 12:00", "01-03-2027 12:00",
                "underviser@example.org", "36.000,00",
            ],
            [
                "K2-1", "K2", "05-04-2027 09:00-12:00", "Online (Teams)", "", "", "", "", "", "https://video.example.org/k2-1", "8", "0",
                "0", "06-12-2026 08:00", "01-03-2027 12:00", "22-03-2027 12:00", "", "",
            ],
        ],
        [PlanFileNames.Employees] =
        [
            ["medarbejdernr", "navn", "e-mail", "afdeling", "stilling", "leder e-mail"],
            ["1001", "Æmilie Rask", "m1001@example.org", "NORD", "Leder", ""],
            ["1002", "Åse Ågård", "m1002@example.org", "NORD", "Læge", "m1001@example.org"],
            ["1003", "Øyvind Grøn", "m1003@example.org", "SYD", "", ""],
        ],
    };

    private readonly Dictionary<string, byte[]?> overrides = [];

    /// <summary>What the files are written with.</summary>
    public string NewLine { get; set; } = "\r\n";

    public bool ByteOrderMark { get; set; } = true;

    public PlanSource Source => new(name => Bytes(name) is { } bytes ? new MemoryStream(bytes) : null);

    /// <summary>Writes one cell; row 1 is the first after the header.</summary>
    public PlanText Set(string file, int row, string column, string value)
    {
        rows[file][row][Array.IndexOf(rows[file][0], column)] = value;
        return this;
    }

    public string Get(string file, int row, string column) => rows[file][row][Array.IndexOf(rows[file][0], column)];

    /// <summary>Adds a row: a copy of another with some cells changed.</summary>
    public PlanText Add(string file, int copyOf, params (string Column, string Value)[] cells)
    {
        rows[file].Add([.. rows[file][copyOf]]);
        foreach (var (column, value) in cells)
        {
            Set(file, rows[file].Count - 1, column, value);
        }

        return this;
    }

    public PlanText Remove(string file, int row)
    {
        rows[file].RemoveAt(row);
        return this;
    }

    public PlanText AddColumn(string file, string column, params string[] values)
    {
        rows[file] = [.. rows[file].Select((row, i) => (string[])[.. row, i == 0 ? column : values.ElementAtOrDefault(i - 1) ?? ""])];
        return this;
    }

    public PlanText RemoveColumn(string file, string column)
    {
        var index = Array.IndexOf(rows[file][0], column);
        rows[file] = [.. rows[file].Select(row => row.Where((_, i) => i != index).ToArray())];
        return this;
    }

    public PlanText ReverseColumns(string file)
    {
        rows[file] = [.. rows[file].Select(row => row.Reverse().ToArray())];
        return this;
    }

    /// <summary>Replaces a whole file; null makes it missing.</summary>
    public PlanText Replace(string file, byte[]? bytes)
    {
        overrides[file] = bytes;
        return this;
    }

    public PlanText Replace(string file, string text) => Replace(file, Encoding.UTF8.GetBytes(text));

    public byte[]? Bytes(string file) =>
        overrides.TryGetValue(file, out var bytes) ? bytes : [.. ByteOrderMark ? Encoding.UTF8.Preamble : [], .. Encoding.UTF8.GetBytes(Text(file))];

    public string Text(string file) =>
        string.Concat(rows[file].Select(row => string.Join(';', row.Select(Quoted)) + NewLine));

    public void WriteTo(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var file in PlanFileNames.All)
        {
            File.WriteAllBytes(Path.Combine(directory, file), Bytes(file)!);
        }
    }

    private static string Quoted(string value) =>
        value.AsSpan().IndexOfAny(";\"\r\n") >= 0 ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}
