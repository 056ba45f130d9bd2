using Booking.Data.Allotments;
using Xunit;

namespace Booking.UnitTests.Allotments;

public sealed class FractionTests
{
    [Fact]
    public void Fraction_is_kept_in_lowest_terms() =>
        Assert.Equal(("-3/4", "4", "0"), (new Fraction(-6, 8).ToString(), new Fraction(8, 2).ToString(), default(Fraction).ToString()));

    [Fact]
    public void Fraction_adds_subtracts_and_compares_exactly()
    {
        Assert.Equal(new Fraction(5, 6), new Fraction(1, 2) + new Fraction(1, 3));
        Assert.Equal(new Fraction(-1, 6), new Fraction(1, 3) - new Fraction(1, 2));
        Assert.True(new Fraction(1, 3) < new Fraction(334, 1000) && new Fraction(1, 3) > new Fraction(333, 1000));
    }

    [Theory]
    [InlineData(30, 7, 4.286)]
    [InlineData(-1, 3, -0.333)]
    [InlineData(1, 2000, 0.001)]
    [InlineData(-1, 2000, -0.001)]
    [InlineData(0, 5, 0)]
    public void Round_to_three_decimals_takes_halves_away_from_zero(int numerator, int denominator, double expected) =>
        Assert.Equal((decimal)expected, new Fraction(numerator, denominator).Round(3));

    [Fact]
    public void Fraction_without_a_positive_denominator_is_a_bug() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Fraction(1, 0));
}
