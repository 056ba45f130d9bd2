using System.Text;
using Booking.Data.Plans.Reading;
using Booking.TestSupport.Plans;
using Xunit;

namespace Booking.UnitTests.Plans;

public sealed class PlanFilesTests
{
    private static readonly PlanReadSettings Settings = new() { TimeZone = "Europe/Copenhagen" };

    private static PlanFiles Read(PlanText text) => PlanFiles.Read(text.Source, Settings);

    [Fact]
    public void Plan_of_a_few_lines_is_read_with_the_database_values()
    {
        var plan = Read(new PlanText());

        Assert.Equal([], plan.Faults.Sorted());
        Assert.Equal(["sekretaer.syd@example.org", "vikar.syd@example.org"], plan.Departments[1].SecretaryEmails);
        Assert.Equal(57.2702m, plan.Departments[0].Latitude);
        var course = plan.Courses[0];
        Assert.Equal(("assessment", "professional", "onsite"), (course.FocusArea, course.CompetenceKind, course.Form));
        Assert.Equal(["municipality", "other"], course.Sectors);
        Assert.Equal("Langt.\nI to linjer; «og» \"citat\".", course.Description);
        Assert.Equal(["Kunne et", "Kunne to"], course.LearningGoals);
        Assert.Equal((24, 1250m), (course.ValidMonths, course.ExternalPrice));
        Assert.Equal(["Læger", "Psykologer"], plan.Courses[1].TargetGroups);
        Assert.Equal("K1", plan.Courses[1].VariantOf);
        var run = plan.Runs[0];
        Assert.Equal(2, run.Sessions.Count);
        Assert.Equal(new DateTimeOffset(2027, 3, 15, 7, 30, 0, TimeSpan.Zero), run.Sessions[0].StartsAt);
        Assert.Equal(36000m, run.Budget);
        Assert.Equal(2027, run.PlanYear);
        Assert.Equal(new DateTimeOffset(2027, 3, 12, 11, 0, 0, TimeSpan.Zero), run.SignUpClosesAt);
        var employees = plan.Employees().ToList();
        Assert.Equal(["Æmilie Rask", "Åse Ågård", "Øyvind Grøn"], employees.Select(employee => employee.Name));
        Assert.Equal("m1001@example.org", employees[1].LeaderEmail);
        Assert.Null(employees[2].Position);
    }

    [Theory]
    [InlineData("\r\n", true)]
    [InlineData("\r\n", false)]
    [InlineData("\n", true)]
    [InlineData("\n", false)]
    public void Plan_is_the_same_with_any_line_end_and_byte_order_mark(string newLine, bool byteOrderMark)
    {
        var plan = Read(new PlanText { NewLine = newLine, ByteOrderMark = byteOrderMark });

        Assert.Equal([], plan.Faults.Sorted());
        Assert.Equal("Langt.\nI to linjer; «og» \"citat\".", plan.Courses[0].Description);
        Assert.Equal([2, 4], plan.Courses.Select(course => course.Line));
    }

    [Fact]
    public void Columns_in_any_order_are_found_by_name()
    {
        var text = new PlanText();
        foreach (var file in PlanFileNames.All)
        {
            text.ReverseColumns(file);
        }

        Assert.Equal([], Read(text).Faults.Sorted());
    }

    [Fact]
    public void Blank_lines_and_empty_surplus_columns_are_passed_over()
    {
        var text = new PlanText();
        text.Replace(PlanFileNames.Departments, text.Text(PlanFileNames.Departments).Replace("\r\n", ";;\r\n\r\n;;;;\r\n", StringComparison.Ordinal));

        var plan = Read(text);

        Assert.Equal([], plan.Faults.Sorted());
        Assert.Equal([4, 7], plan.Departments.Select(department => department.Line));
    }

    [Fact]
    public void Optional_columns_are_read_when_they_are_there()
    {
        var text = new PlanText()
            .AddColumn(PlanFileNames.Departments, "minimum", "1", "")
            .AddColumn(PlanFileNames.Runs, "tilmelding lukker", "10-03-2027 16:00", "");

        var plan = Read(text);

        Assert.Equal([], plan.Faults.Sorted());
        Assert.Equal([1, 0], plan.Departments.Select(department => department.MinimumSeats));
        Assert.Equal(new DateTimeOffset(2027, 3, 10, 15, 0, 0, TimeSpan.Zero), plan.Runs[0].SignUpClosesAt);
        Assert.Equal(new DateTimeOffset(2027, 4, 2, 10, 0, 0, TimeSpan.Zero), plan.Runs[1].SignUpClosesAt);
    }

    [Fact]
    public void Shift_moves_dates_and_keeps_clock_times_across_the_change_to_summer_time()
    {
        var plan = PlanFiles.Read(new PlanText().Source, Settings with { ShiftDays = 28 });

        Assert.Equal(new DateTimeOffset(2027, 4, 12, 6, 30, 0, TimeSpan.Zero), plan.Runs[0].Sessions[0].StartsAt);
        Assert.Equal(new DateTimeOffset(2027, 3, 8, 11, 0, 0, TimeSpan.Zero), plan.Runs[0].ReleaseAt);
    }

    [Fact]
    public void Autumn_hour_that_comes_twice_is_taken_the_first_time()
    {
        var text = new PlanText()
            .Set(PlanFileNames.Runs, 1, "dage", "31-10-2027 02:30-04:30");

        var plan = Read(text);

        Assert.Equal([], plan.Faults.Sorted());
        Assert.Equal(new DateTimeOffset(2027, 10, 31, 0, 30, 0, TimeSpan.Zero), plan.Runs[0].Sessions[0].StartsAt);
        Assert.Equal(new DateTimeOffset(2027, 10, 31, 3, 30, 0, TimeSpan.Zero), plan.Runs[0].Sessions[0].EndsAt);
    }

    [Fact]
    public void File_that_changes_between_the_two_readings_is_a_fault()
    {
        var text = new PlanText();
        var plan = Read(text);
        text.Set(PlanFileNames.Employees, 2, "navn", "Ida Holm");

        Assert.Equal(3, plan.Employees().Count());
        Assert.Contains("ikke ændres", Assert.Single(plan.Faults.Sorted()).Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_of_all_files_come_at_once_in_order()
    {
        var text = new PlanText()
            .Set(PlanFileNames.Employees, 3, "afdeling", "VEST")
            .Set(PlanFileNames.Runs, 2, "pladser", "mange")
            .Set(PlanFileNames.Courses, 1, "form", "fysik")
            .Set(PlanFileNames.Courses, 2, "titel", "")
            .Set(PlanFileNames.Departments, 1, "postnr", "970");

        var faults = Read(text).Faults.Sorted();

        Assert.Equal(
            [
                "afdelinger.csv:2: postnr: «970» — fire cifre som «9000»",
                "kurser.csv:2: form: «fysik» — mente du «fysisk»? en af: «fysisk», «online», «hybrid»",
                "kurser.csv:4: titel: «» — skal udfyldes",
                "hold.csv:3: pladser: «mange» — et helt tal fra 1 til 10.000",
                "medarbejdere.csv:4: afdeling: «VEST» — en kode fra afdelinger.csv",
            ],
            faults.Select(fault => fault.ToString()));
    }

    [Fact]
    public void File_of_nothing_but_faults_keeps_some_and_counts_all()
    {
        var lines = new StringBuilder("medarbejdernr;navn;e-mail;afdeling;stilling;leder e-mail\n");
        for (var i = 0; i < 20_000; i++)
        {
            lines.Append(i).Append(";Navn;n").Append(i).Append("@example.org;UKENDT;;\n");
        }

        var plan = Read(new PlanText().Replace(PlanFileNames.Employees, lines.ToString()));

        Assert.Equal(20_000, plan.Faults.Count);
        Assert.Equal(PlanFaultList.KeptPerFile, plan.Faults.Sorted().Count);
    }
}
