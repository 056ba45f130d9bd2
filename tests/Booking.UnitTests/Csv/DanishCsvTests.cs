using System.Text;
using Booking.Web.Csv;
using Xunit;

namespace Booking.UnitTests.Csv;

public sealed class DanishCsvTests
{
    [Fact]
    public void File_opens_in_danish_excel_byte_order_mark_semicolon_decimal_comma_and_crlf()
    {
        var bytes = new DanishCsv().Text("Kursus på Sjælland").Number(12000).Fraction(-66.66m, 1).Date(new DateOnly(2027, 3, 5))
            .DateTime(new DateTimeOffset(2027, 7, 1, 6, 30, 0, TimeSpan.Zero), "Europe/Copenhagen").EndRow().ToBytes();

        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        Assert.Equal("Kursus på Sjælland;12000;-66,7;05-03-2027;01-07-2027 08:30\r\n", Encoding.UTF8.GetString(bytes[3..]));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+4512345678", "'+4512345678")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("=cmd|' /C calc'!A0;x", "\"'=cmd|' /C calc'!A0;x\"")]
    public void Text_that_would_run_as_a_formula_is_made_harmless(string typed, string written) => Assert.Equal(written, Written(typed));

    [Theory]
    [InlineData("Samtale; motiverende", "\"Samtale; motiverende\"")]
    [InlineData("Det \"lærte\"", "\"Det \"\"lærte\"\"\"")]
    [InlineData("to\nlinjer", "\"to\nlinjer\"")]
    [InlineData("1 = 1, 2 - 1", "1 = 1, 2 - 1")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Text_is_quoted_only_when_it_must_be(string? typed, string written) => Assert.Equal(written, Written(typed));

    [Fact]
    public void Negative_numbers_stay_numbers_and_nothing_is_an_empty_cell() =>
        Assert.Equal("-3;;0,0\r\n", Content(new DanishCsv().Number(-3).Number(null).Fraction(0, 1).EndRow()));

    private static string Written(string? typed) => Content(new DanishCsv().Text(typed).EndRow())[..^2];

    private static string Content(DanishCsv csv) => Encoding.UTF8.GetString(csv.ToBytes().AsSpan(3));
}
