using System.Globalization;
using Booking.Data.FillRates;
using Booking.Web.Localisation;

namespace Booking.Web.FillRates;

/// <summary>
/// A column per month of the year, as high as the month's seats are taken. Across it is measured in per cent of the picture's
/// width and down in pixels: so it fits a telephone and a wide screen without its texts growing or shrinking.
/// </summary>
/// <param name="Months">January first; only those between the first and the last with runs.</param>
public sealed record FillRateChart(IReadOnlyList<FillRateMonth> Months)
{
    /// <summary>Height of the whole picture, in pixels.</summary>
    public const int Height = 216;

    /// <summary>Where 100 % lies.</summary>
    public const int Top = 22;

    /// <summary>Where 0 % lies.</summary>
    public const int Bottom = 190;

    private const double Left = 11;

    /// <summary>Makes the columns.</summary>
    /// <param name="year">The plan year.</param>
    /// <param name="rows">The runs.</param>
    public static FillRateChart Of(int year, IEnumerable<FillRateRow> rows)
    {
        var byMonth = rows.Where(r => r.Counts)
            .ToLookup(r => DisplayFormat.Local(r.StartsAt, r.TimeZone).Month);
        return new FillRateChart([.. Enumerable.Range(1, 12)
            .Select(month => new FillRateMonth(new DateOnly(year, month, 1), FillRateSummary.Of([.. byMonth[month]], 0)))]);
    }

    /// <summary>Distance of a share from the top, in pixels.</summary>
    /// <param name="share">0 to 1.</param>
    public static string Y(decimal share) => Number((double)(Bottom - (share * (Bottom - Top))));

    /// <summary>Left edge of a column, in per cent.</summary>
    /// <param name="index">From 0.</param>
    public string X(int index) => Percent(Left + ((index + 0.14) * Width));

    /// <summary>Middle of a column, in per cent.</summary>
    /// <param name="index">From 0.</param>
    public string Middle(int index) => Percent(Left + ((index + 0.5) * Width));

    /// <summary>Width of a column, in per cent.</summary>
    public string ColumnWidth => Percent(Width * 0.72);

    /// <summary>Where the lines begin, in per cent.</summary>
    public static string Edge => Percent(Left);

    private double Width => (100 - Left) / Months.Count;

    private static string Percent(double value) => Number(value) + "%";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}

/// <summary>One column.</summary>
/// <param name="Month">The first of the month.</param>
/// <param name="Sum">Its runs.</param>
public sealed record FillRateMonth(DateOnly Month, FillRateSummary Sum)
{
    /// <summary>The parts of the column from the bottom up.</summary>
    public IEnumerable<FillRatePart> Parts()
    {
        if (Sum.Capacity == 0)
        {
            yield break;
        }

        var below = 0m;
        foreach (var (pool, taken) in new[] { ("department", Sum.TakenDepartment), ("external", Sum.TakenExternal), ("open", Sum.TakenOpen) })
        {
            var share = (decimal)taken / Sum.Capacity;
            if (share > 0)
            {
                yield return new FillRatePart(pool, below, below + share);
            }

            below += share;
        }
    }
}

/// <summary>Taken seats of one pool within a column.</summary>
/// <param name="Pool"><c>department</c>, <c>external</c> or <c>open</c>.</param>
/// <param name="From">Lower edge, 0 to 1.</param>
/// <param name="To">Upper edge, 0 to 1.</param>
public sealed record FillRatePart(string Pool, decimal From, decimal To)
{
    /// <summary>Height in pixels.</summary>
    public string Height => ((To - From) * (FillRateChart.Bottom - FillRateChart.Top)).ToString("0.##", CultureInfo.InvariantCulture);
}
