using Booking.Data.Runs;
using Booking.TestSupport;
using Xunit;

namespace Booking.DatabaseTests.Runs;

/// <summary>What the page of a reservation reads at once: each department sees its own free seats and the open ones.</summary>
public sealed class RunToReserveTests
{
    [Fact]
    public async Task Each_department_has_its_own_free_seats_and_everybody_the_open_ones()
    {
        await using var given = await RunCase.CreateAsync();
        await given.Data.AddSeatsAsync(given.Run, 3, given.A);
        await given.Data.AddSeatsAsync(given.Run, 1, given.B);
        await given.Data.AddSeatsAsync(given.Run, 2, pool: "external");
        await given.Data.AddSeatsAsync(given.Run, 4);
        await given.ReserveAsync(given.A);
        var runs = given.Database.Get<RunRepository>();

        var both = (await runs.FindToReserveAsync("H-1", [given.A, given.B], CancellationToken.None))!;
        var onlyB = (await runs.FindToReserveAsync("H-1", [given.B], CancellationToken.None))!;

        Assert.Equal(["A", "B"], both.Departments.Select(department => department.Code));
        Assert.Equal((2, 4), (both.Left(given.A).Own, both.Left(given.A).Open));
        Assert.Equal((1, 4), (both.Left(given.B).Own, both.Left(given.B).Open));
        Assert.Equal(["B"], onlyB.Departments.Select(department => department.Code));
        Assert.Equal(0, onlyB.Left(given.A).Own);
        Assert.Null(await runs.FindToReserveAsync("H-9", [given.A], CancellationToken.None));
    }
}
