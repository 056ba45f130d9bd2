using Booking.Data.Bookings;
using Xunit;

namespace Booking.UnitTests.Bookings;

public sealed class EanTests
{
    [Theory]
    [InlineData("5790000123452", "5790000123452")]
    [InlineData(" 5790 0001 2345 2 ", "5790000123452")]
    [InlineData("4006381333931", "4006381333931")]
    [InlineData("5790000123456", null)]
    [InlineData("579000012345", null)]
    [InlineData("57900001234520", null)]
    [InlineData("57900001234５2", null)]
    [InlineData("abc", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Ean_is_thirteen_digits_with_a_right_check_digit(string? typed, string? expected) =>
        Assert.Equal(expected, Ean.Parse(typed));

    [Fact]
    public void Ean_with_any_single_wrong_digit_is_refused()
    {
        const string right = "5790000123452";
        for (var position = 0; position < 13; position++)
        {
            foreach (var digit in "0123456789".Where(digit => digit != right[position]))
            {
                Assert.Null(Ean.Parse(right.Remove(position, 1).Insert(position, digit.ToString())));
            }
        }
    }
}
