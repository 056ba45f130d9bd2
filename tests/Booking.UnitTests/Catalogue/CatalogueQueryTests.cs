using Booking.Data.Catalogue;
using Booking.Web.Catalogue;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace Booking.UnitTests.Catalogue;

public sealed class CatalogueQueryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("?q=p%C3%A5r%C3%B8rende&focus=care&focus=leadership&form=online&sector=other&month=2027-03&town=Br%C3%B8nderslev&seats=1&sort=title&page=3")]
    [InlineData("?q=a&sort=date")]
    [InlineData("?sort=seats&page=2")]
    public void An_address_survives_reading_and_writing(string query) =>
        Assert.Equal("/courses" + query, CatalogueQuery.Url(Read(query)));

    [Theory]
    [InlineData("?focus=nonsense&form=&sector=%27%3B--&month=2027-13&month=x&sort=up&page=-1&seats=2")]
    [InlineData("?page=99999999999999999999&month=&town=&q=%20%20")]
    [InlineData("?q=%00%01%1F&town=%00&page=1e3&sort[]=x&=&&&")]
    public void Nonsense_asks_for_nothing(string query)
    {
        var filter = Read(query);

        Assert.False(filter.IsNarrowed);
        Assert.Equal(1, filter.Page);
        Assert.Equal(CatalogueSort.NextRun, filter.Sort);
    }

    [Fact]
    public void Long_and_many_values_are_cut()
    {
        var towns = string.Join('&', Enumerable.Range(0, 500).Select(n => $"town=By{n}"));

        var filter = Read($"?q={new string('x', 5000)}&{towns}");

        Assert.Equal(100, filter.Text.Length);
        Assert.InRange(filter.Towns.Count, 1, 48);
    }

    [Fact]
    public void Filters_that_ask_the_same_have_one_key()
    {
        Assert.Equal(Read("?focus=care&focus=career&town=B&town=A").ToKey(), Read("?town=A&town=B&focus=career&focus=care").ToKey());
        Assert.NotEqual(Read("?town=A").ToKey(), Read("?q=A").ToKey());
    }

    private static CatalogueFilter Read(string query) => CatalogueQuery.Read(new QueryCollection(QueryHelpers.ParseQuery(query)));
}
