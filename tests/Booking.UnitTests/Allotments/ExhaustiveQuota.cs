namespace Booking.UnitTests.Allotments;

/// <summary>Sainte-Laguë's order within the quota by brute force: for every seat and every candidate, every later house size.</summary>
internal static class ExhaustiveQuota
{
    internal static List<int> Order(int[] weights)
    {
        var total = weights.Sum();
        var won = new int[weights.Length];
        var order = new List<int>();
        for (var house = 0; house < total; house++)
        {
            var best = -1;
            for (var index = 0; index < weights.Length; index++)
            {
                if (MayHave(weights, won, house, index) && (best < 0 || IsBefore(weights, won, index, best)))
                {
                    best = index;
                }
            }

            won[best]++;
            order.Add(best);
        }

        return order;
    }

    private static bool MayHave(int[] weights, int[] won, int house, int candidate)
    {
        var total = weights.Sum();
        if (won[candidate] * total >= weights[candidate] * (house + 1))
        {
            return false;
        }

        int[] after = [.. won.Select((seats, index) => index == candidate ? seats + 1 : seats)];
        return Enumerable.Range(house + 1, 2 * total).All(later =>
            weights.Select((weight, index) => Math.Max(0, (weight * later / total) - after[index])).Sum() <= later - house - 1);
    }

    private static bool IsBefore(int[] weights, int[] won, int left, int right)
    {
        var difference = (weights[left] * ((2 * won[right]) + 1)) - (weights[right] * ((2 * won[left]) + 1));
        return difference > 0 || (difference == 0 && won[left] < won[right]);
    }
}
