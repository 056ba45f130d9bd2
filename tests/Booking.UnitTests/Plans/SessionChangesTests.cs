using Booking.Data.Plans;
using Booking.Data.Plans.Reading;
using Xunit;

namespace Booking.UnitTests.Plans;

/// <summary>Days are written as "15", "15+1" when moved by an hour; the stored ones are numbered from 1.</summary>
public sealed class SessionChangesTests
{
    [Theory]
    [InlineData("15 16", "15 16", "1=15 2=16", "", "")]
    [InlineData("15 16 22", "15 22", "1=15 3=22", "2", "")]
    [InlineData("15 16 22", "16 22", "2=16 3=22", "1", "")]
    [InlineData("15 16", "16", "2=16", "1", "")]
    [InlineData("15 16 17", "15 17+1", "1=15 3=17+1", "2", "")]
    [InlineData("15 16", "15 16 22", "1=15 2=16", "", "22")]
    [InlineData("15 16", "12 15 16", "1=15 2=16", "", "12")]
    [InlineData("15 16", "20 21 22", "1=20 2=21", "", "22")]
    [InlineData("15 15+2 16", "15+2 16", "2=15+2 3=16", "1", "")]
    public void Sessions_are_paired_by_time_then_day_then_order(string stored, string planned, string kept, string removed, string added)
    {
        var rows = stored.Split(' ').Select((day, i) => Row(day, i + 1)).ToList();
        var days = planned.Split(' ');

        var changes = SessionChanges.Between(rows, [.. days.Select(Session)]);

        Assert.Equal(kept, string.Join(' ', changes.Kept.Select(pair => $"{pair.Row.Number}={days[pair.Planned.Number - 1]}")));
        Assert.Equal(removed, string.Join(' ', changes.Removed.Select(row => row.Number)));
        Assert.Equal(added, string.Join(' ', changes.Added.Select(session => days[session.Number - 1])));
        Assert.All(changes.Kept, pair => Assert.Equal(pair.Planned.Session, Session(days[pair.Planned.Number - 1])));
    }

    private static DateTimeOffset At(string day)
    {
        var parts = day.Split('+').Select(part => int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        return new DateTimeOffset(2027, 3, parts[0], 8 + parts.ElementAtOrDefault(1), 0, 0, TimeSpan.Zero);
    }

    private static PlanSession Session(string day) => new() { StartsAt = At(day), EndsAt = At(day).AddHours(1) };

    private static SessionRow Row(string day, int number) =>
        new() { SessionId = number, RunId = 1, Number = number, StartsAt = At(day), EndsAt = At(day).AddHours(1) };
}
