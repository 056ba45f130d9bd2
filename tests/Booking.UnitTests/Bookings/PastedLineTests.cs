using Booking.Data.Bookings;
using Xunit;

namespace Booking.UnitTests.Bookings;

public sealed class PastedLineTests
{
    [Theory]
    [InlineData("Bo Bæk; bo@example.org", "Bo Bæk", "bo@example.org", null)]
    [InlineData("Bo  Bæk\tBO@Example.org", "Bo Bæk", "bo@example.org", null)]
    [InlineData("\"Bæk, Bo\" <bo@example.org>", "Bæk Bo", "bo@example.org", null)]
    [InlineData("bo@example.org", null, "bo@example.org", null)]
    [InlineData("1007", null, null, "1007")]
    [InlineData("1007; Bo Bæk", "Bo Bæk", null, "1007")]
    [InlineData("m1002@example.org", null, "m1002@example.org", null)]
    [InlineData("Anne-Marie Ø", "Anne-Marie Ø", null, null)]
    public void Line_is_read_in_the_forms_that_people_paste(string text, string? name, string? email, string? number)
    {
        var line = Assert.Single(PastedLine.Parse(text));

        Assert.Equal(name, line.Name);
        Assert.Equal(email, line.Email);
        Assert.Equal(number, line.EmployeeNumber);
    }

    [Fact]
    public void Empty_lines_are_passed_over_and_repeated_ones_stay() =>
        Assert.Equal(["a", "b", "a"], PastedLine.Parse("a\r\n\r\n  b \n\ta").Select(line => line.Text));

    [Fact]
    public void Hostile_text_is_read_without_trouble()
    {
        var line = Assert.Single(PastedLine.Parse(new string('@', 50_000) + "<script>"));

        Assert.Null(line.Email);
    }
}
