using System.Globalization;
using Booking.Data.Allotments;
using Xunit;

namespace Booking.UnitTests.Allotments;

/// <summary>The plan of 2027 as HR keeps it: its key, and the seats to share in each run in the order of their start.</summary>
public sealed class PlanYearTests(ITestOutputHelper output)
{
    private static readonly (string Code, int Weight)[] Key =
    [
        ("PSN-A", 212), ("PSN-B", 96), ("PSS-A", 248), ("PSS-B", 131), ("PSS-C", 58), ("THY", 64),
        ("BUP-A", 87), ("BUP-B", 119), ("SPC-R", 103), ("SPC-D", 49), ("AKUT", 72), ("STAB", 21),
    ];

    private static readonly int[] SharedSeats =
    [
        40, 56, 30, 10, 24, 36, 16, 26, 30, 24, 18, 28, 30, 28, 26, 20, 18, 16, 24, 16,
        16, 20, 38, 10, 30, 38, 16, 12, 30, 18, 24, 14, 20, 30, 20, 30, 20, 56, 20, 28,
        24, 34, 26, 56, 26, 26, 28, 30, 56, 28, 20, 58, 16, 30, 16, 30, 16, 24, 16, 28,
        20, 20, 36, 12, 26, 16, 20, 28, 22, 20, 14, 36, 20, 30, 58, 24, 30, 30, 16, 40,
        26, 60, 20, 10, 24, 24,
    ];

    [Fact]
    public void Share_over_the_86_runs_of_2027_keeps_every_department_within_a_seat_after_every_run()
    {
        Assert.Equal(86, SharedSeats.Length);
        DepartmentClaim[] claims = [.. Key.Select(department => new DepartmentClaim { Code = department.Code, Weight = department.Weight })];
        var largest = Fraction.Zero;
        foreach (var seats in SharedSeats)
        {
            var result = Apportionment.Share(claims, seats);
            largest = result.LargestCarry() > largest ? result.LargestCarry() : largest;
            claims = result.Next();
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Largest deviation of the year: {largest} = {largest.Round(3)} seats"));
        Assert.True(largest < 1, largest.ToString());
        Assert.Equal(SharedSeats.Sum(), claims.Sum(claim => claim.GuaranteedSeats));
        Assert.All(claims, claim => Assert.True(claim.GuaranteedSeats > 0, claim.Code));
    }

    [Fact]
    public void Share_each_run_of_2027_on_its_own_would_leave_the_smallest_department_far_behind()
    {
        var claims = Key.Select(department => new DepartmentClaim { Code = department.Code, Weight = department.Weight }).ToArray();
        var given = SharedSeats.Sum(seats => Apportionment.Share(claims, seats).Departments.Single(share => share.Code == "STAB").Seats);
        var due = new Fraction(21 * SharedSeats.Sum(), Key.Sum(department => department.Weight));

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"STAB without carry-over: {given} seats of {due.Round(3)} due"));
        Assert.True(due - given > 5, $"{given} of {due}");
    }

    [Fact]
    public void Share_after_a_changed_key_carries_the_old_accounts_and_stays_exact()
    {
        var claims = Keys.Of(6, 6, 2);
        for (var change = 0; change < 12; change++)
        {
            claims = [.. claims.Select((claim, index) => claim with { Weight = 101 + (change * 37 * (index + 1)) })];
            var result = Apportionment.Share(claims, 11);
            Assert.Equal(11, result.Seats().Sum());
            Assert.Equal(Fraction.Zero, result.Departments.Aggregate(Fraction.Zero, (sum, share) => sum + share.CarryAfter));
            Assert.True(result.LargestCarry() < 2, result.LargestCarry().ToString());
            claims = result.Next();
        }
    }
}
