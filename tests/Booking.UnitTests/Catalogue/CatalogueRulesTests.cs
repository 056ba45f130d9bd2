using Booking.Data.Catalogue;
using Booking.Data.Runs;
using Xunit;

namespace Booking.UnitTests.Catalogue;

public sealed class CatalogueRulesTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 11, 7, 0, 0, TimeSpan.Zero);
    private static readonly SeatViewer Department = new() { DepartmentIds = [1] };

    [Theory]
    [InlineData(0, 0, RunAvailability.Full)]
    [InlineData(1, 0, RunAvailability.FewSeats)]
    [InlineData(0, 3, RunAvailability.FewSeats)]
    [InlineData(2, 2, RunAvailability.SeatsLeft)]
    public void A_department_counts_its_own_and_the_open_seats(int own, int open, RunAvailability expected) =>
        Assert.Equal(expected, RunAvailabilityRules.For(Run(own: own, open: open, external: 9, others: 9), Department, Now));

    [Theory]
    [InlineData(false, RunAvailability.NotForViewer)]
    [InlineData(true, RunAvailability.SeatsLeft)]
    public void A_stranger_counts_seats_of_courses_for_other_sectors_only(bool crossSector, RunAvailability expected) =>
        Assert.Equal(
            expected,
            RunAvailabilityRules.For(Run(external: 5, open: 5, others: 5) with { IsCrossSector = crossSector }, SeatViewer.Stranger, Now));

    [Fact]
    public void The_first_reason_that_holds_is_told()
    {
        var run = Run(own: 5);

        Assert.Equal(RunAvailability.Cancelled, For(run with { Status = RunStatuses.Cancelled, StartsAt = Now.AddDays(-1) }));
        Assert.Equal(RunAvailability.Started, For(run with { StartsAt = Now }));
        Assert.Equal(RunAvailability.Closed, For(run with { SignUpClosesAt = Now }));
        Assert.Equal(RunAvailability.NotYetOpen, For(run with { SignUpOpensAt = Now.AddMinutes(1) }));
        Assert.Equal(RunAvailability.SeatsLeft, For(run with { SignUpOpensAt = Now }));
    }

    [Fact]
    public void Travel_is_the_weighted_way_there_and_back()
    {
        // Aalborg to Thisted is 75 km as the crow flies.
        TravelPoint aalborg = new() { Latitude = 57.0488, Longitude = 9.9217, Weight = 1 };
        TravelPoint thisted = new() { Latitude = 56.9552, Longitude = 8.6949, Weight = 3 };

        var saving = TravelSaving.Estimate(new TravelFacts { From = [aalborg, thisted], To = [aalborg] }, 0.12)!;

        Assert.Equal(75.2, TravelSaving.Distance(aalborg, thisted), 0.5);
        Assert.Equal(75.2 * 0.75 * 2 * 1.3, saving.Kilometres, 1.0);
        Assert.Equal(saving.Kilometres * 0.12, saving.KilogramsCo2, 6);
        Assert.Equal(0, TravelSaving.Distance(aalborg, aalborg), 9);
    }

    [Fact]
    public void Travel_from_or_to_nowhere_is_not_estimated() =>
        Assert.Null(TravelSaving.Estimate(new TravelFacts { From = [], To = [] }, 0.12));

    private static RunAvailability For(CatalogueRun run) => RunAvailabilityRules.For(run, Department, Now);

    private static CatalogueRun Run(int own = 0, int others = 0, int external = 0, int open = 0) => new()
    {
        RunId = 1,
        Code = "H1",
        CourseId = 1,
        CourseCode = "K1",
        Status = RunStatuses.Published,
        TimeZone = "Europe/Copenhagen",
        StartsAt = Now.AddDays(60),
        EndsAt = Now.AddDays(60).AddHours(7),
        VenueName = "Psykiatriens Hus",
        SignUpOpensAt = Now.AddDays(-60),
        SignUpClosesAt = Now.AddDays(57),
        Capacity = 20,
        IsCrossSector = false,
        OwnFree = own,
        OthersFree = others,
        ExternalFree = external,
        OpenFree = open,
    };
}
