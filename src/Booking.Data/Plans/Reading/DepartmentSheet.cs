namespace Booking.Data.Plans.Reading;

/// <summary>Reads afdelinger.csv.</summary>
internal static class DepartmentSheet
{
    private const string Weight = "vægt";
    private static readonly string[] Columns = ["kode", "afdeling", "postnr", "by", "breddegrad", "længdegrad", Weight, "sekretær e-mail"];

    public static List<PlanDepartment> Read(PlanSource source, PlanReading reading)
    {
        using var sheet = PlanSheet.Open(source, PlanFileNames.Departments, reading.Faults, Columns, "minimum");
        var departments = new List<PlanDepartment>();
        while (sheet?.Read() == true)
        {
            departments.Add(ReadRow(sheet, reading));
        }

        if (departments.Count > 0 && sheet!.Has(Weight) && reading.Faults.CountIn(PlanFileNames.Departments) == 0
            && departments.TrueForAll(department => department.Weight == 0))
        {
            reading.Faults.Add(PlanFileNames.Departments, departments[0].Line, Weight, "0", "mindst én afdeling med en vægt over 0");
        }

        reading.Finish(sheet, PlanFileNames.Departments, departments.Count);
        return departments;
    }

    private static PlanDepartment ReadRow(PlanSheet sheet, PlanReading reading)
    {
        var code = sheet.Code("kode");
        sheet.Unique("kode", reading.DepartmentLines);
        return new PlanDepartment
        {
            Line = sheet.Line,
            Code = code ?? "",
            Name = sheet.Text("afdeling", 200, required: true) ?? "",
            PostalCode = sheet.PostalCode("postnr", required: true) ?? "",
            Town = sheet.Text("by", 100, required: true) ?? "",
            Latitude = sheet.Decimal("breddegrad", -90, 90, 5, "57,0488"),
            Longitude = sheet.Decimal("længdegrad", -180, 180, 5, "9,9217"),
            Weight = sheet.Integer(Weight, 0, 1_000_000, required: true) ?? 0,
            MinimumSeats = sheet.Has("minimum") ? sheet.Integer("minimum", 0, 1_000) ?? 0 : 0,
            SecretaryEmails = sheet.Emails("sekretær e-mail"),
        };
    }
}
