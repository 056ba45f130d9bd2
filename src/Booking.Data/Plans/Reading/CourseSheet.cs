namespace Booking.Data.Plans.Reading;

/// <summary>Reads kurser.csv.</summary>
internal static class CourseSheet
{
    private const string VariantOf = "onlineudgave af";
    private const string TargetGroups = "målgruppe";
    private const string CrossSector = "tværsektoriel";
    private const string Explanation = "begrundelse for begrænset målgruppe";

    private static readonly string[] Columns =
    [
        "kursuskode", "titel", "indsatsområde", "kompetencetype", TargetGroups, "form", VariantOf, CrossSector, "sektorer",
        Explanation, "resumé", "beskrivelse", "læringsmål", "metode", "læringsaftale", "gyldig i måneder", "pris ekstern", "forplejning",
    ];

    public static List<PlanCourse> Read(PlanSource source, PlanReading reading)
    {
        using var sheet = PlanSheet.Open(source, PlanFileNames.Courses, reading.Faults, Columns);
        var courses = new List<PlanCourse>();
        while (sheet?.Read() == true)
        {
            var course = ReadRow(sheet, reading);
            courses.Add(course);
            reading.Courses.TryAdd(sheet.Value("kursuskode") ?? "", course);
            CheckRules(sheet, course);
        }

        foreach (var course in courses.Where(course => course.VariantOf is not null))
        {
            CheckVariant(course, reading);
        }

        reading.Finish(sheet, PlanFileNames.Courses, courses.Count);
        return courses;
    }

    private static PlanCourse ReadRow(PlanSheet sheet, PlanReading reading)
    {
        var code = sheet.Code("kursuskode");
        sheet.Unique("kursuskode", reading.CourseLines);
        return new PlanCourse
        {
            Line = sheet.Line,
            Code = code ?? "",
            Title = sheet.Text("titel", 300, required: true) ?? "",
            FocusArea = sheet.Word("indsatsområde", PlanWords.FocusAreas) ?? "",
            CompetenceKind = sheet.Word("kompetencetype", PlanWords.CompetenceKinds) ?? "",
            TargetGroups = sheet.List(TargetGroups, ';', 2_000),
            AudienceExplanation = sheet.Text(Explanation, 2_000),
            Form = sheet.Word("form", PlanWords.Forms) ?? "",
            VariantOf = sheet.Text(VariantOf, 40),
            IsCrossSector = sheet.YesNo(CrossSector),
            Sectors = sheet.Words("sektorer", PlanWords.Sectors),
            Summary = sheet.Text("resumé", 2_000) ?? "",
            Description = sheet.Text("beskrivelse", 50_000) ?? "",
            LearningGoals = sheet.List("læringsmål", '|', 10_000),
            Method = sheet.Text("metode", 1_000) ?? "",
            HasLearningAgreement = sheet.YesNo("læringsaftale"),
            ValidMonths = sheet.Integer("gyldig i måneder", 1, 600),
            ExternalPrice = sheet.Decimal("pris ekstern", 0, 9_999_999, 2, "1.250,00"),
            Catering = sheet.Text("forplejning", 500),
        };
    }

    private static void CheckRules(PlanSheet sheet, PlanCourse course)
    {
        if (course.TargetGroups.Count > 0 && sheet.Value(Explanation) is { Length: 0 })
        {
            sheet.Fault(Explanation, "", "en begrundelse, når målgruppen er begrænset («fælles eller forklar»)");
        }

        if (course.IsCrossSector && sheet.Value("sektorer") is { Length: 0 })
        {
            sheet.Fault("sektorer", "", PlanWords.Sectors.Expected(""));
        }

        if (!course.IsCrossSector && course.Sectors.Count > 0)
        {
            sheet.Fault("sektorer", sheet.Value("sektorer"), "tom, når kurset ikke er tværsektorielt");
        }

        if (course.VariantOf is not null && course.Form is not ("" or "online"))
        {
            sheet.Fault("form", sheet.Value("form"), $"«online», når kurset er onlineudgave af {course.VariantOf}");
        }
    }

    private static void CheckVariant(PlanCourse course, PlanReading reading)
    {
        var original = reading.Courses.GetValueOrDefault(course.VariantOf!);
        var fault = original switch
        {
            null => reading.Unknown("en kursuskode fra kurser.csv", course.VariantOf!, reading.CourseLines.Keys),
            { Form: "online" } => "et kursus, der ikke selv er online",
            _ => null,
        };
        if (fault is not null)
        {
            reading.Faults.Add(PlanFileNames.Courses, course.Line, VariantOf, course.VariantOf, fault);
        }
    }
}
