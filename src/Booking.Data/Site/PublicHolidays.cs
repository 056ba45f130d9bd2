namespace Booking.Data.Site;

/// <summary>Denmark's public holidays. The Great Prayer Day is a working day since 2024.</summary>
public static class PublicHolidays
{
    // Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday and Monday.
    private static readonly int[] DaysFromEaster = [-3, -2, 0, 1, 39, 49, 50];

    /// <summary>Whether a day is one of them.</summary>
    public static bool Contains(DateOnly day) =>
        (day.Month, day.Day) is (1, 1) or (12, 25) or (12, 26)
        || DaysFromEaster.Contains(day.DayNumber - EasterSunday(day.Year).DayNumber);

    /// <summary>Easter Sunday by the Gregorian calendar (the algorithm of Meeus, Jones and Butcher).</summary>
    public static DateOnly EasterSunday(int year)
    {
        var golden = year % 19;
        var (century, yearOfCentury) = Math.DivRem(year, 100);
        var epact = ((19 * golden) + century - (century / 4) - ((century - ((century + 8) / 25) + 1) / 3) + 15) % 30;
        var weekday = (32 + (2 * (century % 4)) + (2 * (yearOfCentury / 4)) - epact - (yearOfCentury % 4)) % 7;
        var correction = (golden + (11 * epact) + (22 * weekday)) / 451;
        var (month, day) = Math.DivRem(epact + weekday - (7 * correction) + 114, 31);
        return new DateOnly(year, month, day + 1);
    }
}
