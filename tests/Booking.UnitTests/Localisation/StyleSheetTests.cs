using Xunit;

namespace Booking.UnitTests.Localisation;

/// <summary>A lost brace switches off everything below it, and no compiler says so.</summary>
public sealed class StyleSheetTests
{
    [Fact]
    public void Every_rule_of_the_sites_style_sheet_is_closed()
    {
        var depth = 0;
        foreach (var (line, number) in File.ReadAllLines(Path.Combine(StringsTests.Web, "wwwroot", "css", "site.css")).Select((l, n) => (l, n + 1)))
        {
            Assert.False(line.Length > 0 && !char.IsWhiteSpace(line[0]) && line[0] != '}' && depth > 0, $"Line {number} stands inside the rule above it.");
            depth += line.Count(c => c == '{') - line.Count(c => c == '}');
        }

        Assert.Equal(0, depth);
    }
}
