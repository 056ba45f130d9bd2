using Booking.Data.FillRates;
using Booking.Web.Csv;
using Microsoft.Extensions.Localization;

namespace Booking.Web.FillRates;

/// <summary>The list as a file. Its heads are Danish whatever the screen's language: it is read by Danish Excel and by people's macros.</summary>
public static class FillRateCsv
{
    private static readonly string[] Heads =
    [
        "Holdkode", "Kursus", "Indsatsområde", "Form", "By", "Status", "Start", "Dage til start", "Pladser", "Optaget",
        "Optaget afdelinger", "Optaget eksterne", "Optaget åbne", "Fyldningsgrad (%)", "Ubrugte garantipladser",
        "Ubrugte afdelingspladser", "Ubrugte eksterne pladser", "Frie åbne pladser", "Min. deltagere", "Deltagere",
        "Minimum nået", "Frigives", "Dage til frigivelse", "Afmeldte", "Heraf for sent",
        "Fremmøde",
    ];

    /// <summary>Writes the file.</summary>
    /// <param name="rows">The runs, in their order.</param>
    /// <param name="texts">Danish texts.</param>
    public static byte[] Write(IEnumerable<FillRateRow> rows, IStringLocalizer texts)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(texts);
        var csv = new DanishCsv();
        foreach (var head in Heads)
        {
            csv.Text(head);
        }

        csv.EndRow();
        foreach (var row in rows)
        {
            csv.Text(row.RunCode).Text(row.CourseTitle)
                .Text(texts[$"FocusArea.{row.FocusArea}"]).Text(texts[$"Form.{row.Form}"]).Text(row.Town)
                .Text(texts[$"FillRates.Status.{row.Status}"])
                .DateTime(row.StartsAt, row.TimeZone).Number(row.DaysToStart)
                .Number(row.Capacity).Number(row.Taken)
                .Number(row.TakenDepartment).Number(row.TakenExternal).Number(row.TakenOpen)
                .Fraction(100 * row.FillRate, 1)
                .Number(row.Unused).Number(row.UnusedDepartment).Number(row.UnusedExternal).Number(row.FreeOpen)
                .Number(row.MinimumParticipants).Number(row.Participants)
                .Text(texts[row.IsMinimumReached ? "FillRates.Yes" : "FillRates.No"])
                .DateTime(row.ReleaseAt, row.TimeZone).Number(row.DaysToRelease)
                .Number(row.Cancelled).Number(row.CancelledLate)
                .Text(row.IsAttendanceAssumed ? texts["Attendance.AssumedShort"] : row.IsAttendanceSettled ? texts["Attendance.Settled"] : "")
                .EndRow();
        }

        return csv.ToBytes();
    }
}
