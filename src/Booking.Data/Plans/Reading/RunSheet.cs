namespace Booking.Data.Plans.Reading;

/// <summary>Reads hold.csv.</summary>
internal static class RunSheet
{
    private const string Opens = "tilmelding åbner";
    private const string Closes = "tilmelding lukker";
    private const string External = "eksterne pladser";
    private const string Minimum = "min. deltagere";

    private static readonly string[] Columns =
    [
        "holdkode", "kursuskode", "dage", "sted", "adresse", "postnr", "by", "breddegrad", "længdegrad", "link", "pladser", External,
        Minimum, Opens, "frigives", "afmeldingsfrist", "underviser", "budget",
    ];

    public static List<PlanRun> Read(PlanSource source, PlanReading reading)
    {
        using var sheet = PlanSheet.Open(source, PlanFileNames.Runs, reading.Faults, Columns, Closes);
        var lines = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var runs = new List<PlanRun>();
        while (sheet?.Read() == true)
        {
            sheet.Unique("holdkode", lines);
            runs.Add(ReadRow(sheet, reading));
        }

        reading.Finish(sheet, PlanFileNames.Runs, runs.Count);
        return runs;
    }

    private static PlanRun ReadRow(PlanSheet sheet, PlanReading reading)
    {
        var sessions = sheet.Sessions("dage", reading.Clock);
        DateTimeOffset? startsAt = sessions.Count > 0 ? sessions[0].StartsAt : null;
        var opensAt = sheet.Instant(Opens, reading.Clock);
        var capacity = sheet.Integer("pladser", 1, 10_000, required: true);
        var courseCode = CourseCode(sheet, reading);
        return new PlanRun
        {
            Line = sheet.Line,
            Code = sheet.Code("holdkode") ?? "",
            CourseCode = courseCode,
            PlanYear = startsAt is null ? 0 : reading.Clock.LocalDate(startsAt.Value).Year,
            Sessions = sessions,
            VenueName = sheet.Text("sted", 200, required: true) ?? "",
            VenueAddress = sheet.Text("adresse", 200),
            PostalCode = sheet.PostalCode("postnr"),
            Town = sheet.Text("by", 100),
            Latitude = sheet.Decimal("breddegrad", -90, 90, 5, "57,0488"),
            Longitude = sheet.Decimal("længdegrad", -180, 180, 5, "9,9217"),
            OnlineLink = sheet.Link("link"),
            Capacity = capacity ?? 1,
            ExternalSeats = ExternalSeats(sheet, reading.Courses.GetValueOrDefault(courseCode), capacity),
            MinimumParticipants = MinimumParticipants(sheet, capacity),
            SignUpOpensAt = opensAt ?? default,
            SignUpClosesAt = SignUpClosesAt(sheet, reading, opensAt, startsAt) ?? default,
            ReleaseAt = NotAfterStart(sheet, "frigives", reading, startsAt) ?? default,
            CancellationDeadlineAt = NotAfterStart(sheet, "afmeldingsfrist", reading, startsAt) ?? default,
            InstructorEmail = sheet.Email("underviser"),
            Budget = sheet.Decimal("budget", 0, 999_999_999, 2, "36.000,00"),
        };
    }

    private static string CourseCode(PlanSheet sheet, PlanReading reading)
    {
        var code = sheet.Text("kursuskode", 40, required: true);
        if (code is null)
        {
            return "";
        }

        if (!reading.Courses.TryGetValue(code, out var course))
        {
            sheet.Fault("kursuskode", code, reading.Unknown("en kursuskode fra kurser.csv", code, reading.CourseLines.Keys));
        }

        return course?.Code ?? code;
    }

    private static int ExternalSeats(PlanSheet sheet, PlanCourse? course, int? capacity)
    {
        if (sheet.Integer(External, 0, 10_000, required: true) is not { } seats)
        {
            return 0;
        }

        if (seats > capacity)
        {
            sheet.Fault(External, sheet.Value(External), $"højst holdets {capacity} pladser");
        }
        else if (seats > 0 && course is { IsCrossSector: false })
        {
            sheet.Fault(External, sheet.Value(External), $"0, fordi kurset {course.Code} ikke er tværsektorielt");
        }

        return seats;
    }

    private static int MinimumParticipants(PlanSheet sheet, int? capacity)
    {
        var minimum = sheet.Integer(Minimum, 0, 10_000) ?? 0;
        if (minimum > capacity)
        {
            sheet.Fault(Minimum, sheet.Value(Minimum), $"højst holdets {capacity} pladser");
        }

        return minimum;
    }

    private static DateTimeOffset? NotAfterStart(PlanSheet sheet, string column, PlanReading reading, DateTimeOffset? startsAt, bool required = true)
    {
        var at = sheet.Instant(column, reading.Clock, required);
        if (at > startsAt)
        {
            sheet.Fault(column, sheet.Value(column), "et tidspunkt, der ikke ligger efter holdets begyndelse");
        }

        return at;
    }

    private static DateTimeOffset? SignUpClosesAt(PlanSheet sheet, PlanReading reading, DateTimeOffset? opensAt, DateTimeOffset? startsAt)
    {
        var given = sheet.Has(Closes) && sheet.Value(Closes) is { Length: > 0 };
        var closesAt = given
            ? NotAfterStart(sheet, Closes, reading, startsAt)
            : startsAt is null ? null : reading.Clock.NoonBefore(startsAt.Value, reading.SignUpClosesDaysBefore);
        if (!given && closesAt > startsAt)
        {
            closesAt = startsAt;
        }

        if (opensAt >= closesAt)
        {
            sheet.Fault(Opens, sheet.Value(Opens), $"et tidspunkt, før tilmeldingen lukker ({reading.Clock.Format(closesAt.Value)})");
        }

        return closesAt;
    }
}
