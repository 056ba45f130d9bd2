namespace Booking.Web.Catalogue;

/// <summary>Section <c>Catalogue</c> of the configuration.</summary>
public sealed class CatalogueOptions
{
    /// <summary>
    /// For how long numbers are kept, in seconds: once as data and once as a finished page for strangers, so what is seen is at
    /// most twice as old. 0 keeps nothing.
    /// </summary>
    public double CacheSeconds { get; set; } = 1;
}

/// <summary>Section <c>Climate</c> of the configuration.</summary>
public sealed class ClimateOptions
{
    /// <summary>
    /// What one kilometre alone in a car gives off, in kilograms of CO2. Source of 0.12: European Environment Agency, mean of new
    /// passenger cars registered in Europe in 2019 (122.3 g/km, from the tank only). A region's own figure goes before it.
    /// </summary>
    public double KilogramsPerKilometre { get; set; } = 0.12;
}
