using Booking.Data.FollowUps;
using Booking.Web.Csv;
using Microsoft.Extensions.Localization;

namespace Booking.Web.FollowUps;

/// <summary>The figures as a file: one row for each course and form. Its heads are Danish whatever the screen's language.</summary>
public static class FollowUpCsv
{
    private static readonly string[] Heads =
    [
        "Kursuskode", "Kursus", "År", "Skema", "Spurgt", "Svar", "Svarprocent", "Alt i alt (gns.)", "Relevans (gns.)", "Læringsmål (gns.)",
        "Anbefaling (gns.)", "Brug (gns.)", "Manglende tid", "Manglende lejlighed", "Manglende støtte fra leder",
        "Manglende støtte fra kolleger", "Usikker", "Ikke relevant", "Delt", "Deling planlagt", "Ikke delt",
    ];

    /// <summary>Writes the file.</summary>
    /// <param name="shown">The year.</param>
    /// <param name="texts">Danish texts.</param>
    public static byte[] Write(FollowUpYear shown, IStringLocalizer texts)
    {
        ArgumentNullException.ThrowIfNull(shown);
        ArgumentNullException.ThrowIfNull(texts);
        var csv = new DanishCsv();
        foreach (var head in Heads)
        {
            csv.Text(head);
        }

        csv.EndRow();
        foreach (var group in shown.Figures.Groups)
        {
            csv.Text(group.CourseCode).Text(group.CourseTitle).Number(shown.Year)
                .Text(texts[$"HrFollowUps.Form.{group.Kind}", group.Days]).Number(group.Asked);
            if (group.Answered is not { } answered)
            {
                csv.Text(texts["HrFollowUps.TooFew"]).EndRow();
                continue;
            }

            csv.Number(answered).Fraction(100m * answered / group.Asked, 1);
            foreach (var counts in new[]
            {
                group.Scales.Overall, group.Scales.Relevance, group.Scales.Goals, group.Scales.Recommends, group.Scales.Frequency,
            })
            {
                _ = FollowUpScales.Mean(counts) is { } mean ? csv.Fraction(mean, 2) : csv.Number(null);
            }

            Write(csv, group.Barriers, FollowUpAnswer.KnownBarriers.Count);
            Write(csv, group.Shared, FollowUpAnswer.KnownShared.Count);
            csv.EndRow();
        }

        return csv.ToBytes();
    }

    private static void Write(DanishCsv csv, int[] counts, int columns)
    {
        for (var column = 0; column < columns; column++)
        {
            csv.Number(column < counts.Length ? counts[column] : null);
        }
    }
}
