using System.Globalization;
using Microsoft.Extensions.Options;

namespace Booking.Data.Site;

/// <summary>When people can be expected to read a mail, in the site's time zone: section <c>WorkingHours</c>.</summary>
public sealed class WorkingHoursOptions
{
    private static readonly DayOfWeek[] MondayToFriday =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    // Constitution Day, Christmas Eve, New Year's Eve.
    private static readonly string[] CustomaryClosedDays = ["06-05", "12-24", "12-31"];

    /// <summary>When the working day begins.</summary>
    public TimeOnly Start { get; set; } = new(8, 0);

    /// <summary>When the working day ends.</summary>
    public TimeOnly End { get; set; } = new(16, 0);

    /// <summary>The working days in English, such as <c>Monday</c>; empty means Monday to Friday.</summary>
    // Empty by default, because binding adds to what an array holds already.
    public DayOfWeek[] Days { get; set; } = [];

    /// <summary>
    /// Days that are closed beside the public holidays: <c>12-24</c> every year, <c>2027-05-07</c> once. Empty means Constitution Day,
    /// Christmas Eve and New Year's Eve; whoever closes on none of them writes a day that has been.
    /// </summary>
    public string[] ClosedDays { get; set; } = [];

    /// <summary>The working days that are meant.</summary>
    public IReadOnlyList<DayOfWeek> WorkingDays => Days.Length == 0 ? MondayToFriday : Days;

    /// <summary>Whether people are at work on a day.</summary>
    public bool IsWorkingDay(DateOnly day) =>
        WorkingDays.Contains(day.DayOfWeek) && !PublicHolidays.Contains(day) && !IsClosed(day);

    private bool IsClosed(DateOnly day)
    {
        var once = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return (ClosedDays.Length == 0 ? CustomaryClosedDays : ClosedDays).Any(closed => closed == once || closed == once[5..]);
    }
}

/// <summary>Says in whole sentences what is wrong with the section <c>WorkingHours</c>.</summary>
public sealed class WorkingHoursOptionsValidator : IValidateOptions<WorkingHoursOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, WorkingHoursOptions options)
    {
        List<string> faults = [];
        if (options.Start >= options.End)
        {
            faults.Add($"WorkingHours:Start is {options.Start:HH\\:mm} and WorkingHours:End is {options.End:HH\\:mm}; the day must end after it starts.");
        }

        faults.AddRange(options.ClosedDays.Where(day => !IsDay(day)).Select(day =>
            $"WorkingHours:ClosedDays has '{day}'; write a day of every year as in '12-24', or a single one as in '2027-05-07'."));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // A leap year, so that the 29th of February may be closed.
    private static bool IsDay(string text) => DateOnly.TryParseExact(
        text.Length == 5 ? $"2028-{text}" : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
