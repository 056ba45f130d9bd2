using Booking.Data.Allotments;
using Xunit;

namespace Booking.UnitTests.Allotments;

public sealed class ApportionmentTests
{
    [Fact]
    public void Share_weights_6_6_2_with_10_seats_ends_in_a_three_way_tie_that_fewest_guaranteed_decides()
    {
        var result = Apportionment.Share(Keys.Of(6, 6, 2), 10);

        Assert.Equal([4, 4, 2], result.Seats());
        var last = result.Awards[^1];
        Assert.Equal((10, "A02", AwardReason.FewestGuaranteed), (last.Number, last.Code, last.Reason));

        // At the tenth seat the entitlements are 30/7, 30/7 and 10/7 with 4, 4 and 1 seats given: all three are equal.
        Assert.Equal([new(30, 7 * 9), new(30, 7 * 9), new(10, 7 * 3)], new Fraction[] { last.Quotient, new(30, 63), new(10, 21) });
    }

    [Theory]
    [InlineData(0, "A02")]
    [InlineData(1, "A02")]
    [InlineData(2, "A02")]
    public void Share_weights_6_6_2_gives_the_tied_seat_to_the_same_department_in_any_order(int rotation, string winner)
    {
        var claims = Keys.Of(6, 6, 2);
        var result = Apportionment.Share([.. claims[rotation..], .. claims[..rotation]], 10);

        Assert.Equal(winner, result.Awards[^1].Code);
        Assert.Equal([4, 4, 2], result.Seats());
    }

    [Fact]
    public void Share_equal_departments_and_one_seat_goes_to_the_first_code()
    {
        var result = Apportionment.Share(Keys.Of(1, 1, 1), 1);

        Assert.Equal([1, 0, 0], result.Seats());
        Assert.Equal(AwardReason.Code, result.Awards[0].Reason);
    }

    [Theory]
    [InlineData(new[] { 53, 24, 23 }, 7, new[] { 3, 2, 2 })]
    [InlineData(new[] { 100, 80, 30, 20 }, 8, new[] { 3, 3, 1, 1 })]
    [InlineData(new[] { 41, 33, 19, 7 }, 10, new[] { 4, 3, 2, 1 })]
    [InlineData(new[] { 47, 16, 15, 12, 10 }, 10, new[] { 5, 2, 1, 1, 1 })]
    public void Share_without_history_gives_the_textbook_result(int[] weights, int seats, int[] expected)
    {
        Assert.Equal(expected, Keys.TextbookSeats(weights, seats));
        Assert.Equal(expected, Apportionment.Share(Keys.Of(weights), seats).Seats());
    }

    [Fact]
    public void Share_weight_0_gets_0_and_keeps_its_account()
    {
        var claims = Keys.Of(5, 0, 3);
        claims[1] = claims[1] with { MinimumSeats = 2, Entitled = new Fraction(7, 2), GuaranteedSeats = 3 };
        var result = Apportionment.Share(claims, 8);

        Assert.Equal([5, 0, 3], result.Seats());
        Assert.Equal(new Fraction(1, 2), result.Departments[1].CarryAfter);
    }

    [Fact]
    public void Share_without_any_weight_gives_every_seat_to_the_open_pool()
    {
        var result = Apportionment.Share(Keys.Of(0, 0), 12);

        Assert.Equal(ApportionmentOutcome.NoWeights, result.Outcome);
        Assert.Equal(12, result.OpenSeats);
        Assert.Empty(result.Awards);
        Assert.Equal(12, Apportionment.Share([], 12).OpenSeats);
    }

    [Fact]
    public void Share_fewer_seats_than_departments_reaches_every_department_over_the_year()
    {
        var claims = Keys.Of(1, 1, 1, 1, 1, 1, 1);
        var reached = new int[7];
        for (var run = 0; run < 7; run++)
        {
            var result = Apportionment.Share(claims, 3);
            Assert.Equal(3, result.Seats().Sum());
            reached = [.. reached.Zip(result.Seats(), (before, seats) => before + seats)];
            claims = result.Next();
        }

        Assert.Equal([3, 3, 3, 3, 3, 3, 3], reached);
    }

    [Fact]
    public void Share_carries_what_rounding_took_to_the_next_run()
    {
        var first = Apportionment.Share(Keys.Of(5, 1), 2);
        var second = Apportionment.Share(first.Next(), 2);

        Assert.Equal([2, 0], first.Seats());
        Assert.Equal(new Fraction(1, 3), second.Departments[1].CarryBefore);
        Assert.Equal(new Fraction(2, 3), second.Departments[1].Claim);
        Assert.Equal([1, 1], second.Seats());
        Assert.Equal(new Fraction(-1, 3), second.Departments[1].CarryAfter);
    }

    [Fact]
    public void Share_minimums_come_first_and_the_carry_pays_for_them()
    {
        var claims = Keys.Of(90, 5, 5);
        claims[2] = claims[2] with { MinimumSeats = 1 };
        var first = Apportionment.Share(claims, 10);
        var second = Apportionment.Share([.. first.Next().Select(claim => claim with { MinimumSeats = 0 })], 10);

        Assert.Equal(("A02", AwardReason.Minimum), (first.Awards[0].Code, first.Awards[0].Reason));
        Assert.Equal([9, 0, 1], first.Seats());
        Assert.Equal([9, 1, 0], second.Seats());
    }

    [Fact]
    public void Share_minimums_that_do_not_fit_are_refused_with_the_arithmetic()
    {
        var claims = Keys.Of(6, 6, 2);
        var result = Apportionment.Share([.. claims.Select(claim => claim with { MinimumSeats = 4 })], 10);

        Assert.Equal(ApportionmentOutcome.MinimumsDoNotFit, result.Outcome);
        Assert.Equal((12L, 10), (result.MinimumSeats, result.Seats));
        Assert.Equal([0, 0, 0], result.Seats());
        Assert.Equal(new Fraction(30, 7), result.Departments[0].Share);
    }

    [Fact]
    public void Share_skewed_weights_stays_within_a_seat_where_plain_Sainte_Lague_does_not()
    {
        int[] weights = [915, 17, 17, 17, 17, 17];
        Assert.False(Keys.KeepsQuota(weights, Keys.Textbook(weights, 100)));

        var claims = Keys.Of(weights);
        var reasons = new HashSet<AwardReason>();
        for (var run = 0; run < 200; run++)
        {
            var result = Apportionment.Share(claims, 1 + (run % 30));
            Assert.True(result.LargestCarry() < 1, $"run {run}: {result.LargestCarry()}");
            reasons.UnionWith(result.Awards.Select(award => award.Reason));
            claims = result.Next();
        }

        Assert.Contains(AwardReason.Quota, reasons);
    }

    [Fact]
    public void ShareAddedSeats_gives_only_the_added_seats_and_no_minimum_again()
    {
        var claims = Keys.Of(6, 6, 2);
        claims[2] = claims[2] with { MinimumSeats = 2 };
        var published = Apportionment.Share(claims, 10);
        var added = Apportionment.ShareAddedSeats(published.Next(), 4);

        Assert.Equal([4, 4, 2], published.Seats());
        Assert.Equal([2, 2, 0], added.Seats());
        Assert.Equal(Fraction.Zero, added.LargestCarry());
    }

    [Fact]
    public void Share_a_code_twice_or_a_negative_number_is_a_bug()
    {
        Assert.Throws<ArgumentException>(() => Apportionment.Share([.. Keys.Of(1), .. Keys.Of(1)], 1));
        Assert.Throws<ArgumentException>(() => Apportionment.Share(Keys.Of(-1), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Apportionment.Share(Keys.Of(1), -1));
    }
}
