using Booking.Data.Catalogue;
using Booking.Web.Localisation;
using Microsoft.Extensions.Localization;

namespace Booking.Web.Catalogue;

/// <summary>Stored values as words on the screen.</summary>
public static class CatalogueWords
{
    /// <summary>One value of one filter.</summary>
    /// <param name="texts">The screen's texts.</param>
    /// <param name="facet">One of <see cref="Facets"/>.</param>
    /// <param name="value">As stored.</param>
    public static string Of(this IStringLocalizer<Strings> texts, string facet, string value)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return facet switch
        {
            Facets.FocusArea => texts[$"FocusArea.{value}"],
            Facets.Form => texts[$"Form.{value}"],
            Facets.Sector => texts[$"Sector.{value}"],
            Facets.Seats => texts["Catalogue.OnlyWithSeats"],
            Facets.Month when CatalogueQuery.ParseMonth(value) is { } month => Capital(DisplayFormat.Current.Month(month)),
            _ => value,
        };
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
