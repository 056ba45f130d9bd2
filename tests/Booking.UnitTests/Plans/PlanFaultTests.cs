using System.Text;
using Booking.Data.Plans.Reading;
using Booking.TestSupport.Plans;
using Xunit;

namespace Booking.UnitTests.Plans;

public sealed class PlanFaultTests
{
    private const string Departments = PlanFileNames.Departments;
    private const string Courses = PlanFileNames.Courses;
    private const string Runs = PlanFileNames.Runs;
    private const string Employees = PlanFileNames.Employees;

    private static IReadOnlyList<PlanFault> Faults(PlanText text) => PlanFiles.Read(text.Source, new PlanReadSettings { TimeZone = "Europe/Copenhagen" }).Faults.Sorted();

    private static void AssertFault(PlanFault fault, string file, int line, string column, string value, string expected)
    {
        Assert.Equal((file, line, column, value), (fault.File, fault.Line, fault.Column, fault.Value));
        Assert.Contains(expected, fault.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Departments, 1, "kode", "", "skal udfyldes")]
    [InlineData(Departments, 1, "by", "", "skal udfyldes")]
    [InlineData(Departments, 1, "postnr", "97000", "fire cifre")]
    [InlineData(Departments, 1, "breddegrad", "57.2702", "decimalkomma som «57,0488»")]
    [InlineData(Departments, 1, "breddegrad", "91", "fra -90 til 90")]
    [InlineData(Departments, 1, "vægt", "-1", "et helt tal fra 0 til 1.000.000")]
    [InlineData(Departments, 1, "vægt", "2,5", "et helt tal")]
    [InlineData(Departments, 1, "sekretær e-mail", "", "skal udfyldes")]
    [InlineData(Departments, 1, "sekretær e-mail", "sekretær@example.org", "en e-mailadresse som")]
    [InlineData(Courses, 1, "kursuskode", "K 1", "uden mellemrum")]
    [InlineData(Courses, 1, "indsatsområde", "Udredning, diagnostik og behandlng", "mente du «Udredning, diagnostik og behandling»?")]
    [InlineData(Courses, 1, "kompetencetype", "teknisk", "en af: «faglig», «almen», «personlig», «organisatorisk»")]
    [InlineData(Courses, 1, "tværsektoriel", "måske", "en af: «ja», «nej»")]
    [InlineData(Courses, 1, "sektorer", "", "en af: «Kommuner»")]
    [InlineData(Courses, 1, "sektorer", "Regionen", "«Almen praksis»")]
    [InlineData(Courses, 2, "sektorer", "Andre", "tom, når kurset ikke er tværsektorielt")]
    [InlineData(Courses, 2, "begrundelse for begrænset målgruppe", "", "fælles eller forklar")]
    [InlineData(Courses, 2, "onlineudgave af", "K3", "mente du «K1»? en kursuskode fra kurser.csv")]
    [InlineData(Courses, 2, "onlineudgave af", "K2", "ikke selv er online")]
    [InlineData(Courses, 2, "form", "hybrid", "«online», når kurset er onlineudgave af K1")]
    [InlineData(Courses, 1, "læringsaftale", "", "skal udfyldes")]
    [InlineData(Courses, 1, "gyldig i måneder", "0", "fra 1 til 600")]
    [InlineData(Courses, 1, "pris ekstern", "1,250.00", "decimalkomma som «1.250,00»")]
    [InlineData(Courses, 1, "pris ekstern", "1.250,005", "højst 2 decimaler")]
    [InlineData(Runs, 1, "kursuskode", "K9", "mente du «K1»?")]
    [InlineData(Runs, 1, "dage", "", "skal udfyldes")]
    [InlineData(Runs, 1, "dage", "15/3 8.30", "kursusdage som «15-03-2027 08:30-15:30")]
    [InlineData(Runs, 1, "dage", "15-03-2027 08:30-15:30 |", "kursusdage som")]
    [InlineData(Runs, 1, "dage", "31-02-2027 08:30-15:30", "«31-02-2027» er ikke i kalenderen")]
    [InlineData(Runs, 1, "dage", "15-03-2027 08:30-24:30", "mellem 00:00 og 23:59, ikke «24:30»")]
    [InlineData(Runs, 1, "dage", "28-03-2027 02:30-05:30", "02:30 den 28-03-2027 springes over")]
    [InlineData(Runs, 1, "dage", "15-03-2027 15:30-08:30", "et sluttidspunkt efter begyndelsen")]
    [InlineData(Runs, 1, "dage", "16-03-2027 08:30-15:30 | 15-03-2027 08:30-15:30", "«15-03-2027 08:30-15:30» ligger før dagen foran")]
    [InlineData(Runs, 1, "dage", "15-03-2027 08:30-15:30 | 15-03-2027 15:00-16:00", "begynder, før dagen foran er slut")]
    [InlineData(Runs, 1, "dage", "15-03-1927 08:30-15:30", "et år mellem 2000 og 2100")]
    [InlineData(Runs, 1, "link", "video.example.org", "https://")]
    [InlineData(Runs, 1, "pladser", "0", "fra 1 til 10.000")]
    [InlineData(Runs, 1, "eksterne pladser", "11", "højst holdets 10 pladser")]
    [InlineData(Runs, 2, "eksterne pladser", "1", "0, fordi kurset K2 ikke er tværsektorielt")]
    [InlineData(Runs, 1, "min. deltagere", "12", "højst holdets 10 pladser")]
    [InlineData(Runs, 1, "tilmelding åbner", "13-03-2027 08:00", "før tilmeldingen lukker (12-03-2027 12:00)")]
    [InlineData(Runs, 1, "tilmelding åbner", "i dag", "dato og klokkeslæt som")]
    [InlineData(Runs, 1, "frigives", "15-03-2027 08:31", "ikke ligger efter holdets begyndelse")]
    [InlineData(Runs, 1, "afmeldingsfrist", "16-03-2027 08:00", "ikke ligger efter holdets begyndelse")]
    [InlineData(Runs, 1, "afmeldingsfrist", "", "skal udfyldes")]
    [InlineData(Runs, 1, "underviser", "Søren", "en e-mailadresse")]
    [InlineData(Runs, 1, "budget", "mange penge", "et tal med decimalkomma")]
    [InlineData(Employees, 2, "afdeling", "NRD", "mente du «NORD»? en kode fra afdelinger.csv")]
    [InlineData(Employees, 2, "e-mail", "m1002@", "en e-mailadresse")]
    [InlineData(Employees, 2, "leder e-mail", "m1009@example.org", "e-mailadressen på en medarbejder i filen")]
    [InlineData(Employees, 2, "navn", "Åse\0Ågård", "uden styretegn")]
    public void Cell_that_is_wrong_is_named_with_place_value_and_what_would_be_right(
        string file, int row, string column, string value, string expected)
    {
        // What refers to a code that is wrong has a fault too; nothing else has one in its train.
        var isCode = column == "kode" || (file == Courses && column == "kursuskode");
        var fault = Assert.Single(
            Faults(new PlanText().Set(file, row, column, value)), fault => !isCode || (fault.File, fault.Column) == (file, column));

        var line = file == Courses && row == 2 ? 4 : row + 1;
        AssertFault(fault, file, line, column, value.Replace('\0', '�'), expected);
    }

    [Fact]
    public void Too_long_value_is_cut_in_the_message()
    {
        var fault = Assert.Single(Faults(new PlanText().Set(Courses, 1, "titel", new string('å', 301))));

        AssertFault(fault, Courses, 2, "titel", new string('å', 80) + "… (301 tegn)", "højst 300 tegn");
    }

    [Theory]
    [InlineData(Departments, 1, "kode", "Nord")]
    [InlineData(Courses, 1, "kursuskode", "K1")]
    [InlineData(Runs, 2, "holdkode", "K2-1")]
    [InlineData(Employees, 2, "medarbejdernr", "1002")]
    [InlineData(Employees, 2, "e-mail", "M1002@example.org")]
    public void Key_that_stands_twice_names_the_first_line(string file, int row, string column, string value)
    {
        var text = new PlanText();
        text.Add(file, row, (column, value));
        if (file == Employees)
        {
            text.Set(file, 4, column == "e-mail" ? "medarbejdernr" : "e-mail", column == "e-mail" ? "1004" : "m1004@example.org");
        }

        var fault = Assert.Single(Faults(text));

        Assert.Equal((column, value), (fault.Column, fault.Value));
        Assert.EndsWith($"den står også i linje {row + 1}", fault.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Sign_up_that_closes_after_the_start_is_a_fault()
    {
        var text = new PlanText().AddColumn(Runs, "tilmelding lukker", "15-03-2027 09:00", "");

        AssertFault(Assert.Single(Faults(text)), Runs, 2, "tilmelding lukker", "15-03-2027 09:00", "ikke ligger efter");
    }

    [Fact]
    public void Weights_of_nothing_are_a_fault()
    {
        var text = new PlanText().Set(Departments, 1, "vægt", "0").Set(Departments, 2, "vægt", "0");

        AssertFault(Assert.Single(Faults(text)), Departments, 2, "vægt", "0", "vægt over 0");
    }

    [Fact]
    public void Header_faults_are_named_and_the_rest_of_the_file_is_still_checked()
    {
        var text = new PlanText()
            .RemoveColumn(Departments, "by").AddColumn(Departments, "vægtt", "6", "4").AddColumn(Departments, "kode", "NORD", "SYD")
            .Set(Departments, 2, "postnr", "x");

        var faults = Faults(text);

        Assert.Equal(4, faults.Count);
        AssertFault(faults[0], Departments, 1, "vægtt", "vægtt", "mente du «vægt»? kolonnerne er kode, afdeling");
        AssertFault(faults[1], Departments, 1, "kode", "kode", "kun stå én gang");
        AssertFault(faults[2], Departments, 1, "by", "", "kolonnen mangler");
        AssertFault(faults[3], Departments, 3, "postnr", "x", "fire cifre");
    }

    [Fact]
    public void Missing_file_is_one_fault() =>
        AssertFault(Assert.Single(Faults(new PlanText().Replace(Runs, (byte[]?)null))), Runs, 0, "", "", "filen mangler");

    [Theory]
    [InlineData("", "filen er tom; første linje skal være kode;afdeling")]
    [InlineData("\r\n", "filen er tom")]
    [InlineData("kode;afdeling;postnr;by;breddegrad;længdegrad;vægt;sekretær e-mail\r\n", "mindst én linje efter overskriften")]
    public void Empty_file_is_a_fault(string content, string expected)
    {
        var faults = Faults(new PlanText().Replace(Departments, content));

        AssertFault(faults[0], Departments, 1, "", "", expected);
    }

    [Theory]
    [InlineData(',', "komma")]
    [InlineData('\t', "tabulator")]
    public void Wrong_delimiter_is_one_fault_of_the_file(char delimiter, string expected)
    {
        var text = new PlanText();
        var faults = Faults(text.Replace(Departments, text.Text(Departments).Replace(';', delimiter)));

        var fault = Assert.Single(faults, fault => fault.File == Departments);
        Assert.Equal((1, $"semikolon mellem kolonnerne, ikke {expected}"), (fault.Line, fault.Expected));
    }

    [Fact]
    public void Surplus_and_missing_fields_are_faults_of_their_line()
    {
        var text = new PlanText();
        text.Replace(Employees, text.Text(Employees) + "1004;Ida;m1004@example.org;SYD\r\n1005;Bo;m1005@example.org;SYD;Læge;;hov\r\n");

        var faults = Faults(text);

        Assert.Equal(2, faults.Count);
        AssertFault(faults[0], Employees, 5, "", "1004", "6 felter som i overskriften, ikke 4");
        AssertFault(faults[1], Employees, 6, "", "hov", "6 felter som i overskriften, ikke 7");
    }

    [Fact]
    public void Stray_quote_is_a_fault_of_its_line()
    {
        var text = new PlanText();
        text.Replace(Employees, text.Text(Employees) + "1004;Ida \"Bo\" Holm;m1004@example.org;SYD;;\r\n1005;Bo;x;SYD;;\r\n");

        var faults = Faults(text);

        Assert.Equal(2, faults.Count);
        AssertFault(faults[0], Employees, 5, "", "Ida \"Bo\" Holm", "anførselstegn");
        AssertFault(faults[1], Employees, 6, "e-mail", "x", "en e-mailadresse");
    }

    [Fact]
    public void Quote_that_is_never_closed_is_a_fault_of_the_line_it_starts_on()
    {
        var text = new PlanText();
        text.Replace(Employees, text.Text(Employees) + "1004;\"Ida;m1004@example.org;SYD;;\r\n1005;Bo;m1005@example.org;SYD;;\r\n");

        var fault = Faults(text)[0];

        Assert.Equal((Employees, 5), (fault.File, fault.Line));
        Assert.Contains("anførselstegn", fault.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_is_the_physical_one_after_fields_of_several_lines()
    {
        var text = new PlanText().Set(Courses, 1, "resumé", "et\r\nto\r\n\r\ntre").Set(Courses, 2, "form", "x");

        var fault = Assert.Single(Faults(text), fault => fault.Column == "form");

        Assert.Equal(7, fault.Line);
    }

    [Fact]
    public void Windows_1252_is_reported_once_with_byte_and_line_and_the_rest_is_still_checked()
    {
        var text = new PlanText().Set(Employees, 3, "e-mail", "x");
        text.Replace(Employees, Encoding.Latin1.GetBytes(text.Text(Employees)));

        var faults = Faults(text);

        Assert.Equal(2, faults.Count);
        AssertFault(faults[0], Employees, 2, "", "byte 0xC6 på plads 64", "UTF-8; gem filen som «CSV UTF-8»");
        AssertFault(faults[1], Employees, 4, "e-mail", "x", "en e-mailadresse");
    }

    [Fact]
    public void Utf_16_is_one_fault_of_the_file()
    {
        var text = new PlanText();
        text.Replace(Courses, [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text.Text(Courses))]);

        Assert.Contains(Faults(text), fault => fault.File == Courses && fault.Expected.Contains("UTF-16", StringComparison.Ordinal));
    }

    [Fact]
    public void Field_of_ten_megabytes_is_a_fault_and_does_not_fill_memory()
    {
        var text = new PlanText();
        text.Replace(Employees, text.Text(Employees) + "1004;\"" + new string('x', 10_000_000) + "\";m1004@example.org;SYD;;\r\n");

        var fault = Assert.Single(Faults(text));

        AssertFault(fault, Employees, 5, "", "", "felter på højst 100000 tegn");
    }
}
