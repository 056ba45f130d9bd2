using Booking.Data.Plans.Reading;
using Booking.TestSupport.Plans;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Booking.UnitTests.Plans;

/// <summary>Whatever text and numbers a valid plan holds, however its files are written: what is read is what was written.</summary>
public sealed class PlanRoundTripTests
{
    private static readonly char[] Letters = [.. "abcæøåÆØÅé ;\"'|,.\n-–«»😀".Where(letter => !char.IsSurrogate(letter))];

    private static readonly Gen<string> Words =
        Gen.Elements(Letters).ArrayOf(30).Select(letters => $"x{new string(letters)}x");

    private static readonly Gen<Written> Plans =
        from title in Words
        from description in Words
        from name in Words
        from price in Gen.Choose(0, 999_999_999)
        from capacity in Gen.Choose(1, 10_000)
        from external in Gen.Choose(0, capacity)
        from days in Gen.Choose(0, 330)
        from sessions in Gen.Choose(1, 6)
        from unix in Gen.Elements(true, false)
        from reversed in Gen.Elements(true, false)
        select new Written(title, description, name, price / 100m, capacity, external, days, sessions, unix, reversed);

    [Fact]
    public void Valid_plan_is_read_back_as_it_was_written() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Plans.ToArbitrary(), IsReadBack));

    private static bool IsReadBack(Written written)
    {
        var first = new DateTime(2027, 1, 20).AddDays(written.Days);
        var dates = Enumerable.Range(0, written.Sessions).Select(i => first.AddDays(7 * i)).ToList();
        var text = new PlanText { NewLine = written.Unix ? "\n" : "\r\n", ByteOrderMark = written.Unix }
            .Set(PlanFileNames.Courses, 1, "titel", written.Title)
            .Set(PlanFileNames.Courses, 1, "beskrivelse", written.Description)
            .Set(PlanFileNames.Courses, 1, "pris ekstern", written.Price.ToString("#,##0.00", System.Globalization.CultureInfo.GetCultureInfo("da-DK")))
            .Set(PlanFileNames.Employees, 2, "navn", written.Name)
            .Set(PlanFileNames.Runs, 1, "dage", string.Join(" | ", dates.Select(date => $"{date:dd-MM-yyyy} 08:30-15:30")))
            .Set(PlanFileNames.Runs, 1, "pladser", $"{written.Capacity}")
            .Set(PlanFileNames.Runs, 1, "min. deltagere", "0")
            .Set(PlanFileNames.Runs, 1, "eksterne pladser", $"{written.External}")
            .Set(PlanFileNames.Runs, 1, "frigives", $"{first.AddDays(-35):dd-MM-yyyy} 12:00")
            .Set(PlanFileNames.Runs, 1, "afmeldingsfrist", $"{first.AddDays(-14):dd-MM-yyyy} 12:00");
        if (written.Reversed)
        {
            text.ReverseColumns(PlanFileNames.Courses).ReverseColumns(PlanFileNames.Runs);
        }

        var plan = PlanFiles.Read(text.Source, new PlanReadSettings { TimeZone = "Europe/Copenhagen" });
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");
        return plan.Faults.Count == 0
            && plan.Courses[0] is var course && course.Title == written.Title && course.Description == written.Description
            && course.ExternalPrice == written.Price
            && plan.Employees().ElementAt(1).Name == written.Name
            && plan.Runs[0] is var run && run.Capacity == written.Capacity && run.ExternalSeats == written.External
            && run.Sessions.Select(session => TimeZoneInfo.ConvertTime(session.StartsAt, zone).DateTime)
                .SequenceEqual(dates.Select(date => date.AddHours(8.5)));
    }

    private sealed record Written(
        string Title, string Description, string Name, decimal Price, int Capacity, int External, int Days, int Sessions, bool Unix, bool Reversed);
}
