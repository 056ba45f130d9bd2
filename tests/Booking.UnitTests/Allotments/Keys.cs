using System.Globalization;
using System.Numerics;
using Booking.Data.Allotments;

namespace Booking.UnitTests.Allotments;

/// <summary>Departments named A00, A01, ... with the given weights, and years made of runs.</summary>
internal static class Keys
{
    internal static DepartmentClaim[] Of(params int[] weights) =>
        [.. weights.Select((weight, index) => new DepartmentClaim { Code = Code(index), Weight = weight })];

    internal static string Code(int index) => "A" + index.ToString("00", CultureInfo.InvariantCulture);

    internal static int[] Seats(this ApportionmentResult result) => [.. result.Departments.Select(share => share.Seats)];

    /// <summary>The departments with their accounts as this run left them.</summary>
    internal static DepartmentClaim[] Next(this ApportionmentResult result) =>
        [.. result.Departments.Select(share => share.Department with
        {
            Entitled = share.EntitledAfter,
            GuaranteedSeats = share.GuaranteedAfter,
        })];

    internal static Fraction LargestCarry(this ApportionmentResult result) =>
        result.Departments.Max(share => share.CarryAfter.Abs());

    internal static int[] TextbookSeats(int[] weights, int seats) =>
        [.. weights.Select((_, index) => Textbook(weights, seats).Count(winner => winner == index))];

    /// <summary>
    /// Sainte-Laguë as every textbook has it: the largest weight / (2 x seats + 1) wins the next seat. Ties as agreed.
    /// Written without looking at the product's code, and without its carry-over or quota guard.
    /// </summary>
    internal static List<int> Textbook(int[] weights, int seats)
    {
        var won = new int[weights.Length];
        var order = new List<int>();
        while (order.Count < seats)
        {
            var best = Enumerable.Range(0, weights.Length)
                .Where(index => weights[index] > 0)
                .Aggregate((left, right) =>
                {
                    var difference = ((long)weights[left] * ((2 * won[right]) + 1)) - ((long)weights[right] * ((2 * won[left]) + 1));
                    return difference > 0 || (difference == 0 && won[left] <= won[right]) ? left : right;
                });
            won[best]++;
            order.Add(best);
        }

        return order;
    }

    /// <summary>Whether nobody is ever a full seat off the exact share while the seats are given in this order.</summary>
    internal static bool KeepsQuota(int[] weights, List<int> order)
    {
        var total = weights.Sum(weight => (long)weight);
        var won = new int[weights.Length];
        for (var seats = 1; seats <= order.Count; seats++)
        {
            won[order[seats - 1]]++;
            if (weights.Where((weight, index) => BigInteger.Abs(((BigInteger)weight * seats) - ((BigInteger)won[index] * total)) >= total).Any())
            {
                return false;
            }
        }

        return true;
    }
}
