using System.Numerics;

namespace Booking.Data.Allotments;

/// <summary>
/// The distribution key: shares the seats of one run among departments by Sainte-Laguë over the plan year, with
/// what rounding took or gave in earlier runs carried over. Pure and exact: whole numbers only, no clock, no chance.
/// The method and its sources stand in docs/adr/0003-distribution-key.md.
/// </summary>
public static class Apportionment
{
    /// <summary>Shares the seats of a run that is being published.</summary>
    /// <param name="departments">Every department of the plan year's key, in any order, each code once.</param>
    /// <param name="seats">Seats to share: capacity minus the external seats.</param>
    /// <exception cref="ArgumentException">A code stands twice, or a number is negative.</exception>
    public static ApportionmentResult Share(IReadOnlyCollection<DepartmentClaim> departments, int seats)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seats);
        var claims = departments.OrderBy(claim => claim.Code, StringComparer.Ordinal).ToArray();
        Check(claims);
        var sharing = claims.Where(claim => claim.Weight > 0).ToArray();
        var totalWeight = sharing.Sum(claim => (long)claim.Weight);
        if (totalWeight == 0)
        {
            return Result(ApportionmentOutcome.NoWeights, claims, seats, totalWeight, []);
        }

        if (sharing.Sum(claim => (long)claim.MinimumSeats) > seats)
        {
            return Result(ApportionmentOutcome.MinimumsDoNotFit, claims, seats, totalWeight, []);
        }

        return Result(ApportionmentOutcome.Shared, claims, seats, totalWeight, Award(sharing, seats, totalWeight));
    }

    /// <summary>
    /// Shares only the seats that were added to a published run. Nothing already guaranteed is looked at again, and a
    /// department's minimum was met when the run was published, so it is not given twice.
    /// </summary>
    /// <param name="departments">The departments with their accounts as they are now, this run's first seats included.</param>
    /// <param name="addedSeats">How many seats were added.</param>
    public static ApportionmentResult ShareAddedSeats(IReadOnlyCollection<DepartmentClaim> departments, int addedSeats) =>
        Share([.. departments.Select(claim => claim with { MinimumSeats = 0 })], addedSeats);

    private static void Check(DepartmentClaim[] claims)
    {
        for (var index = 0; index < claims.Length; index++)
        {
            var claim = claims[index];
            if (index > 0 && claims[index - 1].Code == claim.Code)
            {
                throw new ArgumentException($"Department {claim.Code} stands twice.", nameof(claims));
            }

            if (claim.Weight < 0 || claim.MinimumSeats < 0 || claim.GuaranteedSeats < 0 || claim.Entitled < 0)
            {
                throw new ArgumentException($"Department {claim.Code} has a negative number.", nameof(claims));
            }
        }
    }

    /// <summary>
    /// Picks the smallest number type that cannot overflow: plain 64 bits for a year with one key, big integers after
    /// many changes of it. The arithmetic is the same code and just as exact in all three.
    /// </summary>
    private static SeatAward[] Award(DepartmentClaim[] claims, int seats, long totalWeight)
    {
        var unit = claims.Aggregate(new BigInteger(totalWeight), (common, claim) => LeastCommonMultiple(common, claim.Entitled.Denominator));
        var mostGuaranteed = claims.Max(claim => claim.GuaranteedSeats) + (long)seats;
        var mostEntitled = claims.Max(claim => claim.Entitled.Numerator * (unit / claim.Entitled.Denominator));
        var mostReached = mostEntitled + (unit * (seats + SeatSharing<long>.Horizon));
        var bits = (BigInteger.Max(mostReached, unit * mostGuaranteed) * ((2 * mostGuaranteed) + 3)).GetBitLength();
        return bits switch
        {
            < 63 => new SeatSharing<long>(claims, unit, totalWeight).Run(seats),
            < 127 => new SeatSharing<Int128>(claims, unit, totalWeight).Run(seats),
            _ => new SeatSharing<BigInteger>(claims, unit, totalWeight).Run(seats),
        };
    }

    private static BigInteger LeastCommonMultiple(BigInteger left, BigInteger right) =>
        left == right ? left : left / BigInteger.GreatestCommonDivisor(left, right) * right;

    private static ApportionmentResult Result(
        ApportionmentOutcome outcome, DepartmentClaim[] claims, int seats, long totalWeight, SeatAward[] awards)
    {
        var given = awards.CountBy(award => award.Code).ToDictionary();
        return new ApportionmentResult
        {
            Outcome = outcome,
            Seats = seats,
            TotalWeight = totalWeight,
            OpenSeats = outcome == ApportionmentOutcome.NoWeights ? seats : 0,
            Departments = [.. claims.Select(claim => new DepartmentShare
            {
                Department = claim,
                Share = totalWeight == 0 ? Fraction.Zero : new Fraction((BigInteger)claim.Weight * seats, totalWeight),
                Seats = given.GetValueOrDefault(claim.Code),
            })],
            Awards = awards,
        };
    }
}
