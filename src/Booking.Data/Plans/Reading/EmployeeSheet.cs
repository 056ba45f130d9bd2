namespace Booking.Data.Plans.Reading;

/// <summary>Reads medarbejdere.csv one employee at a time: the file may be longer than memory should hold.</summary>
internal static class EmployeeSheet
{
    private const string Department = "afdeling";
    private const string LeaderEmail = "leder e-mail";
    private static readonly string[] Columns = ["medarbejdernr", "navn", "e-mail", Department, "stilling", LeaderEmail];

    /// <summary>Reads the whole file for its faults.</summary>
    /// <returns>How many employees there are.</returns>
    public static int Check(PlanSource source, PlanReading reading)
    {
        using var sheet = PlanSheet.Open(source, PlanFileNames.Employees, reading.Faults, Columns);
        var count = 0;
        var numbers = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var emails = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var linesByLeader = new Dictionary<string, List<int>>(StringComparer.OrdinalIgnoreCase);
        while (sheet?.Read() == true)
        {
            var employee = ReadRow(sheet, reading);
            sheet.Unique("medarbejdernr", numbers);
            sheet.Unique("e-mail", emails);
            AddLeader(linesByLeader, employee);
            reading.Report(PlanImportStep.CheckingEmployees, ++count, sheet.Progress);
        }

        foreach (var (leader, lines) in linesByLeader.Where(pair => !emails.ContainsKey(pair.Key)))
        {
            var expected = reading.Unknown("e-mailadressen på en medarbejder i filen", leader, emails.Keys);
            lines.ForEach(line => reading.Faults.Add(PlanFileNames.Employees, line, LeaderEmail, leader, expected));
        }

        reading.Finish(sheet, PlanFileNames.Employees, count);
        return count;
    }

    /// <summary>Reads the file again, now that it is known to be without faults.</summary>
    public static IEnumerable<PlanEmployee> Stream(PlanSource source, PlanReading reading)
    {
        using var sheet = PlanSheet.Open(source, PlanFileNames.Employees, reading.Faults, Columns);
        while (sheet?.Read() == true)
        {
            yield return ReadRow(sheet, reading);
        }

        if (sheet is not null && !string.Equals(sheet.Sha256, reading.Sha256ByFile[PlanFileNames.Employees], StringComparison.Ordinal))
        {
            reading.Faults.Add(PlanFileNames.Employees, 0, "", "", "en fil, der ikke ændres, mens den læses; prøv igen");
        }
    }

    private static void AddLeader(Dictionary<string, List<int>> linesByLeader, PlanEmployee employee)
    {
        if (employee.LeaderEmail is null)
        {
            return;
        }

        if (!linesByLeader.TryGetValue(employee.LeaderEmail, out var lines))
        {
            linesByLeader[employee.LeaderEmail] = lines = [];
        }

        lines.Add(employee.Line);
    }

    private static PlanEmployee ReadRow(PlanSheet sheet, PlanReading reading)
    {
        var department = sheet.Text(Department, 40, required: true);
        if (department is not null && !reading.DepartmentLines.ContainsKey(department))
        {
            sheet.Fault(Department, department, reading.Unknown("en kode fra afdelinger.csv", department, reading.DepartmentLines.Keys));
        }

        return new PlanEmployee
        {
            Line = sheet.Line,
            EmployeeNumber = sheet.Code("medarbejdernr") ?? "",
            Name = sheet.Text("navn", 200, required: true) ?? "",
            Email = sheet.Email("e-mail", required: true) ?? "",
            DepartmentCode = department ?? "",
            Position = sheet.Text("stilling", 200),
            LeaderEmail = sheet.Email(LeaderEmail),
        };
    }
}
