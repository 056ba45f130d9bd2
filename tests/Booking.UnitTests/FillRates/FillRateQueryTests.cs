using Booking.Data.FillRates;
using Booking.Web.FillRates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace Booking.UnitTests.FillRates;

public sealed class FillRateQueryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("?year=2027&when=upcoming&area=care&form=online&month=3&q=angst%20%26%20%C3%A6ngstelse&days=14&view=will-not-fill&sort=start&dir=desc&page=2")]
    [InlineData("?sort=unused")]
    [InlineData("?sort=unused&dir=asc")]
    [InlineData("?sort=attention&dir=desc")]
    public void Address_says_everything_and_only_what_differs_from_the_default(string query) =>
        Assert.Equal("/hr/fill-rates" + query, Parse(query).ToUrl("/hr/fill-rates"));

    [Theory]
    [InlineData("?year=99999999999999&month=13&days=-1&page=0&sort=drop%20table&dir=sideways&view=x&when=&area=x&form=")]
    [InlineData("?year=&year=2027&month=%C2%BD&q=%00%0D%0A%20&page=%D9%A3")]
    public void Nonsense_is_as_if_it_were_not_there(string query) =>
        Assert.Equal("/hr/fill-rates", Parse(query).ToUrl("/hr/fill-rates"));

    [Fact]
    public void Text_is_cut_and_cleaned()
    {
        Assert.Equal("a b", Parse("?q=a%00b").Text);
        Assert.Equal(100, Parse("?q=" + new string('x', 5000)).Text.Length);
    }

    [Fact]
    public void Column_begins_with_what_one_looks_for_and_turns_round_at_the_second_click()
    {
        var first = Parse("?page=3&view=unused").SortedBy(FillRateColumn.Unused);

        Assert.Equal("/hr/fill-rates?view=unused&sort=unused", first.ToUrl("/hr/fill-rates"));
        Assert.True(first.Order.IsDescending);
        Assert.Equal("/hr/fill-rates?view=unused&sort=unused&dir=asc", first.SortedBy(FillRateColumn.Unused).ToUrl("/hr/fill-rates"));
    }

    private static FillRateQuery Parse(string query) =>
        FillRateQuery.Parse(new QueryCollection(QueryHelpers.ParseQuery(query)));
}
