using System.Globalization;
using System.Text;
using Booking.Data.Plans.Reading;

namespace Booking.TestSupport.Plans;

/// <summary>A made-up plan of any size: the same seed makes the same files.</summary>
public sealed class LargePlan
{
    private const int DepartmentCount = 40;
    private const int CourseCount = 200;
    private static readonly string[] FirstNames = ["Æmilie", "Åse", "Øyvind", "Søren", "Rikke", "Bo", "Ida", "Jørgen"];
    private static readonly string[] LastNames = ["Ågård", "Grøn", "Sørensen", "Holm", "Bæk", "Østergaard", "Rask"];

    private readonly Random _random;
    private readonly Dictionary<string, byte[]> _files = [];

    public LargePlan(int employees, int runs, int seed = 1)
    {
        _random = new Random(seed);
        _files[PlanFileNames.Departments] = Write(
            "kode;afdeling;postnr;by;breddegrad;længdegrad;vægt;sekretær e-mail", DepartmentCount,
            i => $"A{i};Afdeling {i};9000;Aalborg;57,0488;9,9217;{20 + (i * 7)};sekretaer.a{i}@example.org");
        _files[PlanFileNames.Courses] = Write(
            "kursuskode;titel;indsatsområde;kompetencetype;målgruppe;form;onlineudgave af;tværsektoriel;sektorer;begrundelse for begrænset målgruppe;"
            + "resumé;beskrivelse;læringsmål;metode;læringsaftale;gyldig i måneder;pris ekstern;forplejning", CourseCount,
            i => $"K{i};Kursus {i};Ledelsesudvikling;faglig;;fysisk;;ja;Kommuner;;Resumé;Beskrivelse;Kunne det;dialog;nej;;1.250,00;økologisk");
        _files[PlanFileNames.Runs] = Write(
            "holdkode;kursuskode;dage;sted;adresse;postnr;by;breddegrad;længdegrad;link;pladser;eksterne pladser;min. deltagere;"
            + "tilmelding åbner;frigives;afmeldingsfrist;underviser;budget", runs, Run);
        _files[PlanFileNames.Employees] = Write(
            "medarbejdernr;navn;e-mail;afdeling;stilling;leder e-mail", employees,
            i => $"{1000 + i};{Pick(FirstNames)} {Pick(LastNames)};m{1000 + i}@example.org;A{i % DepartmentCount};Sygeplejerske;"
                + (i < DepartmentCount ? "" : $"m{1000 + (i % DepartmentCount)}@example.org"));
    }

    public PlanSource Source => new(name => new MemoryStream(_files[name], writable: false));

    public void WriteTo(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var (name, bytes) in _files)
        {
            File.WriteAllBytes(Path.Combine(directory, name), bytes);
        }
    }

    private static byte[] Write(string header, int count, Func<int, string> row)
    {
        var text = new StringBuilder(header).Append("\r\n");
        for (var i = 0; i < count; i++)
        {
            text.Append(row(i)).Append("\r\n");
        }

        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    private string Run(int i)
    {
        var day = new DateTime(2027, 1, 4).AddDays(_random.Next(350));
        string Date(int days) => day.AddDays(days).ToString("dd-MM-yyyy", CultureInfo.InvariantCulture);
        return $"H{i};K{i % CourseCount};{Date(0)} 08:30-15:30 | {Date(7)} 08:30-15:30;Lokale {i % 30};Vej 1;9000;Aalborg;57,0406;9,9020;;"
            + $"{12 + _random.Next(30)};{_random.Next(4)};6;{Date(-120)} 08:00;{Date(-35)} 12:00;{Date(-14)} 12:00;"
            + $"underviser{i % 50}@example.org;36.000,00";
    }

    private string Pick(string[] names) => names[_random.Next(names.Length)];
}
