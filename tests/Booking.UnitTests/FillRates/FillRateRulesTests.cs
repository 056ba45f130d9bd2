using Booking.Data.FillRates;
using Xunit;

namespace Booking.UnitTests.FillRates;

public sealed class FillRateRulesTests
{
    [Theory]
    // Ten seats, minimum six, 20 days to the start unless said otherwise.
    [InlineData(5, 0, 20, Attention.WillNotFill)]
    [InlineData(5, 0, 28, Attention.BelowMinimum)]
    [InlineData(6, 0, 20, Attention.None)]
    [InlineData(6, 3, 20, Attention.ReleaseIsNear)]
    [InlineData(10, 0, 20, Attention.Full)]
    public void Attention_is_what_hr_can_still_do_something_about(int taken, int unused, int daysToStart, Attention expected) =>
        Assert.Equal(expected, (Row(taken) with { UnusedDepartment = unused, DaysToStart = daysToStart }).Attention(28));

    [Theory]
    [InlineData("cancelled", true, Attention.Cancelled)]
    [InlineData("draft", true, Attention.Draft)]
    [InlineData("completed", false, Attention.Past)]
    [InlineData("published", false, Attention.Past)]
    public void Nothing_is_called_endangered_that_cannot_be_helped(string status, bool isUpcoming, Attention expected)
    {
        var row = Row(0) with { Status = status, IsUpcoming = isUpcoming };

        Assert.Equal(expected, row.Attention(28));
        Assert.False(row.WillNotFill(28));
        Assert.False((row with { UnusedExternal = 3 }).HasUnused);
    }

    [Theory]
    [InlineData(14, Attention.ReleaseIsNear)]
    [InlineData(15, Attention.None)]
    [InlineData(null, Attention.None)]
    public void Release_is_near_from_the_day_of_the_first_warning(int? daysToRelease, Attention expected) =>
        Assert.Equal(expected, (Row(6) with { UnusedExternal = 1, DaysToRelease = daysToRelease }).Attention(28));

    [Fact]
    public void Summary_leaves_drafts_and_cancelled_runs_out()
    {
        FillRateRow[] rows =
        [
            Row(4) with { UnusedDepartment = 2, UnusedExternal = 1 },
            Row(8) with { TakenExternal = 1, TakenOpen = 1 },
            Row(7) with { Status = "completed", IsUpcoming = false, UnusedDepartment = 3 },
            Row(9) with { Status = "draft" },
            Row(0) with { Status = "cancelled" },
        ];

        var sum = FillRateSummary.Of(rows, 28);

        Assert.Equal((3, 2, 30), (sum.Runs, sum.LeftOut, sum.Capacity));
        Assert.Equal((19, 1, 1, 21), (sum.TakenDepartment, sum.TakenExternal, sum.TakenOpen, sum.Taken));
        Assert.Equal(0.7m, sum.FillRate);
        Assert.Equal((3, 1, 1), (sum.Unused, sum.RunsWithUnused, sum.WillNotFill));
        Assert.Equal(0, FillRateSummary.Of([], 28).FillRate);
    }

    [Fact]
    public void Problems_stand_first_and_within_them_the_soonest()
    {
        FillRateRow[] rows =
        [
            Row(0) with { RunCode = "cancelled", Status = "cancelled" },
            Row(8) with { RunCode = "fine" },
            Row(1) with { RunCode = "later", StartsAt = Start.AddDays(2) },
            Row(1) with { RunCode = "sooner", StartsAt = Start.AddDays(1) },
            Row(8) with { RunCode = "released soon", UnusedDepartment = 1 },
        ];

        Assert.Equal(["sooner", "later", "released soon", "fine", "cancelled"], Sorted(rows, FillRateColumn.Attention));
    }

    [Fact]
    public void Titles_stand_in_danish_order_with_a_ring_last()
    {
        FillRateRow[] rows = [.. new[] { "Åben dialog", "Ærlighed", "Zen", "øvelse", "Angst" }.Select(t => Row(1) with { RunCode = t, CourseTitle = t })];

        Assert.Equal(["Angst", "Zen", "Ærlighed", "øvelse", "Åben dialog"], Sorted(rows, FillRateColumn.Title));
    }

    [Fact]
    public void Every_column_sorts_both_ways()
    {
        FillRateRow[] rows =
        [
            Row(2) with { RunCode = "a" },
            Row(9) with
            {
                RunCode = "b", CourseTitle = "B", Form = "onsite", StartsAt = Start.AddDays(1), Capacity = 11, TakenExternal = 1, TakenOpen = 1,
                UnusedExternal = 1, FreeOpen = 1, DaysToRelease = null, Cancelled = 1,
            },
        ];

        foreach (var column in Enum.GetValues<FillRateColumn>())
        {
            Assert.Equal(Sorted(rows, column).Reverse(), Sorted(rows, column, isDescending: true));
        }
    }

    private static readonly DateTimeOffset Start = new(2027, 3, 1, 7, 30, 0, TimeSpan.Zero);

    private static IEnumerable<string> Sorted(FillRateRow[] rows, FillRateColumn column, bool isDescending = false) =>
        new FillRateOrder(column, isDescending).Sort(rows, 28).Select(r => r.RunCode);

    private static FillRateRow Row(int taken) => new()
    {
        RunCode = "H1",
        CourseTitle = "A",
        FocusArea = "care",
        Form = "online",
        Status = "published",
        TimeZone = "Europe/Copenhagen",
        StartsAt = Start,
        IsUpcoming = true,
        DaysToStart = 20,
        DaysToRelease = 5,
        ReleaseAt = Start.AddDays(-15),
        Capacity = 10,
        MinimumParticipants = 6,
        TakenDepartment = taken,
        TakenExternal = 0,
        TakenOpen = 0,
        UnusedDepartment = 0,
        UnusedExternal = 0,
        FreeOpen = 0,
        Held = 0,
        Cancelled = 0,
        CancelledLate = 0,
    };
}
